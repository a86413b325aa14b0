"""The way from the first cell to the present one, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.inside.cell.flow import FlowLayout
from digitpad.app.widgets.controls import FlatButton
from digitpad.app.widgets.layout import plain_item, plain_label, plain_tip, scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.fields import Cell

_MOST = 4
"""How many of the last cells are named."""


class Crumbs(QWidget):
    """A button to go back, and one for each of the last cells.

    Signals:
        wanted: the number of a cell on the way, from 0.
    """

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._cells: list[Cell] = []
        self._first = 0
        self.back = FlatButton(name=self.tr("Back"))
        self.back.setText(self.tr("‹ Back"))
        self.back.setToolTip(self.tr("Go back to the cell before this one (Backspace)"))
        self.back.clicked.connect(lambda: self.wanted.emit(len(self._cells) - 2))
        self.buttons = [FlatButton() for _ in range(_MOST)]
        flow = FlowLayout(self, spacing=0)
        flow.addWidget(self.back)
        self._dots = plain_label("…", quiet=True)
        flow.addWidget(self._dots)
        for number, button in enumerate(self.buttons):
            button.setFont(scaled(button.font(), 0.9))
            button.clicked.connect(
                lambda _=False, number=number: self.wanted.emit(self._first + number)
            )
            flow.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Cells that were visited"))

    def show_cells(self, scene: Scene, cells: Sequence[Cell]) -> None:
        """Show the way; the last cell is the present one."""
        if list(cells) == self._cells:
            return
        self._cells = list(cells)
        self._first = max(len(cells) - 1 - _MOST, 0)
        self.back.setEnabled(len(cells) > 1)
        self._dots.setVisible(self._first > 0)
        before = self._cells[self._first : -1]
        for number, button in enumerate(self.buttons):
            button.setVisible(number < len(before))
            if number < len(before):
                name = scene.name(before[number])
                button.setText(plain_item(before[number].layer))
                button.setToolTip(plain_tip(self.tr("Back to {cell}").format(cell=name)))
                button.setAccessibleName(self.tr("Back to {cell}").format(cell=name))
