"""The map with the window and the map that it makes, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QHelpEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.inside.arrows import ARROWS
from digitpad.app.inside.cell.blocks.scene import named_number
from digitpad.app.inside.cell.painting import MARK, show_tip
from digitpad.app.inside.scale import colours, image_of
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.theme import paint_focus_ring, quiet_text, smooth_painter, theme_for
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from digitpad.app.inside.cell.sliding import Slide

_SIDE, _LEAST_SIDE = 112, 84
"""Of a map at the usual size of letters, in device-independent pixels; and at least."""

_OUTSIDE, _ARROW = 4, 24
"""Room around a map for a frame, and for the arrow between the two."""


class SlidePicture(QWidget):
    """Two maps: at the left the one with the window, at the right the one with its cell.

    A click in the right one chooses another cell, as arrow keys do; one in the left one follows the
    value there.

    Attributes:
        filled: the number of cells that are there already; None for all.

    Signals:
        moved: to another cell of the same map.
        followed: a value of the map with the window.
    """

    moved = Signal(object)
    followed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.filled: int | None = None
        self._slide: Slide | None = None
        self.setFont(scaled(self.font(), 0.9))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_slide(self, slide: Slide, filled: int | None) -> None:
        """Show the window at another place."""
        self._slide, self.filled = slide, filled
        before, after = self._names(slide)
        self.setAccessibleName(
            self.tr("The window on {before} makes {after}").format(before=before, after=after)
        )
        self.setAccessibleDescription(self._said(slide.cell))
        self.update()

    def _names(self, slide: Slide) -> tuple[str, str]:
        form = self.tr("{layer}, map {map}")
        return (
            form.format(layer=slide.source, map=slide.channel + 1),
            form.format(layer=slide.cell.layer, map=slide.cell.place[0] + 1),
        )

    def _said(self, cell: Cell) -> str:
        """The place and the value of a cell of one of the maps, with all digits."""
        if self._slide is None:
            return ""
        layer, (channel, row, column) = cell
        is_after = (layer, channel) == (self._slide.cell.layer, self._slide.cell.place[0])
        values = self._slide.after if is_after else self._slide.before
        name = self.tr("{layer}, map {map}, row {row}, column {column}").format(
            layer=layer, map=channel + 1, row=row + 1, column=column + 1
        )
        return named_number(name, float(values[row, column]))

    def _line(self) -> float:
        return QFontMetricsF(self.font()).height()

    def sizeHint(self) -> QSize:
        """Room for both maps and their names."""
        side = int(_SIDE * max(self._line() / 14, 1))
        height = side + round(self._line() + 0.5) + 2 * _OUTSIDE
        return QSize(2 * side + 4 * _OUTSIDE + _ARROW, height)

    def minimumSizeHint(self) -> QSize:
        """Room for both maps, as small as they may be."""
        return QSize(2 * _LEAST_SIDE + 4 * _OUTSIDE + _ARROW, self.sizeHint().height())

    def areas(self) -> tuple[QRectF, QRectF]:
        """Where the two maps are, without what is around them."""
        if self._slide is None:
            return QRectF(), QRectF()
        top = self._line() + _OUTSIDE
        room = (self.width() - _ARROW) / 2 - 2 * _OUTSIDE
        side = round(min(self.height() - top - _OUTSIDE, room) + 0.5)
        (rows, columns), (above, beside) = self._slide.before.shape, self._slide.padding
        outer = _fitted((rows + 2 * above, columns + 2 * beside), QRectF(_OUTSIDE, top, side, side))
        zoom = outer.height() / (rows + 2 * above)
        left = outer.adjusted(beside * zoom, above * zoom, -beside * zoom, -above * zoom)
        right = QRectF(side + 3 * _OUTSIDE + _ARROW, top, side, side)
        return left, _fitted(self._slide.after.shape, right)

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell of one of the maps at a point; None where there is none."""
        slide = self._slide
        if slide is None:
            return None
        left, right = self.areas()
        for area, layer, channel, shape in (
            (left, slide.source, slide.channel, slide.before.shape),
            (right, slide.cell.layer, slide.cell.place[0], slide.after.shape),
        ):
            if area.contains(point):
                row = int((point.y() - area.top()) * shape[0] / area.height())
                column = int((point.x() - area.left()) * shape[1] / area.width())
                place = channel, min(row, shape[0] - 1), min(column, shape[1] - 1)
                return Cell(layer, place)
        return None

    def event(self, event: QEvent) -> bool:
        """Tips show all digits of a value."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            cell = self.cell_at(QPointF(event.pos()))
            show_tip(self, event, self.accessibleName() if cell is None else self._said(cell))
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the cell under the pointer."""
        cell = self.cell_at(event.position())
        if cell is None or self._slide is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self.areas()[1].contains(event.position()):
            self.moved.emit(cell)
        else:
            self.followed.emit(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand shows where a click leads somewhere."""
        leads = self.cell_at(event.position()) is not None
        shape = Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the cell beside the present one."""
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None or self._slide is None:
            super().keyPressEvent(event)
            return
        layer, (channel, row, column) = self._slide.cell
        rows, columns = self._slide.after.shape
        row, column = row + step[0], column + step[1]
        if 0 <= row < rows and 0 <= column < columns:
            self.moved.emit(Cell(layer, (channel, row, column)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that it has the keys."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no longer."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both maps, and an arrow between them."""
        slide = self._slide
        if slide is None:
            return
        painter = smooth_painter(self)
        left, right = self.areas()
        self._paint_padding(painter, slide, left)
        self._paint_map(painter, left, slide.before, slide.limits[0])
        self._paint_map(painter, right, slide.after, slide.limits[1], self.filled)
        self._paint_words(painter, slide, right)
        _, row, column = slide.cell.place
        self._frame(painter, left, slide.before.shape, slide.window.rows, slide.window.columns)
        cell = range(row, row + 1), range(column, column + 1)
        self._frame(painter, right, slide.after.shape, *cell)
        paint_focus_ring(painter, self)

    def _paint_words(self, painter: QPainter, slide: Slide, right: QRectF) -> None:
        """Paint the names of the maps, and the arrow."""
        painter.setPen(quiet_text(self.palette()))
        width = self.width() / 2
        for place, name in zip((float(_OUTSIDE), right.left()), self._names(slide), strict=True):
            painter.drawText(
                QRectF(place, 0, width, self._line()), Qt.AlignmentFlag.AlignLeft, name
            )
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        arrow = QRectF(right.left() - _ARROW - _OUTSIDE, right.top(), _ARROW, right.height())
        painter.drawText(arrow, Qt.AlignmentFlag.AlignCenter, "→")

    def _paint_padding(self, painter: QPainter, slide: Slide, left: QRectF) -> None:
        """Paint the zeros around the map with the window."""
        above, beside = slide.padding
        if above or beside:
            zoom = left.height() / slide.before.shape[0]
            outer = left.adjusted(-beside * zoom, -above * zoom, beside * zoom, above * zoom)
            theme = theme_for(self.palette())
            painter.fillRect(outer, QBrush(theme.muted, Qt.BrushStyle.BDiagPattern))

    def _paint_map(
        self,
        painter: QPainter,
        area: QRectF,
        values: NDArray[np.float64],
        limit: float,
        filled: int | None = None,
    ) -> None:
        """Paint a map, or as many of its cells as are there."""
        theme = theme_for(self.palette())
        rgb = colours(values, limit, self.palette()).copy()
        if filled is not None:
            track = theme.track
            rgb.reshape(-1, 3)[filled:] = track.red(), track.green(), track.blue()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(area, image_of(rgb))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.muted, 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _frame(
        self,
        painter: QPainter,
        area: QRectF,
        shape: tuple[int, ...],
        rows: range,
        columns: range,
    ) -> None:
        """Frame some rows and columns of a map."""
        height, width = area.height() / shape[0], area.width() / shape[1]
        frame = QRectF(
            area.left() + columns.start * width,
            area.top() + rows.start * height,
            len(columns) * width,
            len(rows) * height,
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, thickness in ((theme_for(self.palette()).paper, 4.0), (MARK, 2.0)):
            painter.setPen(QPen(colour, thickness))
            painter.drawRect(frame)


def _fitted(shape: tuple[int, ...], area: QRectF) -> QRectF:
    """Where a map is painted: each of its cells is a square of whole pixels."""
    zoom = max(int(min(area.width() / shape[1], area.height() / shape[0])), 1)
    return QRectF(area.left(), area.top(), shape[1] * zoom, shape[0] * zoom)
