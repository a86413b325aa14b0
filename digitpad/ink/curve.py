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
    return points[_differ(points)]


def _differ(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each differs from the one before it; the first does."""
    keep = np.empty(len(points), dtype=bool)
    keep[0] = True
    np.any(points[1:] != points[:-1], axis=1, out=keep[1:])
    return keep


def _stops(starts: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Where each run of some numbers ends: where the next one starts, the last at their count."""
    stops = np.empty_like(starts)
    stops[:-1] = starts[1:]
    stops[-1] = count
    return stops


def bezier_segments(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cubic Bezier segments of the curve through points, float64 (n, 2), n >= 1.

    Of m distinct points, float64 (m - 1, 4, 2): start, two control points, end.
    """
    p = distinct(points)
    if len(p) < 2:
        return np.empty((0, 4, 2))
    return _segments(p, np.zeros(1, np.intp))


def _segments(p: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Those of several curves, one after another.

    Args:
        p: float64 (n, 2), the curves' points, each distinct from the one before it.
        starts: (k,), number of the first point of each.
    """
    stops = _stops(starts, len(p))
    extended = np.empty((len(p) + 2 * len(starts), 2))
    number = np.arange(len(starts))
    extended[np.arange(len(p)) + 2 * np.repeat(number, stops - starts) + 1] = p
    # Virtual neighbours at the ends, mirrored, give the end segments a natural direction.
    with np.errstate(over="ignore"):
        extended[starts + 2 * number] = 2 * p[starts] - p[np.minimum(starts + 1, stops - 1)]
        extended[stops + 2 * number + 1] = 2 * p[stops - 1] - p[np.maximum(stops - 2, starts)]
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
    segments = np.stack((p1, leave, arrive, p2), axis=1)
    if len(starts) == 1:
        return segments
    # From the end of one curve to the beginning of the next there is none.
    between = (stops + 2 * number + 2)[:-1, None] + np.arange(-3, 0)
    return np.delete(segments, between.ravel(), axis=0)


def curve_bounds(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two corners of a rectangle that holds the curve: low and high, float64 (2,) each."""
    # The control points enclose the curve.
    every = np.concatenate((points, bezier_segments(points).reshape(-1, 2)))
    return every.min(axis=0), every.max(axis=0)


def sample_curve(points: NDArray[np.float64], spacing: float) -> NDArray[np.float64]:
    """Points along the curve, float64 (k, 2), no further apart than about the spacing, above 0.

    The first and the last are those of the points, float64 (n, 2), n >= 1.
    """
    return sample_curves(points, np.zeros(1, np.intp), np.array([spacing]))[0]


def sample_curves(
    points: NDArray[np.float64], starts: NDArray[np.intp], spacings: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The same of several curves, in the time of a few.

    Args:
        points: float64 (n, 2), those of all curves, one curve after another.
        starts: (k,), k >= 1, number of the first point of each; each has a point.
        spacings: float64 (k,), for each.

    Returns:
        Points along the curves, float64 (m, 2), and the number of the first one of each, (k,).
    """
    keep = _differ(points)
    keep[starts] = True
    p = points[keep]
    starts = (np.cumsum(keep) - 1)[starts]
    segments = _segments(p, starts)
    each = _stops(starts, len(p)) - starts - 1  # segments of each curve
    curve_of = np.repeat(np.arange(len(starts)), each)
    # The control polygon is an upper bound of the length of a Bezier curve.
    sides = np.diff(segments, axis=1)
    bound = np.sqrt((sides**2).sum(axis=2)).sum(axis=1)
    counts = np.maximum(np.ceil(bound / spacings[curve_of] - 1e-6), 1).astype(np.intp)
    which = np.repeat(np.arange(len(segments)), counts)
    begun = np.cumsum(counts) - counts
    number = np.arange(len(which))
    t = ((number - begun[which] + 1) / counts[which])[:, None]
    s = 1 - t
    b = segments[which]
    curve = s**3 * b[:, 0] + 3 * s**2 * t * b[:, 1] + 3 * s * t**2 * b[:, 2] + t**3 * b[:, 3]
    # Before the points along its segments each curve has its first point.
    sampled = np.empty((len(which) + len(starts), 2))
    sampled[number + curve_of[which] + 1] = curve
    lengths = np.bincount(curve_of, counts, len(starts)).astype(np.intp) + 1
    firsts = np.cumsum(lengths) - lengths
    sampled[firsts] = p[starts]
    return sampled, firsts
