"""Lines, arcs and bows: the parts of drawings that are no digit.

A stroke is float64 (n, 2), n >= 1, x to the right and y down. The ink's curve joins its points. A
drawing is about 1 high, or has any other size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Stroke = NDArray[np.float64]
    Strokes = list[Stroke]
    Shape = Callable[[np.random.Generator], Strokes]
    """Draws one drawing of its kind at random."""
    Point = tuple[float, float] | NDArray[np.float64]

_PARTS = 4
"""Number of pieces of a straight line: it can be bent, and still keeps its corners."""

_ARC_STEP = 0.4
"""Radians from one point of an arc to the next."""


def path(points: Sequence[Point]) -> Stroke:
    """A polyline through points."""
    corners = np.array(points, dtype=np.float64)
    share = (np.arange(_PARTS) / _PARTS)[:, None]
    pieces = corners[:-1, None] + share * (corners[1:] - corners[:-1])[:, None]
    return np.concatenate((pieces.reshape(-1, 2), corners[-1:]))


def arc(
    x: float,
    y: float,
    width: float,
    height: float,
    start: float = 0.0,
    turn: float = 2 * math.pi,
) -> Stroke:
    """An arc of an ellipse.

    Args:
        x: of the centre.
        y: of the centre.
        width: half of the horizontal axis.
        height: half of the vertical axis.
        start: the first angle, in radians.
        turn: the angle of the arc, in radians.
    """
    steps = max(3, math.ceil(abs(turn) / _ARC_STEP))
    angle = start + turn * np.arange(steps + 1) / steps
    return np.stack((x + width * np.cos(angle), y + height * np.sin(angle)), axis=1)


def bow(a: Point, b: Point, bulge: float) -> Stroke:
    """A curve from a to b whose middle is off the straight line by a share of its length."""
    start, stop = np.asarray(a), np.asarray(b)
    share = np.linspace(0.0, 1.0, 7)[:, None]
    across = np.array([start[1] - stop[1], stop[0] - start[0]])
    curve: Stroke = start + share * (stop - start) + bulge * 4 * share * (1 - share) * across
    return curve
