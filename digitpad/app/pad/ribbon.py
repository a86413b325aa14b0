"""The outline of a stroke whose width varies along its curve.

One contour: along the left side, round the end, back along the right side, round the start. A row
of overlapping discs would be simpler, but where their edges fall into one pixel the rasteriser
adds up their coverages, and the edge is no longer smooth.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPACING = 4.0
"""Distance of the points along the curve in pad units: a bend of radius 30 is 0.07 units off."""

_TURN = 0.3
"""A turn by more than this between two points, in radians, is rounded."""

_INSET = 3.0
"""How far inside the outline, in pad units, the discs end that fill the inside of a turn."""


class Ribbon(NamedTuple):
    """What to fill, one after the other.

    Attributes:
        outline: the contour, with smooth edges.
        filling: lies within the ink; covers what the contour leaves out in sharp turns, where its
            inner side folds over itself.
    """

    outline: QPainterPath
    filling: QPainterPath


def ribbon(segments: list[NDArray[np.float64]], radii: list[float]) -> Ribbon:
    """The ink along consecutive Bezier segments.

    Args:
        segments: at least one, each float64 (4, 2).
        radii: half the width at the start, and at the end of each segment; above 0.
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
    return Ribbon(outline, filling)


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
