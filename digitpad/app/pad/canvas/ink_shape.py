"""The outline of a stroke: what to fill or stroke, all of it or only near a rectangle.

A stroke of even width is stroked with a round pen, and one whose pressure varies is filled as a
ribbon: one contour along the left side, round the end, back along the right side, round the start.
A row of overlapping discs would be simpler, but where their edges fall into one pixel the
rasteriser adds up their coverages, and the edge is no longer smooth. Both are one path painted
once, so no edge is blended twice, and a part of a stroke painted into a rectangle gives the pixels
that the whole would give there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF

from digitpad.ink.curve import bezier_segments
from digitpad.ink.drawing import LIGHTEST, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

_Box = tuple[float, float, float, float]

_SPACING = 4.0
"""Distance of the points along the curve in pad units: a bend of radius 30 is 0.07 units off."""

_TURN = 0.3
"""A turn by more than this between two points, in radians, is rounded."""

_INSET = 3.0
"""How far inside the outline, in pad units, the discs end that fill the inside of a turn."""


class InkShape:
    """The shape of one stroke in pad units; it grows while the stroke is being drawn."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.points: list[tuple[float, float]] = []
        self.pressures: list[float] = []
        self._segments: list[NDArray[np.float64]] = []
        self._boxes: list[_Box] = []
        self._is_even = True

    @classmethod
    def of(cls, stroke: Stroke) -> InkShape:
        """The shape of a finished stroke."""
        shape = cls(stroke.width)
        points = stroke.points.tolist()
        for point, pressure in zip(points, stroke.pressures.tolist(), strict=True):
            if not shape.points or tuple(point) != shape.points[-1]:
                shape.points.append((point[0], point[1]))
                shape.pressures.append(pressure)
        shape._is_even = len(set(shape.pressures)) == 1
        segments = bezier_segments(np.array(shape.points))
        shape._segments = list(segments)
        corners = np.concatenate([segments.min(axis=1), segments.max(axis=1)], axis=1)
        shape._boxes = [(left, top, right, low) for left, top, right, low in corners.tolist()]
        return shape

    def stroke(self) -> Stroke:
        """The stroke that has this shape."""
        return Stroke(np.array(self.points), np.array(self.pressures), self.width)

    def add(self, x: float, y: float, pressure: float) -> QRectF:
        """Add a point, and return the rectangle that looks different now, in pad units.

        A point equal to the last one adds nothing; then the rectangle is empty.
        """
        if self.points and self.points[-1] == (x, y):
            return QRectF()
        self.points.append((x, y))
        self.pressures.append(pressure)
        if self._is_even and pressure != self.pressures[0]:
            # From here on the whole stroke is painted the other way.
            self._is_even = False
            self._extend()
            return self.bounds()
        old = self._boxes[-1:]
        self._extend()
        return self._grown([*old, *self._boxes[-2:]] or [(x, y, x, y)])

    def _extend(self) -> None:
        if len(self.points) < 2:
            return
        # A segment depends on one point before and one after it: the last one gets its final
        # form now, and a new last one follows.
        tail = bezier_segments(np.array(self.points[-4:]))[-2:]
        if len(tail) == 2:
            self._segments[-1], self._boxes[-1] = tail[0], _box(tail[0])
        self._segments.append(tail[-1])
        self._boxes.append(_box(tail[-1]))

    def bounds(self) -> QRectF:
        """The rectangle in pad units that holds all of the ink."""
        if not self.points:
            return QRectF()
        x, y = self.points[0]
        return self._grown([(x, y, x, y), *self._boxes])

    def _grown(self, boxes: list[_Box]) -> QRectF:
        left, top, right, bottom = zip(*boxes, strict=True)
        radius = self.width / 2
        return QRectF(
            QPointF(min(left) - radius, min(top) - radius),
            QPointF(max(right) + radius, max(bottom) + radius),
        )

    def paint(self, painter: QPainter, colour: QColor, near: QRectF | None = None) -> None:
        """Paint the stroke, or only what can touch a rectangle, all in pad units.

        Antialiasing and transformation are the caller's.
        """
        if not self.points:
            return
        if not self._is_even:
            radii = [self.width / 2 * _share(pressure) for pressure in self.pressures]
            for first, last in self._runs(near):
                shape = _ribbon(self._segments[first : last + 1], radii[first : last + 2])
                painter.fillPath(shape.outline, colour)
                painter.fillPath(shape.filling, colour)
            return
        pen = round_pen(colour, self.width * _share(self.pressures[0]))
        if self._segments:
            painter.strokePath(self._line(near), pen)
        else:
            painter.setPen(pen)
            painter.drawPoint(QPointF(*self.points[0]))

    def _near(self, near: QRectF | None) -> Iterator[int]:
        if near is None:
            yield from range(len(self._segments))
            return
        radius = self.width / 2
        left, right = near.left() - radius, near.right() + radius
        top, bottom = near.top() - radius, near.bottom() + radius
        for index, box in enumerate(self._boxes):
            if box[0] <= right and box[2] >= left and box[1] <= bottom and box[3] >= top:
                yield index

    def _line(self, near: QRectF | None) -> QPainterPath:
        path = QPainterPath()
        for first, last in self._runs(near):
            path.moveTo(*self._segments[first][0].tolist())
            for segment in self._segments[first : last + 1]:
                path.cubicTo(*segment[1:].ravel().tolist())
        return path

    def _runs(self, near: QRectF | None) -> Iterator[tuple[int, int]]:
        """First and last index of the segments that follow on each other."""
        run: list[int] = []
        for index in self._near(near):
            if run and index != run[-1] + 1:
                yield run[0], run[-1]
                run = []
            run.append(index)
        if run:
            yield run[0], run[-1]


