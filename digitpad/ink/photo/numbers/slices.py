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

_SHORT, _TALL = 1.5, 0.9
"""By so many strokes a cut costs more that parts ink of no height, compared with this share of the
whole ink's height."""

_AGAIN = 0.3
"""By so many strokes a cut costs more for each place but the first at which it crosses ink: most
that touch do so at one."""

_CROSSING = 0.15
"""Most ink between two seams that is on the wrong side, as a share of that on the right one."""

_SLANTS = (0.0, -0.3, 0.3)
"""Directions of seams: columns aside for each row down."""

_UPRIGHT = 0.5
"""By so many strokes a cut along a slant costs more."""

_DEEP, _FUSED = 0.5, 0.05
"""Ink that is so far from paper, in strokes, is where strokes meet: there it costs less."""

_ASIDE = 0.12
"""Cost of a step aside."""

_DIAGONAL = 1.4
"""How much longer than a step down a step aside is in ink."""

_DEAREST = 2.7
"""Strokes that a cut crosses at most."""

_DEAREST_NARROW = 1.6
"""The same in what is no wider than a digit."""

_EDGE = 0.35
"""Nearer to an end than this share of the height, a cut is less likely."""

_AT_EDGE = 0.3
"""By so many strokes it then costs more, right at the end."""

_LEAST = 0.12
"""Least ink of a slice, as a share of a symbol's."""

_DIGIT = 0.75
"""Width of a usual digit as a share of its height."""

_NARROW, _WIDE = 0.55, 0.95
"""Width as a share of the height: what is narrower is not cut, and what is wider is surely cut."""

_MOST_CUTS = 24
"""In one component."""


def cut_across(mask: Mask, symbol: float) -> Ints:
    """Which slice of connected ink, counted from the left, a pixel belongs to.

    As int64 (h, w); outside of the ink it means nothing.

    Args:
        mask: bool (h, w), the ink, cut to its bounds.
        symbol: height of the symbols that it may be a piece of; its own or more.
    """
    width = mask.shape[1]
    slices = np.zeros(mask.shape, np.int64)
    shape = width / symbol
    count = _cuts(shape)
    if not count or min(mask.shape) < 4:
        return slices
    seams = _seams(mask, count, _DEAREST_NARROW if shape < _WIDE else _DEAREST)
    for seam in seams:
        slices += np.arange(width) >= seam[:, None]
    return _mended(mask, slices) if seams else slices


def _cuts(shape: float) -> int:
    """How many cuts are looked for in ink of this width, as a share of its height."""
    return 0 if shape < _NARROW else min(round(2.0 * shape), _MOST_CUTS)


def _seams(mask: Mask, count: int, dearest: float) -> list[Ints]:
    """The best seams, at most so many: int64 (h,) each, the first column on the right side."""
    height, width = mask.shape
    total = int(mask.sum())
    least = _LEAST * total / max(width / (_DIGIT * height), 1.0)
    stroke, cost = _ink_cost(mask)
    ranks, seams = [], []
    for slant in _SLANTS:
        ranked, found = _slanted(cost, stroke, slant)
        ranks.append(ranked + _UPRIGHT * (slant != 0.0))
        seams.append(found)
    ranked, every = np.concatenate(ranks), np.concatenate(seams)
    before: Ints = np.zeros((height, width + 1), np.int64)
    np.cumsum(mask, axis=1, out=before[:, 1:])
    left = before[np.arange(height), every]
    held = np.pad(mask, ((0, 0), (0, 1)))[np.arange(height), every]
    crossings = held[:, 0] + (held[:, 1:] & ~held[:, :-1]).sum(axis=1)
    ranked += _AGAIN * (crossings - 1.0).clip(0.0)
    ranked += _SHORT * (1.0 - _lower(left, before[:, -1]) / (_TALL * height)).clip(0.0)
    # How much ink lies left of each seam, row by row.
    chosen = [np.zeros(height, np.int64), before[:, -1]]
    seams = []
    for i in np.argsort(ranked, kind="stable").tolist():
        if ranked[i] > dearest or len(seams) == count:
            break
        if all(_is_beside(left[i], other, least) for other in chosen):
            chosen.append(left[i])
            seams.append(every[i])
    return sorted(seams, key=lambda seam: int(seam.sum()))


def _lower(left: Ints, every: Ints) -> Ints:
    """The height of the lower one of the two sides of each seam, int64 (n,).

    Args:
        left: int64 (n, h), how much ink lies left of it in each row.
        every: int64 (h,), how much there is.
    """
    sides = []
    for held in (left > 0, left < every):
        last = held.shape[1] - held[:, ::-1].argmax(axis=1)
        sides.append(np.where(held.any(axis=1), last - held.argmax(axis=1), 0))
    lower: Ints = np.minimum(*sides)
    return lower


def _is_beside(one: Ints, other: Ints, least: float) -> bool:
    """Whether there is enough ink between two seams, which hardly cross."""
    apart = one - other
    more, fewer = int(apart.clip(0).sum()), int((-apart).clip(0).sum())
    return max(more, fewer) >= least and min(more, fewer) <= _CROSSING * max(more, fewer)


def _ink_cost(mask: Mask) -> tuple[float, Floats]:
    """The width of the strokes in pixels, and what a seam through each pixel costs."""
    from scipy import ndimage

    stroke = max(stroke_width(np.pad(mask, 1)), 1.0)
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    cost = np.where(mask, np.float32(1.0), np.float32(_PAPER))
    cost[depth > _DEEP * stroke] = _FUSED
    return stroke, cost


def _slanted(cost: Floats, stroke: float, slant: float) -> tuple[NDArray[np.float64], Ints]:
    """The best seams along a slant: what each costs, in strokes, float64 (n,); int64 (n, h)."""
    height, width = cost.shape
    rows = np.arange(height)
    aside = np.rint(slant * (rows - height // 2)).astype(np.int64)
    reach = int(np.abs(aside).max())
    sheared = np.full((height, width + 2 * reach), np.float32(_PAPER))
    places = np.arange(width) + reach + aside[:, None]
    sheared[rows[:, None], places] = cost
    middle = height // 2
    down, from_above = _cheapest(sheared[: middle + 1])
    up, from_below = _cheapest(sheared[middle:][::-1])
    through = (down + up - sheared[middle]) / stroke
    columns = np.flatnonzero(
        np.r_[True, through[1:] <= through[:-1]] & np.r_[through[:-1] <= through[1:], True]
    )
    seams = np.array(
        [
            np.concatenate((_traced(from_above, one)[::-1], _traced(from_below, one)[1:]))
            for one in columns.tolist()
        ]
    )
    seams = (seams - reach - aside).clip(0, width)
    means = seams.mean(axis=1)
    near = np.minimum(means, width - means) / (_EDGE * height)
    return through[columns] + _AT_EDGE * (1.0 - near).clip(0.0), seams


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
