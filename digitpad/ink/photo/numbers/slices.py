"""Where ink that is connected may be several symbols: cheapest cuts through it.

A cut is a seam from top to bottom (as in seam carving, Avidan and Shamir 2007; for touching digits
e.g. Lu 1995): each step goes to one of the three pixels below, ink costs, and so does going aside.
Symbols that touch are parted by a seam that crosses about one stroke; within most digits a seam
crosses two or three. Too many cuts are no harm, for what is cut can be joined again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.photo.whole_strokes import stroke_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float32]

_PAPER = 0.02
"""Cost of a pixel of paper, that of one of ink being 1."""

_ASIDE = 0.12
"""Cost of a step aside."""

_DIAGONAL = 1.4
"""How much longer than a step down a step aside is in ink."""

_DEAREST = 2.7
"""Strokes that a cut crosses at most."""

_DEAREST_NARROW = 1.5
"""The same in what is no wider than a digit."""

_EDGE = 0.35
"""Nearer to an end than this share of the height, a cut is less likely."""

_AT_EDGE = 0.8
"""By so many strokes it then costs more, right at the end."""

_LEAST = 0.12
"""Least ink of a slice, as a share of a symbol's."""

_DIGIT = 0.75
"""Width of a usual digit as a share of its height."""

_NARROW, _WIDE = 0.55, 0.95
"""Width as a share of the height: what is narrower is not cut, and what is wider is surely cut."""

_LOW = 0.7
"""Ink that is lower than this share of the symbols' height is cut as if it were so high."""

_MOST_CUTS = 24
"""In one component."""


def cut_across(mask: Mask, usual: float) -> Ints:
    """Which slice of connected ink, counted from the left, a pixel belongs to.

    As int64 (h, w); outside of the ink it means nothing.

    Args:
        mask: bool (h, w), the ink, cut to its bounds.
        usual: height of the symbols of the picture.
    """
    height, width = mask.shape
    slices = np.zeros(mask.shape, np.int64)
    shape = width / max(height, _LOW * usual)
    count = _cuts(shape)
    if not count or min(mask.shape) < 4:
        return slices
    seams = _seams(mask, count, _DEAREST_NARROW if shape < _WIDE else _DEAREST)
    for seam in seams:
        slices += np.arange(width) >= seam[:, None]
    return _mended(mask, slices) if seams else slices


def _cuts(shape: float) -> int:
    """How many cuts are looked for in ink of this width, as a share of its height."""
    if shape < _NARROW:
        return 0
    if shape < _WIDE:
        return 1
    return min(int(np.ceil(1.6 * shape)), _MOST_CUTS)


def _seams(mask: Mask, count: int, dearest: float) -> list[Ints]:
    """The best seams, at most so many: int64 (h,) each, the first column on the right side."""
    height, width = mask.shape
    stroke = max(stroke_width(np.pad(mask, 1)), 1.0)
    cost = np.where(mask, np.float32(1.0), np.float32(_PAPER))
    middle = height // 2
    down, from_above = _cheapest(cost[: middle + 1])
    up, from_below = _cheapest(cost[middle:][::-1])
    through = (down + up - cost[middle]) / stroke
    columns = np.arange(width)
    near = np.minimum(columns, width - 1 - columns) / (_EDGE * height)
    ranked = through + _AT_EDGE * (1.0 - near).clip(0.0)
    total = int(mask.sum())
    least = _LEAST * total / max(width / (_DIGIT * height), 1.0)
    chosen: list[Ints] = []
    areas = [0, total]
    before = np.concatenate((np.zeros((height, 1), np.int64), np.cumsum(mask, axis=1)), axis=1)
    rows = np.arange(height)
    is_least = np.r_[True, ranked[1:] <= ranked[:-1]] & np.r_[ranked[:-1] <= ranked[1:], True]
    for column in columns[is_least][np.argsort(ranked[is_least], kind="stable")].tolist():
        if ranked[column] > dearest or len(chosen) == count:
            break
        above = _traced(from_above, column)[::-1]
        seam = np.concatenate((above, _traced(from_below, column)[1:]))
        area = int(before[rows, seam].sum())
        if min(abs(area - other) for other in areas) >= least:
            chosen.append(seam)
            areas.append(area)
    return chosen


def _cheapest(cost: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """The cost of the cheapest way from the first row to each pixel of the last, float32 (w,).

    And for each pixel, int8 (h, w), how many columns aside its way comes from.
    """
    width = cost.shape[1]
    total = cost[0].copy()
    source = np.zeros(cost.shape, np.int8)
    beyond = np.float32(np.inf)
    for i in range(1, len(cost)):
        padded = np.concatenate(([beyond], total, [beyond])).astype(np.float32)
        aside = np.float32(_ASIDE) + np.float32(_DIAGONAL) * cost[i]
        ways = np.stack((padded[1:-1] + cost[i], padded[:-2] + aside, padded[2:] + aside))
        best = ways.argmin(axis=0)
        source[i] = np.array((0, -1, 1), np.int8)[best]
        total = ways[best, np.arange(width)]
    return total, source


def _traced(source: NDArray[np.int8], column: int) -> Ints:
    """The columns of the way to a pixel of the last row, from there back to the first."""
    way = np.empty(len(source), np.int64)
    for i in range(len(source)):
        way[i] = column
        column += int(source[len(source) - 1 - i, column])
    return way


def _mended(mask: Mask, slices: Ints) -> Ints:
    """With crumbs given to the slice that they touch."""
    from scipy import ndimage

    count = int(slices[mask].max()) + 1
    result = slices.copy()
    for i in range(count):
        labels, parts = ndimage.label(mask & (slices == i), np.ones((3, 3), bool))
        if parts < 2:
            continue
        sizes = np.bincount(labels.ravel(), minlength=parts + 1)
        sizes[0] = 0
        places = ndimage.find_objects(labels)
        for crumb in np.flatnonzero((sizes > 0) & (sizes < 0.1 * sizes.max())).tolist():
            rows, columns = (
                slice(max(one.start - 1, 0), one.stop + 1) for one in places[crumb - 1]
            )
            held = labels[rows, columns] == crumb
            around = ndimage.binary_dilation(held, np.ones((3, 3), bool)) & mask[rows, columns]
            beside = slices[rows, columns][around & ~held]
            beside = beside[beside != i]
            if beside.size:
                result[rows, columns][held] = np.bincount(beside).argmax()
    # Slices that lost all their ink are not counted.
    held_by = np.unique(result[mask])
    return np.searchsorted(held_by, result)
