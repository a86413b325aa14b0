"""Smooth curves through the points of a stroke.

The canvas, the SVG export and the glyph share it: the network reads what the person sees. It is a
centripetal Catmull-Rom spline (Barry and Goldman 1988; Yuksel, Schaefer and Keyser 2011: with the
exponent 1/2 it has neither cusps nor self-intersections within a segment), given as cubic Bezier
segments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def distinct(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points (n, 2) without those that repeat the one before them: (m, 2), 1 <= m <= n."""
    if len(points) < 2:
        return points
    keep = np.empty(len(points), dtype=bool)
    keep[0] = True
    np.any(points[1:] != points[:-1], axis=1, out=keep[1:])
    return points[keep]


def bezier_segments(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cubic Bezier segments of the curve through points, float64 (n, 2), n >= 1.

    Of m distinct points, float64 (m - 1, 4, 2): start, two control points, end.
    """
    p = distinct(points)
    if len(p) < 2:
        return np.empty((0, 4, 2))
    # Virtual neighbours at the ends, mirrored, give the end segments a natural direction.
    with np.errstate(over="ignore"):
        before = 2 * p[:1] - p[1:2]
        after = 2 * p[-1:] - p[-2:-1]
    extended = np.concatenate((before, p, after))
    # Chord length to the power 1/2: centripetal parametrisation.
    p0, p1, p2, p3 = extended[:-3], extended[1:-2], extended[2:-1], extended[3:]
    with np.errstate(all="ignore"):
        chord = extended[1:] - extended[:-1]
        t = np.sqrt(np.sqrt(chord[:, 0] ** 2 + chord[:, 1] ** 2))[:, None]
        previous, current, following = t[:-2], t[1:-1], t[2:]
        leave = (
            previous**2 * p2
            - current**2 * p0
            + (2 * previous**2 + 3 * previous * current + current**2) * p1
        ) / (3 * previous * (previous + current))
        arrive = (
            following**2 * p1
            - current**2 * p3
            + (2 * following**2 + 3 * following * current + current**2) * p2
        ) / (3 * following * (following + current))
    # Points closer together, or further apart, than floating point can square have no direction:
    # a straight piece.
    leave = np.where(np.isfinite(leave), leave, p1)
    arrive = np.where(np.isfinite(arrive), arrive, p2)
    return np.stack((p1, leave, arrive, p2), axis=1)


def curve_bounds(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two corners of a rectangle that holds the curve: low and high, float64 (2,) each."""
    # The control points enclose the curve.
    every = np.concatenate((points, bezier_segments(points).reshape(-1, 2)))
    return every.min(axis=0), every.max(axis=0)


def sample_curve(points: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Points along the curve, float64 (k, 2), no further apart than about the spacing, above 0.

    The first and the last are those of the points, float64 (n, 2), n >= 1.
    """
    segments = bezier_segments(points)
    if len(segments) == 0:
        return points[:1]
    # The control polygon is an upper bound of the length of a Bezier curve.
    sides = np.diff(segments, axis=1)
    bound = np.sqrt((sides**2).sum(axis=2)).sum(axis=1)
    counts = np.maximum(np.ceil(bound / spacing - 1e-6), 1).astype(np.intp)
    which = np.repeat(np.arange(len(segments)), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    t = ((step + 1) / counts[which])[:, None]
    s = 1 - t
    b = segments[which]
    curve = s**3 * b[:, 0] + 3 * s**2 * t * b[:, 1] + 3 * s * t**2 * b[:, 2] + t**3 * b[:, 3]
    return np.concatenate((segments[0, :1], curve))
