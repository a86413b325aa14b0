"""Maxima and minima over sliding windows, whose cost does not grow with the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

Level = TypeVar("Level", np.float32, np.bool_)


def largest(level: NDArray[Level], window: int) -> NDArray[Level]:
    """The maximum over a square window around each pixel of (h, w).

    Beyond the edges, the values at the edges continue. The window's side is odd, in pixels.
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


def eroded(mask: Mask) -> Mask:
    """Where a pixel and its four neighbours are set."""
    inner = np.zeros_like(mask)
    inner[1:-1, 1:-1] = (
        mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
    )
    return inner


def _along(level: NDArray[Level], window: int, axis: int, pick: np.ufunc) -> NDArray[Level]:
    result = level.T if axis else level
    margin = window // 2
    result = np.concatenate((result[:1].repeat(margin, 0), result, result[-1:].repeat(margin, 0)))
    seen = 1
    # Moved by 1, 2, 4, ...: each step doubles how many pixels a result has seen.
    while seen < window:
        step = min(seen, window - seen)
        result = pick(result[:-step], result[step:])
        seen += step
    return result.T if axis else result
