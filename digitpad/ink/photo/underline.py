"""A line under a digit that touches it, and so is a part of the same component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.photo.marks import STRAIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

_WIDER = 0.15
"""How far the line reaches beyond the digit on each side, as a share of its length."""

_LONG = 1.1
"""Length of the line as a share of the digit's height, at least: the foot of a one is shorter."""

_BELOW = 0.03
"""Most of the digit's ink that lies below the line."""


def without_underline(symbol: Mask) -> Mask:
    """A symbol, bool (h, w), without a straight line under it that is wider on both sides."""
    rows, columns = (np.flatnonzero(symbol.any(axis=axis)).tolist() for axis in (1, 0))
    if not rows:
        return symbol
    place = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    mask = symbol[place]
    width = mask.shape[1]
    # There, well before the digit begins, is nothing but the line.
    end = max(round(_WIDER / 2 * width), 1)
    y, x = np.arange(mask.shape[0])[:, None], np.arange(width)
    counts = mask.sum(axis=0)
    middles = (mask * y).sum(axis=0) / np.maximum(counts, 1)
    extents = mask.shape[0] - mask[::-1].argmax(axis=0) - mask.argmax(axis=0)
    ends = np.r_[0:end, width - end : width]
    thickness = float(np.median(counts[ends]))
    # One run of ink in each of the outermost columns, and on one line.
    if not 0 < thickness <= STRAIGHT * width or (extents[ends] > 2.0 * thickness + 1).any():
        return symbol
    left, right = float(np.median(middles[:end])), float(np.median(middles[-end:]))
    slope = (right - left) / (width - end)
    level = left + slope * (x - (end - 1) / 2)
    band = np.abs(y - level) <= 0.75 * thickness + 1.0
    rest = mask & ~band
    held = np.flatnonzero(rest.any(axis=0))
    if not len(held):
        return symbol
    tall = np.flatnonzero(rest.any(axis=1))
    is_wider = min(held[0], width - 1 - held[-1]) >= _WIDER * width
    is_long = width >= _LONG * (tall[-1] - tall[0] + 1) and len(tall) > 3 * thickness
    if not is_wider or not is_long or (rest & (y > level)).sum() > _BELOW * rest.sum():
        return symbol
    digit = np.zeros_like(symbol)
    digit[place] = rest
    return digit
