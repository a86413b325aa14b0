"""A grid of numbers that one can walk through by keys, and from which one can follow a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QHelpEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.inside.arrows import ARROWS
from digitpad.app.inside.cell.blocks.block import Mark
from digitpad.app.inside.cell.painting import paint_ring, reveal, show_tip, text_on
from digitpad.app.inside.scale import colours
from digitpad.app.widgets.layout import scaled, widest
from digitpad.app.widgets.theme import quiet_text, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from digitpad.app.inside.cell.blocks.block import Grid, Spot

_GAP, _TIGHT = 5.0, 2.5
"""Beside each number, in device-independent pixels; the latter where there are many columns."""

_MANY = 5


class NumberGrid(QWidget):
    """Shows a `Grid`.

    Arrow keys move, Return or a click follows a number to its cell, or chooses a column where
    columns can be chosen; there, arrow keys choose, too.

    Attributes:
        spot: row and column of the number that has the keys.

    Signals:
        followed: the cell that a number leads to.
        chosen: what the chosen column stands for.
    """

    followed = Signal(object)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.grid: Grid | None = None
        self.spot: Spot = (0, 0)
        self._widths: list[float] = []
        self._names = 0.0
        self.setFont(scaled(self.font(), 0.88))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_block(self, grid: Grid) -> None:
        """Show other numbers."""
        is_alike = self.grid is not None and self.grid.numbers.shape == grid.numbers.shape
        self.grid = grid
        if not is_alike:
            self.spot = (0, 0)
            self._widths = []
        if grid.choices:
            self.spot = next((spot for spot, mark in grid.marks.items() if mark == Mark.CHOSEN))
        self._measure()
        self.setAccessibleName(grid.name)
        self._describe()
        self.update()

    def _measure(self) -> None:
        """Find the widths of the columns. They only grow while numbers change."""
        grid = self.grid
        if grid is None:
            return
        bold = scaled(self.font(), bold=True)
        font = bold if grid.rows or grid.marks else self.font()
        gap = _TIGHT if not grid.rows and len(grid.texts[0]) >= _MANY else _GAP
        widths = [2 * gap + widest(column, font) for column in zip(*grid.texts, strict=True)]
        if grid.columns:
            heads = [2 * _GAP + widest([name], self.font()) for name in grid.columns]
            widths = [max(pair) for pair in zip(widths, heads, strict=True)]
        if not grid.rows:
            widths = [max(widths)] * len(widths)
        before = self._widths or widths
        names = 2 * _GAP + widest(grid.rows, bold) if grid.rows else 0.0
        widths = [max(pair) for pair in zip(widths, before, strict=True)]
        if (widths, names) != (self._widths, self._names):
            self._widths, self._names = widths, names
            self.updateGeometry()

    @property
    def _height(self) -> float:
        """Of a row."""
        return round(QFontMetricsF(self.font()).height() + 6)

    @property
    def _top(self) -> float:
        """Where the first row begins."""
        return 1 + (self._height if self.grid is not None and self.grid.columns else 0)

    def sizeHint(self) -> QSize:
        """Room for all numbers."""
        rows = 0 if self.grid is None else len(self.grid.texts)
        width = self._names + sum(self._widths) + 2
        return QSize(int(width) + 1, int(self._top + rows * self._height) + 2)

    def minimumSizeHint(self) -> QSize:
        """Room for all numbers: none is ever cut."""
        return self.sizeHint()

    def area(self, spot: Spot) -> QRectF:
        """Where a number is."""
        row, column = spot
        left = 1 + self._names + sum(self._widths[:column])
        return QRectF(left, self._top + row * self._height, self._widths[column], self._height)

    def spot_at(self, point: QPointF) -> Spot | None:
        """The row and column at a point; None outside of the numbers."""
        if self.grid is None:
            return None
        row = int((point.y() - self._top) // self._height)
        if not 0 <= row < len(self.grid.texts):
            return None
        if point.x() < 1 + self._names:
            return row, 0  # the name of a row stands for it
        for column in range(len(self._widths)):
            if self.area((row, column)).contains(point):
                return row, column
        return None

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._widths = []
            self._measure()

    def event(self, event: QEvent) -> bool:
        """Tips show all digits of a number."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            spot = self.spot_at(QPointF(event.pos()))
            show_tip(self, event, self.said(spot) if spot else "")
            return True
        return super().event(event)

    def said(self, spot: Spot) -> str:
        """A sentence about a number; "" where there is none."""
        if self.grid is None or not self.grid.texts[spot[0]][spot[1]]:
            return ""
        return self.grid.say(*spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, or follow."""
        key = Qt.Key(event.key())
        if key in ARROWS and self.grid is not None:
            down, right = ARROWS[key]
            self._go(self.spot[0] + down, self.spot[1] + right)
        elif key == Qt.Key.Key_Home:
            self._go(self.spot[0], 0)
        elif key == Qt.Key.Key_End:
            self._go(self.spot[0], len(self._widths) - 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._follow()
        else:
            super().keyPressEvent(event)

    def _go(self, row: int, column: int) -> None:
        if self.grid is None:
            return
        row = min(max(row, 0), len(self.grid.texts) - 1)
        column = min(max(column, 0), len(self._widths) - 1)
        self.spot = (row, column)
        reveal(self, self.area(self.spot).toAlignedRect())
        self._describe()
        self.update()
        if self.grid.choices:
            self.chosen.emit(self.grid.choices[column])

    def _follow(self) -> None:
        if self.grid is None:
            return
        if self.grid.choices:
            self.chosen.emit(self.grid.choices[self.spot[1]])
        elif self.spot in self.grid.targets:
            self.followed.emit(self.grid.targets[self.spot])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow the number under the pointer."""
        spot = self.spot_at(event.position())
        if spot is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._go(*spot)
        if self.grid is not None and not self.grid.choices:
            self._follow()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand shows what can be followed."""
        spot = self.spot_at(event.position())
        leads = (
            self.grid is not None
            and spot is not None
            and (spot in self.grid.targets or bool(self.grid.choices))
        )
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the number that has the keys."""
        super().focusInEvent(event)
        reveal(self, self.area(self.spot).toAlignedRect())
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        if self.grid is not None:
            parts = (self.grid.summary, self.said(self.spot))
            self.setAccessibleDescription("\n".join(part for part in parts if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint names and numbers."""
        if self.grid is None:
            return
        painter = QPainter(self)
        self._paint_names(painter)
        for row in range(len(self.grid.texts)):
            for column in range(len(self._widths)):
                if self.area((row, column)).intersects(QRectF(event.rect())):
                    self._paint_number(painter, (row, column))
        if self.hasFocus():
            paint_ring(painter, self.area(self.spot), self)

    def _paint_names(self, painter: QPainter) -> None:
        grid = self.grid
        if grid is None:
            return
        painter.setPen(quiet_text(self.palette()))
        for column, name in enumerate(grid.columns):
            place = self.area((0, column)).translated(0, -self._height)
            alignment = Qt.AlignmentFlag.AlignRight if grid.rows else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(
                place.adjusted(_GAP, 0, -_GAP, 0), alignment | Qt.AlignmentFlag.AlignVCenter, name
            )
        for row, name in enumerate(grid.rows):
            is_result = grid.marks.get((row, 0)) == Mark.RESULT
            painter.setFont(scaled(self.font(), bold=is_result))
            leads = (row, 0) in grid.targets
            role = QPalette.ColorRole.Link if leads else QPalette.ColorRole.WindowText
            painter.setPen(self.palette().color(role))
            place = QRectF(1 + _GAP, self.area((row, 0)).top(), self._names, self._height)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name
            )

    def _paint_number(self, painter: QPainter, spot: Spot) -> None:
        grid, area = self.grid, self.area(spot)
        if grid is None:
            return
        theme, mark = theme_for(self.palette()), grid.marks.get(spot)
        pen = self.palette().color(QPalette.ColorRole.WindowText)
        if mark == Mark.PADDING:
            painter.fillRect(area, QBrush(theme.muted, Qt.BrushStyle.BDiagPattern))
        elif grid.limit > 0 or not grid.rows:
            rgb = colours(grid.numbers[spot[0] : spot[0] + 1, spot[1]], grid.limit, self.palette())
            ground = QColor(*(int(part) for part in rgb[0]))
            painter.fillRect(area, ground)
            pen = text_on(ground)
        if not grid.rows:
            painter.setPen(QPen(theme.outline, 1))
            painter.drawRect(area)
        elif mark == Mark.RESULT:
            painter.setPen(QPen(theme.muted, 1))
            painter.drawLine(QPointF(1, area.top()), area.topRight())
        painter.setFont(scaled(self.font(), bold=mark in {Mark.RESULT, Mark.CHOSEN}))
        painter.setPen(pen)
        alignment = Qt.AlignmentFlag.AlignRight if grid.rows else Qt.AlignmentFlag.AlignHCenter
        if mark != Mark.PADDING:
            painter.drawText(
                area.adjusted(0, 0, -_GAP, 0) if grid.rows else area,
                alignment | Qt.AlignmentFlag.AlignVCenter,
                grid.texts[spot[0]][spot[1]],
            )
        if mark == Mark.CHOSEN:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.ink, 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
