"""The picture of the plane: a point for each glyph, its class as a colour, and a ring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.glyph import paint_glyph
from digitpad.app.widgets.layout import elided, scaled
from digitpad.app.widgets.theme import is_dark, quiet_text, smooth_painter, theme_for
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent

    from digitpad.app.inside.through.points import Points

MOVE_MS = 500
"""How long points take from one epoch to the next."""

_RADIUS = 3.0
_NEAR = 14.0
"""A point is pointed at within this distance. Lengths are in device-independent pixels."""

_LEAST_REACH = 0.8
"""What is shown around the middle at least, in the units of `Plane.points`."""

_MARGIN = 14.0
_SHOWN_SCALE = 3
_TEN = {
    False: (
        *("#1f66d6", "#c2410c", "#15803d", "#b91c1c", "#7e22ce"),
        *("#7c4a21", "#be1879", "#52525b", "#7a7a00", "#0e7490"),
    ),
    True: (
        *("#6ea8fe", "#fb923c", "#4ade80", "#f87171", "#c084fc"),
        *("#c9a27a", "#f472b6", "#a1a1aa", "#d9d953", "#22d3ee"),
    ),
}
"""For light and dark windows; all have a contrast of at least 4 with the paper."""

_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


def class_colours(count: int, palette: QPalette) -> list[QColor]:
    """A colour for each class; beyond ten they go once around the circle of colours."""
    dark = is_dark(palette)
    if count <= len(_TEN[dark]):
        return [QColor(name) for name in _TEN[dark][:count]]
    return [QColor.fromHslF(n / count, 0.75, 0.68 if dark else 0.36) for n in range(count)]


def _box(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lower left and the upper right corner of what shows points, (n, 2): (2, 2)."""
    least = np.array([[-_LEAST_REACH] * 2, [_LEAST_REACH] * 2])
    low = np.minimum(places.min(axis=0, initial=0.0), least[0])
    return np.stack((low, np.maximum(places.max(axis=0, initial=0.0), least[1])))


