"""The outline of a stroke: what to fill or stroke, all of it or only near a rectangle.

A stroke of even width is stroked with a round pen, and one whose pressure varies is filled as a
ribbon. Both are one path painted once, so no edge is blended twice, and a part of a stroke painted
into a rectangle gives the pixels that the whole would give there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen

from digitpad.app.pad.ribbon import ribbon
from digitpad.ink.curve import bezier_segments
from digitpad.ink.drawing import LIGHTEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor, QPainter

    from digitpad.ink.drawing import Stroke

_Box = tuple[float, float, float, float]


class InkShape:
    """The shape of one stroke in pad units; it grows while the stroke is being drawn.

    Args:
        width: of the ink at full pressure, in pad units.
    """

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

    def add(self, x: float, y: float, pressure: float) -> QRectF:
        """Go on to a point, and return the rectangle in pad units that looks different now.

        A point equal to the last one adds nothing; the rectangle is empty then.
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
        changed = [*old, *self._boxes[-2:]] or [(x, y, x, y)]
        return self._grown(changed)

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
        """Paint the stroke with a painter that works in pad units.

        Args:
            painter: antialiasing and transformation are the caller's.
            colour: of the ink.
            near: paint only what can touch this rectangle, in pad units; None paints all.
        """
        if not self.points:
            return
        if not self._is_even:
            self._paint_varied(painter, colour, near)
            return
        pen = QPen(colour, self.width * _share(self.pressures[0]), Qt.PenStyle.SolidLine)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
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

    def _paint_varied(self, painter: QPainter, colour: QColor, near: QRectF | None) -> None:
        radii = [self.width / 2 * _share(pressure) for pressure in self.pressures]
        for first, last in self._runs(near):
            shape = ribbon(self._segments[first : last + 1], radii[first : last + 2])
            painter.fillPath(shape.outline, colour)
            painter.fillPath(shape.filling, colour)


def _share(pressure: float) -> float:
    return LIGHTEST + (1 - LIGHTEST) * pressure


def _box(segment: NDArray[np.float64]) -> _Box:
    (left, top), (right, bottom) = segment.min(axis=0).tolist(), segment.max(axis=0).tolist()
    return left, top, right, bottom
