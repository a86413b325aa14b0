"""The wall of glyphs of the dataset view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from digitpad.app.widgets.glyph import glyph_rect, glyph_side, paint_glyph
from digitpad.app.widgets.layout import elided, scaled
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.app.widgets.wall import Wall
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from digitpad.data.dataset import Dataset

_Index = QModelIndex | QPersistentModelIndex

_SIDE = 56.0
"""Preferred side of a glyph on the wall, in device-independent pixels."""

_PAD = 4.0
_SPACE = 3.0
"""Gap between a glyph and its label, in device-independent pixels."""

_LABEL_PLACE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)


class GlyphModel(QStringListModel):
    """Glyphs of a dataset, of all classes or of one. The text of each row is its label.

    It overrides no method of the list model: the layout calls those so often that Python would slow
    it down.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._glyphs: NDArray[np.uint8] = np.zeros((0, FIELD, FIELD), np.uint8)
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)

    def show_sample(self, sample: Dataset | None, class_index: int | None = None) -> None:
        """Take the glyphs of one class, or those of all for None."""
        if sample is None:
            self._shown = np.zeros(0, np.int64)
            self.setStringList([])
            return
        if class_index is None:
            self._shown = np.arange(len(sample))
        else:
            self._shown = np.flatnonzero(sample.labels == class_index)
        self._glyphs = sample.glyphs
        self.setStringList([sample.classes[label] for label in sample.labels[self._shown]])

    def glyph(self, row: int) -> NDArray[np.uint8]:
        """The glyph of a row, uint8 (28, 28)."""
        glyph: NDArray[np.uint8] = self._glyphs[self._shown[row]]
        return glyph

    def glyphs(self, first: int, count: int) -> NDArray[np.uint8]:
        """At most `count` glyphs from a row on, uint8 (n, 28, 28)."""
        return self._glyphs[self._shown[first : first + count]]

    def label(self, row: int) -> str:
        """The label of a row's glyph."""
        return str(self.index(row).data())


class _CellDelegate(QStyledItemDelegate):
    """Paints a glyph and its label.

    What all cells share is computed once for each repaint: a wide window has hundreds of cells.
    """

    def __init__(self, view: GlyphWall) -> None:
        super().__init__(view)
        self._view = view
        self._labels: dict[tuple[str, bool], str] = {}
        self.prepare()

    def prepare(self) -> None:
        """Compute sizes, fonts and colours before a repaint."""
        view = self._view
        palette = view.palette()
        self._theme = theme_for(palette)
        self._side = view.side
        self._width = view.gridSize().width()
        self._fonts = scaled(view.font(), 0.9), scaled(view.font(), 0.9, bold=True)
        self._text = quiet_text(palette), palette.color(QPalette.ColorRole.Text)
        self._labels.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The whole cell, so that all of it can be pointed at and clicked."""
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the glyph and its label. A ring marks a cell that is chosen or pointed at."""
        cell = QRectF(option.rect)
        corner = QPointF(cell.center().x() - self._side / 2, cell.top() + _PAD)
        square = glyph_rect(corner, self._side, self._view.viewport())
        paint_glyph(painter, square, self._view.glyph_model.glyph(index.row()))
        state = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.accent if is_chosen else self._theme.muted, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(square.adjusted(-2, -2, 2, 2), 3, 3)
            painter.restore()
        painter.setFont(self._fonts[is_chosen])
        painter.setPen(self._text[is_chosen])
        top = square.bottom() + _SPACE
        room = QRectF(cell.left(), top, cell.width(), cell.bottom() - top)
        painter.drawText(room, _LABEL_PLACE, self._label(index.data(), is_bold=is_chosen))

    def _label(self, name: str, *, is_bold: bool) -> str:
        """As much of a name as fits into the cell."""
        if (name, is_bold) not in self._labels:
            self._labels[name, is_bold] = elided(name, self._fonts[is_bold], self._width - 4)
        return self._labels[name, is_bold]


class GlyphWall(Wall):
    """A grid of thousands of glyphs that scrolls by wheel, bar and keys.

    Typing a label goes to the next glyph with this label.

    Signals:
        pointed_at: the pointer is over the glyph of this row; -1 if it is over none.
        chosen: the glyph of this row was clicked or reached by keys.
    """

    pointed_at = Signal(int)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.glyph_model = GlyphModel(self)
        self.setModel(self.glyph_model)
        self._cells = _CellDelegate(self)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(self.tr("Drawings of the dataset"))
        self.entered.connect(self._on_entered)
        self.fit_grid()

    @property
    def side(self) -> float:
        """Side of a glyph, in device-independent pixels."""
        return glyph_side(_SIDE, self.devicePixelRatioF())

    def show_sample(self, sample: Dataset | None, class_index: int | None = None) -> None:
        """Show the glyphs of one class, or those of all for None, from the beginning."""
        self.pointed_at.emit(-1)
        self.glyph_model.show_sample(sample, class_index)
        self.scrollToTop()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Emit `chosen`."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(current.row())

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed_at.emit(index.row())

    def viewportEvent(self, event: QEvent) -> bool:
        """Emit `pointed_at` when the pointer leaves the wall."""
        if event.type() == QEvent.Type.Leave:
            self.pointed_at.emit(-1)
        return super().viewportEvent(event)

    def least_cell(self) -> tuple[float, int]:
        """A glyph and its label."""
        label = QFontMetricsF(scaled(self.font(), 0.9, bold=True)).height()
        return self.side + 2 * _PAD, round(_PAD + self.side + _SPACE + label + _PAD)

    def minimumSizeHint(self) -> QSize:
        """Room for three columns and one row."""
        width, height = self.least_cell()
        return QSize(3 * round(width), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the glyphs in view, or a sentence if there are none."""
        self._cells.prepare()
        super().paintEvent(event)
        if self.glyph_model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(quiet_text(self.palette()))
            room = self.viewport().rect().adjusted(16, 16, -16, -16)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            text = self.tr("None of the drawings shown here is of this class.")
            painter.drawText(room, int(flags), text)
