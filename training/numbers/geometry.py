"""Digits as bare strokes: their size, how close two may stand, and the ligature between them.

Lengths are heights of a digit; y points down, and a digit stands on y = 0.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import sample_curve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

    Points: TypeAlias = NDArray[np.float64]
    Strokes: TypeAlias = list[Points]

_SPACING = 0.01
_ROWS = 25
"""Rows to a height, in which the room between two digits is looked for."""

_TOP, _BOTTOM = -3.0, 2.0
"""Where the rows begin and end, in heights."""

_DIRECTION = 0.12
"""Length at the end of a stroke that tells where the pen was going."""

_TENSION = 0.4
"""How far a ligature goes on as the pen was going, as a share of its chord."""


def upright(drawing: Drawing) -> Strokes:
    """The strokes of a digit, 1 high, on y = 0, from x = 0; a flat one at most 1.3 wide."""
    strokes = [stroke.points for stroke in drawing.strokes]
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    width, height = (high - low).tolist()
    scale = max(height, width / 1.3) or 1.0
    origin = np.array([low[0], high[1]])
    return [(stroke - origin) / scale for stroke in strokes]


def sheared(strokes: Strokes, slant: float, width: float, height: float) -> Strokes:
    """Strokes stretched by width and height and then leaning by slant (x for each y upwards)."""
    matrix = np.array([[width, -slant * height], [0.0, height]])
    moved = [stroke @ matrix.T for stroke in strokes]
    left = min(stroke[:, 0].min() for stroke in moved)
    return [stroke - np.array([left, 0.0]) for stroke in moved]


def left_of(strokes: Strokes) -> float:
    """Least x."""
    return float(min(stroke[:, 0].min() for stroke in strokes))


def right_of(strokes: Strokes) -> float:
    """Greatest x."""
    return float(max(stroke[:, 0].max() for stroke in strokes))


def room(left: Strokes, right: Strokes) -> float:
    """How far the right strokes can go to the left before they touch the left ones.

    Rows next to each other count as one, so that it is the distance of the curves, nearly; inf if
    they have no row in common.
    """
    ends = _per_row(left, np.maximum, -np.inf)
    starts = _per_row(right, np.minimum, np.inf)
    widened = np.maximum(ends, np.maximum(np.roll(ends, 1), np.roll(ends, -1)))
    return float((starts - widened).min())


def _per_row(strokes: Strokes, extreme: np.ufunc, start: float) -> Points:
    rows = np.full(round((_BOTTOM - _TOP) * _ROWS), start)
    points = np.concatenate([sample_curve(stroke, _SPACING) for stroke in strokes])
    index = ((points[:, 1] - _TOP) * _ROWS).astype(np.intp).clip(0, len(rows) - 1)
    extreme.at(rows, index, points[:, 0])
    return rows


def ligature(before: Points, after: Points) -> Points:
    """Points of a smooth curve from the last point of a stroke to the first of another.

    It leaves and arrives as the pen was going, and its points lie as close as theirs.

    Args:
        before: float64 (n, 2), n >= 1.
        after: float64 (n, 2), n >= 1.

    Returns:
        float64 (k, 2), k >= 1, without the two ends.
    """
    curve = _bezier(before, after)
    spacing = float(np.median([_step(before), _step(after)]))
    count = max(round(_length(curve) / spacing), 2)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))))
    wanted = np.linspace(0.0, along[-1], count + 1)[1:-1]
    return np.stack([np.interp(wanted, along, curve[:, i]) for i in (0, 1)], axis=1)


def strain(left: Strokes, right: Strokes) -> float:
    """How unnatural it is to go on from one digit to the next; below 1.3, most people might.

    It grows with the length of the ligature, with its turns, and with what of it runs through the
    inside of a digit, where it reads as a stroke of that.
    """
    before, after = left[-1], right[0]
    chord = after[0] - before[-1]
    leaving, arriving = (
        math.acos(float(np.clip(_unit(chord) @ way, -1.0, 1.0)))
        for way in (-_way(before[::-1]), _way(after))
    )
    # Whoever arrives at a 0 turns back on its top, where it begins.
    turns = 0.25 * leaving + 0.05 * arriving
    backwards = max(0.1 - float(chord[0]), 0.0)
    curve = _bezier(before, after)
    inside = sum(_length(curve[_is_inside(curve, digit)]) for digit in (left, right))
    return float(np.hypot(*chord)) + turns + 3.0 * backwards + 3.0 * inside


def way_out(strokes: Strokes) -> float:
    """How far the end of a digit lies left of its middle: from there, nobody goes on."""
    left, right = left_of(strokes), right_of(strokes)
    return max((left + right) / 2 - 0.05 - float(strokes[-1][-1, 0]), 0.0)


def _is_inside(points: Points, digit: Strokes) -> NDArray[np.bool_]:
    """Which points lie well within the box of a digit, float64 (n, 2)."""
    every = np.concatenate(digit)
    low, extent = every.min(axis=0), np.ptp(every, axis=0)
    share = (points - low) / np.maximum(extent, 0.1)
    inner: NDArray[np.bool_] = (np.abs(share - 0.5) < (0.38, 0.33)).all(axis=1)
    return inner


def _bezier(before: Points, after: Points) -> Points:
    start, end = before[-1], after[0]
    chord = float(np.hypot(*(end - start)))
    leave = start - _way(before[::-1]) * chord * _TENSION
    arrive = end - _way(after) * chord * _TENSION
    t = np.linspace(0.0, 1.0, 60)[:, None]
    s = 1.0 - t
    curve: Points = s**3 * start + 3 * s**2 * t * leave + 3 * s * t**2 * arrive + t**3 * end
    return curve


def _way(points: Points) -> Points:
    """Direction in which a stroke begins, of length 1; of a dot, to the right."""
    far = np.hypot(*(points - points[0]).T)
    at = int(np.argmax(far >= _DIRECTION)) or int(far.argmax())
    return _unit(points[at] - points[0])


def _unit(vector: Points) -> Points:
    length = float(np.hypot(*vector))
    return vector / length if length > 0 else np.array([1.0, 0.0])


def _step(points: Points) -> float:
    steps = np.hypot(*np.diff(points, axis=0).T)
    steps = steps[steps > 0]
    return float(np.median(steps)) if len(steps) else 0.05


def _length(points: Points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def is_bar(stroke: Points, within: Sequence[Points]) -> bool:
    """Whether a stroke is level and wide: the bar of a 7, the flag of a 5."""
    width, height = np.ptp(stroke, axis=0).tolist()
    whole = float(np.ptp(np.concatenate(within)[:, 1])) or 1.0
    return bool(width > 0.2 * whole and height < 0.3 * whole and width > 1.5 * height)
