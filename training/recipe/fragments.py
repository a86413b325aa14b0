"""Ink that is no whole digit: what is left out of UNIPEN's digits, by its geometry alone.

UNIPEN was cut into characters by machine, and some pieces are labelled as the digit that they were
a part of: a dot, a dash, the angle with which a 4 begins. The rules are of the ink and of nothing
else, neither its label nor what a network says of it. What cannot be told by the ink stays, such as
a straight bar that is labelled 4.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_STRAIGHT = 0.1
"""Largest distance of a straight stroke from the line between its ends, as a share of that line."""

_DASH_DEGREES = 60.0
"""Nobody's 1 leans farther from the upright."""

_SPECK = 0.1
"""A stroke no larger than so much of the drawing is a mark of the pen, and passed over."""

_SHORTER_LEG = 0.35
"""Least length of the second leg of an angle, as a share of the first."""

_LEVEL = 0.6
"""Largest slope of the second leg of an angle."""


def is_fragment(strokes: Sequence[NDArray[np.float64]]) -> bool:
    """Whether a drawing is a dot, a dash, or an angle open to the upper right.

    Args:
        strokes: float64 (n, 2) each, n >= 1, y down, in any unit.
    """
    extent = float(np.ptp(np.concatenate(strokes), axis=0).max())
    if extent == 0.0:
        return True
    large = [stroke for stroke in strokes if np.ptp(stroke, axis=0).max() > _SPECK * extent]
    if len(large) != 1:
        return False
    (stroke,) = large
    if _is_straight(stroke):
        across, down = np.abs(stroke[-1] - stroke[0])
        return math.degrees(math.atan2(across, down)) > _DASH_DEGREES
    return _is_angle(stroke)


def _is_angle(stroke: NDArray[np.float64]) -> bool:
    """Whether two straight legs go down and then to the right."""
    corner = int(_from_chord(stroke).argmax())
    first, second = stroke[: corner + 1], stroke[corner:]
    if len(first) < 3 or len(second) < 3 or not (_is_straight(first) and _is_straight(second)):
        return False
    (a_x, a_y), (b_x, b_y) = first[-1] - first[0], second[-1] - second[0]
    goes_down = a_y > abs(a_x)
    goes_right = b_x > 0 and abs(b_y) < _LEVEL * b_x
    return bool(
        goes_down and goes_right and math.hypot(b_x, b_y) > _SHORTER_LEG * math.hypot(a_x, a_y)
    )


def _is_straight(stroke: NDArray[np.float64]) -> bool:
    chord = float(np.hypot(*(stroke[-1] - stroke[0])))
    return chord > 0 and bool(_from_chord(stroke).max() < _STRAIGHT * chord)


def _from_chord(stroke: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances of the points from the line through the ends; from the first where they meet."""
    x, y = (stroke - stroke[0]).T
    along_x, along_y = stroke[-1] - stroke[0]
    chord = math.hypot(along_x, along_y)
    if chord == 0.0:
        distances: NDArray[np.float64] = np.hypot(x, y)
    else:
        distances = np.abs(x * along_y - y * along_x) / chord
    return distances
