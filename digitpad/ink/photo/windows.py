"""Maxima and minima over sliding windows, whose cost does not grow with the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

Level = TypeVar("Level", np.float32, np.bool_)


def largest(level: NDArray[Level], window: int) -> NDArray[Level]:
    """The maximum over a square around each pixel of (h, w); beyond the edge, that goes on.

    The window's side is odd, in pixels.
    """
    for axis in (0, 1):
        level = _along(level, window, axis, np.maximum)
    return level


def smallest(level: NDArray[Level], window: int) -> NDArray[Level]:
    """The minimum, see `largest`."""
    for axis in (0, 1):
        level = _along(level, window, axis, np.minimum)
    return level


def dilated(mask: Mask, pixels: int) -> Mask:
    """A mask, bool (h, w), wider by so many pixels in all directions."""
    return largest(mask, 2 * pixels + 1)


def _along(level: NDArray[Level], window: int, axis: int, pick: np.ufunc) -> NDArray[Level]:
    # Moved by 1, 2, 4, ...: each step doubles how many pixels a result has seen.
    margin = [(0, 0), (0, 0)]
    margin[axis] = (window // 2, window // 2)
    result = np.pad(level, margin, mode="edge")
    if axis:
        result = result.T
    seen = 1
    while seen < window:
        step = min(seen, window - seen)
        result = pick(result[:-step], result[step:])
        seen += step
    return result.T if axis else result
