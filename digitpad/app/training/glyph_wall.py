"""A wall of glyphs with their labels; only what can be seen is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from digitpad.app.theme import quiet_text, theme_for
from digitpad.app.training.glyph_paint import glyph_rect, glyph_side, paint_glyph

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from digitpad.learning.sample import DataSample

_SIDE = 56.0
"""Of a glyph on the wall by preference, in device-independent pixels."""

_PAD = 4.0
_SPACE = 3.0
"""Between the glyphs of two cells, halved; and between a glyph and its label."""

_Index = QModelIndex | QPersistentModelIndex


class GlyphModel(QAbstractListModel):
    """The glyphs of a sample, or those of one class."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sample: DataSample | None = None
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)

    def show_sample(self, sample: DataSample | None, class_index: int | None = None) -> None:
        """Hold the glyphs of one class; None holds them all."""
        self.beginResetModel()
        self._sample = sample
        if sample is None:
            self._shown = np.zeros(0, np.int64)
        elif class_index is None:
            self._shown = np.arange(len(sample))
        else:
            self._shown = np.flatnonzero(sample.labels == class_index)
        self.endResetModel()

    def glyphs(self, first: int, count: int = 1) -> NDArray[np.uint8]:
        """The glyphs from a row on, uint8 (n, 28, 28), as many of them as there are."""
        if self._sample is None:
            return np.zeros((0, 28, 28), np.uint8)
        return self._sample.glyphs[self._shown[first : first + count]]

    def label(self, row: int) -> str:
        """Name of the class of a row's glyph."""
        if self._sample is None:
            return ""
        return self._sample.classes[int(self._sample.labels[self._shown[row]])]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Number of glyphs."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """The label, also for whoever cannot see it or sees it cut off."""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self.label(index.row())
        return None


class _CellDelegate(QStyledItemDelegate):
    """Paints a glyph and its label."""

    def __init__(self, view: GlyphWall) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The glyph; a ring marks the one that is chosen or pointed at."""
        view = self._view
        palette = view.palette()
        cell = QRectF(option.rect)
        side = view.side
        corner = QPointF(cell.center().x() - side / 2, cell.top() + _PAD)
        square = glyph_rect(corner, side, view.viewport())
        painter.save()
        paint_glyph(painter, square, view.glyph_model.glyphs(index.row())[0])
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        theme = theme_for(palette)
        if is_chosen or is_hovered:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.accent if is_chosen else theme.muted, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(square.adjusted(-2, -2, 2, 2), 3, 3)
        font = view.label_font(bold=is_chosen)
        painter.setFont(font)
        text = palette.color(QPalette.ColorRole.Text)
        painter.setPen(text if is_chosen else quiet_text(palette))
        top = square.bottom() + _SPACE
        room = QRectF(cell.left() + 2, top, cell.width() - 4, cell.bottom() - top)
        label = QFontMetricsF(font).elidedText(
            index.data(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(
            room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), label
        )
        painter.restore()


class GlyphWall(QListView):
    """Scrolls through thousands of glyphs by wheel, bar and keys.

    Typing a label goes to the next glyph that has it.

    Signals:
        pointed_at: row of the glyph under the pointer; -1 where there is none.
        chosen: row of the glyph that was clicked or gone to by keys.
    """

    pointed_at = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.glyph_model = GlyphModel(self)
        self.setModel(self.glyph_model)
        self.setItemDelegate(_CellDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        # Always there: a bar that comes and goes would change the number of columns.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Drawings of the set"))
        self.entered.connect(self._on_entered)
        self._fit_grid()

    @property
    def side(self) -> float:
        """Of a glyph, in device-independent pixels."""
        return glyph_side(_SIDE, self.devicePixelRatioF())

    def label_font(self, *, bold: bool = False) -> QFont:
        """A little smaller than other text."""
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        font.setBold(bold)
        return font

    def show_sample(self, sample: DataSample | None, class_index: int | None = None) -> None:
        """Show the glyphs of one class from the beginning; None shows those of all."""
        self.pointed_at.emit(-1)
        self.glyph_model.show_sample(sample, class_index)
        self.scrollToTop()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Says which glyph was chosen."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(current.row())

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed_at.emit(index.row())

    def viewportEvent(self, event: QEvent) -> bool:
        """Says when the pointer is on no glyph any more."""
        if event.type() == QEvent.Type.Leave:
            self.pointed_at.emit(-1)
        return super().viewportEvent(event)

    def _cell_height(self) -> int:
        label = QFontMetricsF(self.label_font(bold=True)).height()
        return round(_PAD + self.side + _SPACE + label + _PAD)

    def _fit_grid(self) -> None:
        """Share the width among as many columns as it has room for."""
        width = self.viewport().width()
        columns = max(int(width // (self.side + 2 * _PAD)), 1)
        size = QSize(width // columns, self._cell_height())
        if size == self.gridSize():
            return
        top = self.indexAt(self.viewport().rect().topLeft())
        self.setGridSize(size)
        self.verticalScrollBar().setSingleStep(size.height() // 2)
        if top.isValid():
            self.scrollTo(top, QListView.ScrollHint.PositionAtTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is at the top stays there."""
        self._fit_grid()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Another screen or font has cells of another size."""
        done = super().event(event)
        if event.type() in {
            QEvent.Type.DevicePixelRatioChange,
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
        }:
            self._fit_grid()
        return done

    def sizeHint(self) -> QSize:
        """Some columns and rows."""
        return QSize(420, 4 * self._cell_height())

    def minimumSizeHint(self) -> QSize:
        """A few columns and two rows."""
        return QSize(4 * round(self.side + 2 * _PAD), 2 * self._cell_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The glyphs in sight, or that there is none."""
        super().paintEvent(event)
        if self.glyph_model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(quiet_text(self.palette()))
            room = self.viewport().rect().adjusted(16, 16, -16, -16)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                room, int(flags), self.tr("No drawing of this class is among those shown here.")
            )
