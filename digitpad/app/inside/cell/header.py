"""What stands above the numbers of a cell: the way to it, its name and value, and where to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.inside.cell.blocks.words import decimals_of, kind_name, written
from digitpad.app.inside.cell.crumbs import Crumbs
from digitpad.app.inside.cell.flow import FlowLayout
from digitpad.app.widgets.layout import fill, plain_label, plain_tip

if TYPE_CHECKING:
    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.app.inside.cell.trail import Trail
    from digitpad.recognition.inside.cell_kinds import Explanation


class Header(QWidget):
    """Names a cell.

    Attributes:
        crumbs: the cells on the way to it.
        strongest: the button that leads to what adds most to it.
        pixel: the button that leads down to a pixel.
        title: its name and its value.
    """

    def __init__(self) -> None:
        super().__init__()
        self.crumbs = Crumbs()
        self.title = ""
        self._title = plain_label(bold=True, wrap=True)
        self._kind = plain_label(quiet=True, scale=0.9)
        self.strongest = QPushButton(self.tr("Strongest source"))
        self.strongest.setToolTip(self.tr("Go to the cell that adds most to this one (S)"))
        self.pixel = QPushButton(self.tr("Down to a pixel"))
        self.pixel.setToolTip(
            self.tr("Follow the strongest sources as far as a pixel of your drawing (P)")
        )
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.strongest, self.pixel):
            flow.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        fill(QVBoxLayout(self), self.crumbs, self._title, self._kind, buttons, spacing=4)

    def show_cell(
        self, scene: Scene, found: Explanation, kind: str, trail: Trail, *, has_source: bool
    ) -> None:
        """Show a cell and its value.

        Args:
            scene: the network at work.
            found: how the cell is computed.
            kind: of its layer.
            trail: the cells that were visited.
            has_source: whether anything goes into it.
        """
        value = written(found.value, decimals_of(found.value))
        self.title = self.tr("{cell}: {value}").format(cell=scene.name(found.cell), value=value)
        self._title.setText(self.title)
        self._title.setToolTip(plain_tip(scene.said(found.cell)))
        self._kind.setText(kind_name(kind))
        self.strongest.setEnabled(has_source)
        self.pixel.setEnabled(has_source)
        self.crumbs.show_cells(scene, trail.cells)
