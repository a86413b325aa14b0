"""All blocks of a cell, one below the other. Widgets stay while only numbers change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.inside.cell.blocks.block import Flow, Formula, Grid, Maps, Switch, Text
from digitpad.app.inside.cell.flow import FlowLayout
from digitpad.app.inside.cell.grid import NumberGrid
from digitpad.app.inside.cell.maps import MapsPicture
from digitpad.app.inside.formula import Formula as TypesetFormula
from digitpad.app.widgets.layout import fill, plain_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digitpad.app.inside.cell.blocks.block import Block

    _Part: TypeAlias = "Text | Formula | Switch | Grid | Maps"

_SPACING = 8


class BlocksView(QWidget):
    """Shows blocks.

    Signals:
        followed: the cell that a number or a pixel leads to.
        chosen: what a chosen column stands for.
        switched: the name of a switch, and whether it is on.
    """

    followed = Signal(object)
    chosen = Signal(int)
    switched = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._kinds: list[tuple[object, ...]] = []
        self._shown: list[Callable[[Any], None]] = []
        self._column = fill(QVBoxLayout(self), spacing=_SPACING)

    @property
    def grids(self) -> list[NumberGrid]:
        """The grids of numbers, from top to bottom."""
        return self.findChildren(NumberGrid)

    @property
    def pictures(self) -> list[MapsPicture]:
        """The pictures of maps, from top to bottom."""
        return self.findChildren(MapsPicture)

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other blocks; where they are of the same kinds, nothing but numbers changes."""
        kinds = [_kind(block) for block in blocks]
        if kinds != self._kinds:
            self._rebuild(blocks)
            self._kinds = kinds
        parts = [part for block in blocks for part in _parts(block)]
        for show, part in zip(self._shown, parts, strict=True):
            show(part)

    def _rebuild(self, blocks: Sequence[Block]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._shown = []
        for block in blocks:
            if isinstance(block, Flow):
                row = QWidget()
                flow = FlowLayout(row)
                for part in block.blocks:
                    flow.addWidget(self._made(part))
                policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
                policy.setHeightForWidth(True)
                row.setSizePolicy(policy)
                self._add(row)
            else:
                self._add(self._made(block))
        self._column.addStretch(1)

    def _add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)
        # At once, so that it can have the focus.
        widget.show()

    def focus_numbers(self) -> None:
        """Give the keys to the first numbers that lead somewhere."""
        leading = [one for one in self.grids if one.grid is not None and one.grid.targets]
        for widget in (*leading, *self.pictures):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return

    def _made(self, part: _Part) -> QWidget:
        """A widget for a block; how it shows it is remembered."""
        if isinstance(part, Grid):
            grid = _CaptionedGrid(is_strip=bool(part.choices))
            grid.grid.followed.connect(self.followed)
            grid.grid.chosen.connect(self.chosen)
            return self._remembered(grid, grid.show_block)
        if isinstance(part, Maps):
            maps = _CaptionedMaps()
            maps.maps.followed.connect(self.followed)
            return self._remembered(maps, maps.show_block)
        if isinstance(part, Switch):
            box = _SwitchBox(part.name)
            box.switched.connect(self.switched)
            return self._remembered(box, box.show_block)
        if isinstance(part, Formula):
            lines = _FormulaLines(part)
            return self._remembered(lines, lines.show_block)
        label = plain_label(quiet=part.quiet, wrap=True, scale=0.9 if part.quiet else 1.0)
        return self._remembered(label, lambda block: label.setText(block.text))

    def _remembered(self, widget: QWidget, show: Callable[[Any], None]) -> QWidget:
        self._shown.append(show)
        return widget


def _kind(block: Block) -> tuple[object, ...]:
    """What decides which widgets show a block."""
    if isinstance(block, Flow):
        return (Flow, *(_kind(part) for part in block.blocks))
    if isinstance(block, Grid):
        return Grid, bool(block.choices), block.numbers.shape, bool(block.rows)
    if isinstance(block, Maps):
        return Maps, block.values.shape
    if isinstance(block, Formula):
        return Formula, block.name
    return type(block), isinstance(block, Text) and block.quiet


def _parts(block: Block) -> tuple[_Part, ...]:
    return block.blocks if isinstance(block, Flow) else (block,)


class _FormulaLines(QWidget):
    """A formula, and below it the same with numbers."""

    def __init__(self, block: Formula) -> None:
        super().__init__()
        self._written = None if block.name else plain_label(wrap=True)
        formula = self._written or TypesetFormula(block.name, block.text)
        self._numbers = plain_label(wrap=True)
        self._numbers.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        fill(QVBoxLayout(self), formula, self._numbers, spacing=4)

    def show_block(self, block: Formula) -> None:
        """Show other numbers."""
        if self._written is not None:
            self._written.setText(block.text)
        self._numbers.setText(block.numbers)
        self._numbers.setVisible(bool(block.numbers))


class _SwitchBox(QCheckBox):
    """A check box.

    Signals:
        switched: its name, and whether it is on.
    """

    switched = Signal(str, bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self, is_on: bool) -> None:
        self.switched.emit(self._name, is_on)

    def show_block(self, block: Switch) -> None:
        """Show how it is now."""
        self._name = block.name
        self.setText(block.text)
        self.setToolTip(block.tip)
        self.blockSignals(True)
        self.setChecked(block.is_on)
        self.blockSignals(False)


class _Strip(QScrollArea):
    """A single row that scrolls sideways, as high as its content."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def fit(self) -> None:
        """Be as high as the content and its scroll bar."""
        self._content.resize(self._content.sizeHint())
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self._content.height() + bar)


class _CaptionedGrid(QWidget):
    """A grid below its caption."""

    def __init__(self, *, is_strip: bool) -> None:
        super().__init__()
        self.grid = NumberGrid()
        self._caption = plain_label(quiet=True, scale=0.9, wrap=is_strip)
        self._strip = _Strip(self.grid) if is_strip else None
        fill(QVBoxLayout(self), self._caption, self._strip or self.grid, spacing=2)

    def show_block(self, block: Grid) -> None:
        """Show other numbers."""
        form = self.tr("{sign} {name}") if block.sign else "{name}"
        self._caption.setText(form.format(sign=block.sign, name=block.name))
        self.grid.show_block(block)
        if self._strip is not None:
            self._strip.fit()


class _CaptionedMaps(QWidget):
    """Pictures of maps below their caption."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = MapsPicture()
        self._caption = plain_label(quiet=True, scale=0.9, wrap=True)
        fill(QVBoxLayout(self), self._caption, self.maps, spacing=2)

    def show_block(self, block: Maps) -> None:
        """Show other values."""
        self._caption.setText(block.name)
        self.maps.show_block(block)