def round_pen(colour: QColor, width: float) -> QPen:
    """A pen with round caps and joins, as strokes are drawn."""
    styles = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour, width, *styles)


def _share(pressure: float) -> float:
    return LIGHTEST + (1 - LIGHTEST) * pressure


def _box(segment: NDArray[np.float64]) -> _Box:
    (left, top), (right, bottom) = segment.min(axis=0).tolist(), segment.max(axis=0).tolist()
    return left, top, right, bottom


class _Ribbon(NamedTuple):
    """What to fill, one after the other.

    The outline has smooth edges. The filling lies within the ink, and covers what the outline
    leaves out in sharp turns, where its inner side folds over itself.
    """

    outline: QPainterPath
    filling: QPainterPath


def _ribbon(segments: list[NDArray[np.float64]], radii: list[float]) -> _Ribbon:
    """The ink along consecutive Bezier segments, at least one, each float64 (4, 2).

    The radii are half the width at the start, and at the end of each segment; above 0.
    """
    points, angles, widths = _samples(segments, radii)
    left: list[QPointF] = []
    right: list[QPointF] = []
    outline, filling = QPainterPath(), QPainterPath()
    outline.setFillRule(Qt.FillRule.WindingFill)
    filling.setFillRule(Qt.FillRule.WindingFill)
    previous = angles[0]
    for (x, y), angle, radius in zip(points, angles, widths, strict=True):
        turn = math.remainder(angle - previous, math.tau)
        steps = 1
        if abs(turn) > _TURN:
            steps = math.ceil(abs(turn) / _arc_step(radius))
            inner = radius - _INSET
            if inner > 0:
                filling.addEllipse(QPointF(x, y), inner, inner)
        for step in range(1, steps + 1):
            direction = previous + turn * step / steps
            dx, dy = -math.sin(direction) * radius, math.cos(direction) * radius
            left.append(QPointF(x + dx, y + dy))
            right.append(QPointF(x - dx, y - dy))
        previous = angle
    end = _arc(points[-1], widths[-1], angles[-1] + math.pi / 2, -math.pi)
    start = _arc(points[0], widths[0], angles[0] - math.pi / 2, -math.pi)
    outline.addPolygon(QPolygonF([*left, *end, *reversed(right), *start]))
    outline.closeSubpath()
    return _Ribbon(outline, filling)


def _samples(
    segments: list[NDArray[np.float64]], radii: list[float]
) -> tuple[list[list[float]], list[float], list[float]]:
    """Points along the curve, the direction there in radians, and half the width."""
    points, directions, widths = [], [], []
    for index, b in enumerate(segments):
        length = float(np.sqrt((np.diff(b, axis=0) ** 2).sum(axis=1)).sum())
        count = max(math.ceil(length / _SPACING), 2)
        first = 0 if index == 0 else 1  # the start is the end of the segment before
        t = np.arange(first, count + 1)[:, None] / count
        s = 1 - t
        points.append(s**3 * b[0] + 3 * s**2 * t * b[1] + 3 * s * t**2 * b[2] + t**3 * b[3])
        slope = s**2 * (b[1] - b[0]) + 2 * s * t * (b[2] - b[1]) + t**2 * (b[3] - b[2])
        # Where the curve comes to rest, at the tip of a turn back, its direction is that of the
        # piece to which the point belongs.
        still = (slope**2).sum(axis=1) < 1e-12 * length**2
        slope[still] = np.where(t[still] < 0.5, b[2] - b[0], b[3] - b[1])
        directions.append(np.arctan2(slope[:, 1], slope[:, 0]))
        widths.append((s * radii[index] + t * radii[index + 1])[:, 0])
    return (
        np.concatenate(points).tolist(),
        np.concatenate(directions).tolist(),
        np.concatenate(widths).tolist(),
    )


def _arc_step(radius: float) -> float:
    """The angle between points on a circle whose chords are at most 0.05 pad units off."""
    return 2 * math.acos(max(1 - 0.05 / radius, 0.5))


def _arc(centre: list[float], radius: float, start: float, sweep: float) -> list[QPointF]:
    """The points on an arc between its ends, which are left out."""
    count = math.ceil(abs(sweep) / _arc_step(radius))
    angles = [start + sweep * step / count for step in range(1, count)]
    x, y = centre
    return [QPointF(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