class PlanePicture(QWidget):
    """Glyphs as points of a plane; the pointer or the arrow keys show one of them.

    Attributes:
        pointed: the number of the glyph that is shown; None if none is.

    Signals:
        hovered: another glyph is shown, or none; its number or None.
    """

    hovered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.pointed: int | None = None
        self._points: Points | None = None
        self._places: NDArray[np.float64] = np.zeros((0, 2))
        self._from = self._to = self._places
        self._share = 1.0
        self._ring: NDArray[np.float64] | None = None
        self._ring_from: NDArray[np.float64] | None = None
        self._ring_to: NDArray[np.float64] | None = None
        self._motion = QVariantAnimation(self, duration=MOVE_MS)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._motion.valueChanged.connect(self._on_moved)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 180)
        self.setAccessibleName(self.tr("Plane of the features"))
        self.setToolTip("")

    def sizeHint(self) -> QSize:
        """Room for islands."""
        return QSize(420, 420)

    def show_points(
        self, points: Points | None, places: NDArray[np.float64], *, moves: bool = True
    ) -> None:
        """Show glyphs at these places.

        Args:
            points: the glyphs; None for none.
            places: (n, 2), as `Plane.points`.
            moves: whether the same glyphs move there from where they are.
        """
        is_same = points is self._points and len(places) == len(self._places)
        self._points = points
        if not is_same:
            self._point_at(None)
        self._from, self._to = self._places if is_same and moves else places, places
        self._begin()

    def show_ring(self, place: NDArray[np.float64] | None) -> None:
        """Show where the present drawing lies, (2,); None for nowhere."""
        before = self._ring
        self._ring_to = place
        is_moving = self._motion.state() == QVariantAnimation.State.Running
        self._ring_from = before if before is not None and is_moving else place
        if not is_moving:
            self._ring = place
        self.update()

    def settle(self) -> None:
        """End all movement at once."""
        self._motion.stop()
        self._on_moved(1.0)

    def _begin(self) -> None:
        self._motion.stop()
        if self._from is self._to or not self.isVisible():
            self._on_moved(1.0)
        else:
            self._ring_from = self._ring
            self._motion.start()

    def _on_moved(self, share: float) -> None:
        self._share = share
        self._places = self._from + (self._to - self._from) * share if share < 1 else self._to
        if self._ring_to is None or self._ring_from is None or share >= 1:
            self._ring = self._ring_to
        else:
            self._ring = self._ring_from + (self._ring_to - self._ring_from) * share
        self.update()

    def _field(self) -> tuple[QPointF, float]:
        """Where the middle of the plane is, and what a unit of it has as its length."""
        width, height = float(self.width()), self.height() - self._legend_height()
        first, last, now = (_box(places) for places in (self._from, self._to, self._places))
        # What is shown grows and shrinks as the points move, and never leaves one outside.
        box = first + (last - first) * self._share
        low, high = np.minimum(box[0], now[0]), np.maximum(box[1], now[1])
        room = np.array([width, height]) - 2 * _MARGIN
        unit = float(max((room / (high - low)).min(), 1.0))
        x, y = ((low + high) / 2 * unit).tolist()
        return QPointF(width / 2 - x, height / 2 + y), unit

    def place_of(self, place: NDArray[np.float64]) -> QPointF:
        """Where a place of the plane, (2,), is in the widget."""
        middle, unit = self._field()
        return QPointF(middle.x() + place[0] * unit, middle.y() - place[1] * unit)

    def _legend_rows(self) -> list[list[tuple[int, float]]]:
        """The classes in the legend: their numbers and the left edges of their entries, by rows."""
        if self._points is None:
            return []
        metrics = QFontMetricsF(self.font())
        rows: list[list[tuple[int, float]]] = [[]]
        x = _MARGIN
        for number in np.unique(self._points.labels).tolist():
            width = metrics.horizontalAdvance(self._name(number)) + 24
            if x + width > self.width() and rows[-1]:
                rows.append([])
                x = _MARGIN
            rows[-1].append((number, x))
            x += width
        return rows

    def _legend_height(self) -> float:
        # With many classes their names beside the islands must do.
        rows = len(self._legend_rows())
        return (rows * (QFontMetricsF(self.font()).height() + 2)) if rows <= 3 else 0.0

    def _name(self, number: int) -> str:
        names = () if self._points is None else self._points.names
        return elided(names[number], self.font(), 90.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the points, the names of their classes, the ring, and the glyph pointed at."""
        painter = smooth_painter(self)
        theme = theme_for(self.palette())
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5 - self._legend_height())
        painter.setBrush(theme.paper)
        painter.setPen(
            QPen(self.palette().color(QPalette.ColorRole.Highlight), 2)
            if self.hasFocus()
            else theme.outline
        )
        painter.drawRoundedRect(ground, 6, 6)
        points = self._points
        if points is None:
            return
        colours = class_colours(len(points.names), self.palette())
        middle, unit = self._field()
        painter.setPen(Qt.PenStyle.NoPen)
        for number in np.unique(points.labels).tolist():
            colour = QColor(colours[number])
            colour.setAlphaF(0.8)
            painter.setBrush(colour)
            for x, y in self._places[points.labels == number].tolist():
                painter.drawEllipse(
                    QPointF(middle.x() + x * unit, middle.y() - y * unit), _RADIUS, _RADIUS
                )
        self._paint_ring(painter)
        self._paint_names(painter, points)
        self._paint_pointed(painter, points, colours)
        self._paint_legend(painter, colours)

    def _paint_names(self, painter: QPainter, points: Points) -> None:
        """The name of each class where its points are, with a halo of the paper's colour."""
        font = scaled(self.font(), 1.3, bold=True)
        metrics = QFontMetricsF(font)
        for number in np.unique(points.labels).tolist():
            # The median: a few that lie elsewhere do not move it.
            place = np.median(self._places[points.labels == number], axis=0)
            at, name = self.place_of(place), self._name(number)
            path = QPainterPath()
            left = at.x() - metrics.horizontalAdvance(name) / 2
            path.addText(left, at.y() + metrics.capHeight() / 2, font, name)
            pen = QPen(theme_for(self.palette()).paper, 4)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, pen)
            painter.fillPath(path, self.palette().color(QPalette.ColorRole.WindowText))

    def _paint_ring(self, painter: QPainter) -> None:
        if self._ring is None:
            return
        at = self.place_of(self._ring)
        # A ring that is further out than all glyphs stays in sight, at the edge.
        area = QRectF(0, 0, self.width(), self.height() - self._legend_height())
        at.setX(min(max(at.x(), 12.0), area.right() - 12))
        at.setY(min(max(at.y(), 12.0), area.bottom() - 12))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme_for(self.palette()).paper, 6))
        painter.drawEllipse(at, 12, 12)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2.5))
        painter.drawEllipse(at, 12, 12)

    def _paint_pointed(self, painter: QPainter, points: Points, colours: list[QColor]) -> None:
        if self.pointed is None:
            return
        at = self.place_of(self._places[self.pointed])
        number = int(points.labels[self.pointed])
        painter.setBrush(colours[number])
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 2))
        painter.drawEllipse(at, _RADIUS + 2, _RADIUS + 2)
        side = float(FIELD * _SHOWN_SCALE)
        font = scaled(self.font(), bold=True)
        text = QFontMetricsF(font).height()
        card = QRectF(0, 0, side + 8, side + text + 10)
        # Beside the point, on the side with more room.
        left = at.x() + 12 if at.x() < self.width() / 2 else at.x() - 12 - card.width()
        top = min(max(at.y() - card.height() / 2, 2.0), self.height() - card.height() - 2)
        card.moveTo(left, top)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(QPen(colours[number], 1.5))
        painter.drawRoundedRect(card, 5, 5)
        paint_glyph(
            painter,
            QRectF(round(left + 4), round(top + 4), side, side),
            points.glyphs[self.pointed],
        )
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        caption = QRectF(left, top + side + 5, card.width(), text)
        painter.drawText(
            caption, Qt.AlignmentFlag.AlignCenter, elided(points.names[number], font, side)
        )

    def _paint_legend(self, painter: QPainter, colours: list[QColor]) -> None:
        height = self._legend_height()
        if not height:
            return
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        line = metrics.height() + 2
        for row, entries in enumerate(self._legend_rows()):
            top = self.height() - height + row * line
            for number, left in entries:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours[number])
                painter.drawEllipse(QPointF(left + 4, top + line / 2), 4, 4)
                painter.setPen(quiet_text(self.palette()))
                painter.drawText(QPointF(left + 12, top + metrics.ascent() + 1), self._name(number))

    def _near(self, at: QPointF) -> int | None:
        if self._points is None or not len(self._places):
            return None
        middle, unit = self._field()
        where = np.array([at.x() - middle.x(), middle.y() - at.y()]) / unit
        away = np.hypot(*(self._places - where).T) * unit
        nearest = int(away.argmin())
        return nearest if away[nearest] <= _NEAR else None

    def _point_at(self, number: int | None) -> None:
        if number == self.pointed:
            return
        self.pointed = number
        points = self._points
        said = ""
        if number is not None and points is not None:
            said = self.tr("Glyph of the class {name}").format(
                name=points.names[int(points.labels[number])]
            )
        self.setAccessibleDescription(said)
        self.hovered.emit(number)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the glyph under the pointer."""
        self._point_at(self._near(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Show none any more."""
        self._point_at(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go to the next point in their direction; Escape shows none."""
        way = _ARROWS.get(Qt.Key(event.key()))
        if way is not None and self._points is not None and len(self._places):
            self._point_at(self._next(way))
        elif event.key() == Qt.Key.Key_Escape and self.pointed is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def _next(self, way: tuple[float, float]) -> int:
        """The point that a step in this direction, in pixels of the screen, leads to."""
        places = self._places * (1, -1)
        if self.pointed is None:
            return int(np.hypot(*places.T).argmin())
        steps = places - places[self.pointed]
        along = steps @ np.array(way)
        across = np.abs(steps @ np.array((way[1], way[0])))
        # Within a right angle of the direction; the nearest one.
        ahead = (along > 1e-9) & (across <= along)
        if not ahead.any():
            return self.pointed
        costs = np.where(ahead, np.hypot(along, 2 * across), math.inf)
        return int(costs.argmin())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they go elsewhere."""
        super().focusOutEvent(event)
        self.update()
