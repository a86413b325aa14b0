"""A wall of glyphs with their labels; only what can be seen is painted."""

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
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from digitpad.app.widgets.glyph import glyph_rect, glyph_side, paint_glyph
from digitpad.app.widgets.layout import elided, scaled
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from digitpad.data.dataset import Dataset

_SIDE = 56.0
"""Of a glyph on the wall by preference, in device-independent pixels."""

_PAD = 4.0
_SPACE = 3.0
"""Between the glyphs of two cells, halved; and between a glyph and its label."""

_LABEL_PLACE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

_Index = QModelIndex | QPersistentModelIndex


class GlyphModel(QStringListModel):
    """The glyphs of a sample, or those of one class; as text, their labels.

    Overrides nothing: to lay out a wall, each row is asked for many times.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._glyphs: NDArray[np.uint8] = np.zeros((0, FIELD, FIELD), np.uint8)
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)

    def show_sample(self, sample: Dataset | None, class_index: int | None = None) -> None:
        """Hold the glyphs of one class; None holds them all."""
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
        """The glyphs from a row on, uint8 (n, 28, 28), as many of them as there are."""
        return self._glyphs[self._shown[first : first + count]]

    def label(self, row: int) -> str:
        """Name of the class of a row's glyph."""
        return str(self.index(row).data())


class _CellDelegate(QStyledItemDelegate):
    """Paints a glyph and its label.

    What all cells have in common is found out once a painting: a wide window shows hundreds.
    """

    def __init__(self, view: GlyphWall) -> None:
        super().__init__(view)
        self._view = view
        self._labels: dict[tuple[str, bool], str] = {}
        self.prepare()

    def prepare(self) -> None:
        """Take over sizes, fonts and colours of the view."""
        view = self._view
        palette = view.palette()
        self._theme = theme_for(palette)
        self._side = view.side
        self._width = view.gridSize().width()
        self._fonts = scaled(view.font(), 0.9), view.bold_font()
        self._text = quiet_text(palette), palette.color(QPalette.ColorRole.Text)
        self._labels.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All of the cell, to be pointed at and clicked."""
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The glyph; a ring marks the one that is chosen or pointed at."""
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
        """As much of a name as fits below a glyph."""
        if (name, is_bold) not in self._labels:
            label = elided(name, self._fonts[is_bold], self._width - 4)
            self._labels[name, is_bold] = label
        return self._labels[name, is_bold]


class GlyphWall(QListView):
    """Scrolls through thousands of glyphs by wheel, bar and keys.

    Typing a label goes to the next glyph that has it.

    Signals:
        pointed_at: row of the glyph under the pointer; -1 where there is none.
        chosen: row of the glyph that was clicked or gone to by keys.
    """

    pointed_at = Signal(int)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.glyph_model = GlyphModel(self)
        self.setModel(self.glyph_model)
        self._cells = _CellDelegate(self)
        self.setItemDelegate(self._cells)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        # Always there: a bar that comes and goes would change the number of columns.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Drawings of the dataset"))
        self.entered.connect(self._on_entered)
        self._fit_grid()

    @property
    def side(self) -> float:
        """Of a glyph, in device-independent pixels."""
        return glyph_side(_SIDE, self.devicePixelRatioF())

    def bold_font(self) -> QFont:
        """That of the label of the chosen glyph, a little smaller than other text."""
        return scaled(self.font(), 0.9, bold=True)

    def show_sample(self, sample: Dataset | None, class_index: int | None = None) -> None:
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
        label = QFontMetricsF(self.bold_font()).height()
        return round(_PAD + self.side + _SPACE + label + _PAD)

    def _fit_grid(self) -> None:
        """Share the width among as many columns as it has room for."""
        # Qt wraps a row that reaches the last pixel.
        width = self.viewport().width() - 1
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
        self._cells.prepare()
        super().paintEvent(event)
        if self.glyph_model.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(quiet_text(self.palette()))
            room = self.viewport().rect().adjusted(16, 16, -16, -16)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            text = self.tr("No drawing of this class is among those shown here.")
            painter.drawText(room, int(flags), text)
