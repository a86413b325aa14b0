"""Where ink that is connected may be several symbols: cheapest cuts through it.

A cut is a seam from top to bottom (as in seam carving, Avidan and Shamir 2007; for touching digits
e.g. Lu 1995): each step goes to one of the three pixels below, ink costs, and so does going aside.
Symbols that touch are parted by a seam that crosses about one stroke; within most digits a seam
crosses two or three. Too many cuts are no harm, for what is cut can be joined again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.photo.whole_strokes import stroke_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float32]

_PAPER = 0.02
"""Cost of a pixel of paper, that of one of ink being 1."""

_CROSSING = 0.15
"""Most ink between two seams that is on the wrong side, as a share of that on the right one."""

_SLANTS = (0.0, -0.15, 0.15, -0.3, 0.3, -0.5, 0.5)
"""Directions of seams: columns aside for each row down."""

_DEEP, _FUSED = 0.5, 0.05
"""Ink that is so far from paper, in strokes, is where strokes meet: there it costs less."""

_ASIDE = 0.3
"""Cost of a step aside."""

_DIAGONAL = 1.4
"""How much longer than a step down a step aside is in ink."""

_WORTH = (
    -5.33,
    0.14,
    -1.57,
    -1.03,
    5.09,
    2.53,
    -0.39,
    -4.32,
    0.06,
    -1.51,
    -0.43,
    -0.04,
)
"""How probable it is that a seam parts two digits, as a logistic regression over what `_features`
gives. Fitted on numbers of the writers for training and on MNIST's training digits, most of which
touched."""

_REACH = 7
"""Place of how far both sides reach over each other among `_features`."""

_UNLIKELY, _LIKELY = -4.0, -2.0
"""A seam of less worth is none; seams of more may be more than are looked for ..."""

_AT_MOST = 2.2
"""... by this factor, at most."""

_LEAST = 0.05
"""Least ink of a slice, as a share of a symbol's."""

_DIGIT = 0.75
"""Width of a usual digit as a share of its height."""

_NARROW, _USUAL = 0.45, 0.55
"""Width as a share of the height: what is narrower is not cut, or once."""

_FLAG = 0.4
"""Height as a share of a symbol's; what is lower, such as the flag of a five, is not cut."""

_EACH = 4.0
"""Cuts that are looked for in ink as wide as it is high."""

_MOST_CUTS = 24
"""In one component."""


class Seam(NamedTuple):
    """What a cut between two slices is like.

    Attributes:
        row: where it crosses the ink, in the mean.
        reach: how far both sides reach over each other, as a share of the height, from -0.5 to 1.5.
        crossings: at how many places it crosses ink, at most 5.
        way: the ink on its way, in strokes, at most 8.
        worth: how probable it is, by all this, that it parts two digits, as a logit.
    """

    row: float
    reach: float
    crossings: float
    way: float
    worth: float


class Slices(NamedTuple):
    """Connected ink in slices.

    Attributes:
        of: int64 (h, w), the slice that a pixel belongs to, counted from the left; outside of the
            ink it means nothing.
        seams: between each two of them.
    """

    of: Ints
    seams: tuple[Seam, ...] = ()


def cut_across(mask: Mask, symbol: float) -> Slices:
    """Connected ink in slices.

    Args:
        mask: bool (h, w), the ink, cut to its bounds.
        symbol: height of the symbols that it may be a piece of; its own or more.
    """
    width = mask.shape[1]
    slices = np.zeros(mask.shape, np.int64)
    count = _cuts(width / symbol)
    if not count or min(mask.shape) < 4 or len(mask) < _FLAG * symbol:
        return Slices(slices)
    found = _seams(mask, symbol, count)
    if not found:
        return Slices(slices)
    for columns, _ in found:
        slices += np.arange(width) >= columns[:, None]
    slices = _mended(mask, slices)
    # Slices that lost all their ink are not counted.
    held = np.unique(slices[mask])
    seams = tuple(found[i - 1][1] for i in held[1:].tolist())
    return Slices(np.searchsorted(held, slices), seams)


def _cuts(shape: float) -> int:
    """How many cuts are looked for in ink of this width, as a share of its height."""
    if shape < _USUAL:
        return int(shape >= _NARROW)
    return min(max(round(_EACH * shape), 2), _MOST_CUTS)


def _seams(mask: Mask, symbol: float, count: int) -> list[tuple[Ints, Seam]]:
    """The best seams, about so many: int64 (h,) each, the first column on the right side."""
    height, width = mask.shape
    least = _LEAST * int(mask.sum()) / max(width / (_DIGIT * symbol), 1.0)
    stroke, cost = _ink_cost(mask)
    every, slant = _every_seam(cost)
    before: Ints = np.zeros((height, width + 1), np.int64)
    np.cumsum(mask, axis=1, out=before[:, 1:])
    # How much ink lies left of each seam, row by row.
    left = before[np.arange(height), every]
    features = _features(mask, symbol, stroke, every, left)
    worth = features @ np.array(_WORTH[:-1]) + _WORTH[-1] * slant
    chosen = [np.zeros(height, np.int64), before[:, -1]]
    # A seam may run right of the last column.
    padded = np.pad(mask, ((0, 0), (0, 1)))
    seams: list[tuple[Ints, Seam]] = []
    most = max(min(round(_AT_MOST * count), _MOST_CUTS), count)
    for i in np.argsort(-worth, kind="stable").tolist():
        is_enough = len(seams) >= (count if worth[i] < _LIKELY else most)
        if worth[i] < _UNLIKELY or is_enough:
            break
        if all(_is_beside(left[i], other, least) for other in chosen):
            chosen.append(left[i])
            held = padded[np.arange(height), every[i]]
            row = float(np.flatnonzero(held).mean()) if held.any() else height / 2
            _, way, more, never, *_ = features[i].tolist()
            crossings = 0.0 if never else 1.0 + more
            seam = Seam(row, float(features[i, _REACH]), crossings, way, float(worth[i]))
            seams.append((every[i], seam))
    return sorted(seams, key=lambda seam: int(seam[0].sum()))


def _features(
    mask: Mask, symbol: float, stroke: float, seams: Ints, left: Ints
) -> NDArray[np.float64]:
    """What seams, int64 (n, h), tell by what they part, float64 (n, 11).

    - 1;
    - the ink on the way, in strokes, at most 8;
    - at how many places but the first it crosses ink, at most 4;
    - whether it crosses none;
    - the height of the lower side, as a share of a symbol's, at most 1;
    - the ink of the lighter side, as a share of a usual symbol's, at most 1; and beyond 0.35;
    - how far both sides reach over each other, as a share of the height, from -0.5 to 1.5;
    - how far the middle of the seam is from the nearer end, as a share of the height, at most 1;
    - how much narrower the whole is than it is high; and this with the ink on the way, at most 4.

    Args:
        mask: bool (h, w).
        symbol: height of a symbol.
        stroke: width of the strokes.
        seams: the first columns on the right side.
        left: int64 (n, h), how much ink lies left of them in each row.
    """
    height, width = mask.shape
    rows = np.arange(height)
    held = np.pad(mask, ((0, 0), (0, 1)))[rows, seams]
    crossings = held[:, 0] + (held[:, 1:] & ~held[:, :-1]).sum(axis=1)
    way = held.sum(axis=1) / stroke
    total, each = int(mask.sum()), left.sum(axis=1)
    digits = max(width / (_DIGIT * symbol), 1.0)
    lighter = (np.minimum(each, total - each) * (digits / total)).clip(0.0, 1.0)
    lower = _lower(left, mask.sum(axis=1)) / symbol
    columns = np.arange(width)
    last = np.maximum.accumulate(np.where(mask, columns, -1), axis=1)
    first = np.minimum.accumulate(np.where(mask, columns, width)[:, ::-1], axis=1)[:, ::-1]
    last = np.pad(last, ((0, 0), (1, 0)), constant_values=-1)[rows, seams].max(axis=1)
    first = np.pad(first, ((0, 0), (0, 1)), constant_values=width)[rows, seams].min(axis=1)
    middle = seams.mean(axis=1)
    narrow = max(1.0 - width / symbol, 0.0)
    return np.stack(
        (
            np.ones(len(seams)),
            way.clip(None, 8.0),
            (crossings - 1.0).clip(0.0, 4.0),
            crossings == 0,
            lower.clip(0.0, 1.0),
            lighter,
            (lighter - 0.35).clip(0.0),
            ((last - first) / symbol).clip(-0.5, 1.5),
            (np.minimum(middle, width - middle) / symbol).clip(0.0, 1.0),
            np.full(len(seams), narrow),
            narrow * way.clip(None, 4.0),
        ),
        axis=1,
    )


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


def _every_seam(cost: Floats) -> tuple[Ints, NDArray[np.float64]]:
    """The best seams along all slants, int64 (n, h), and how far each slants, float64 (n,).

    That is those whose neighbours in the middle row, along the same slant, cost more.
    """
    height, width = cost.shape
    rows, middle = np.arange(height), height // 2
    aside = np.rint(np.multiply.outer(_SLANTS, rows - middle)).astype(np.int64)
    reach = int(np.abs(aside).max())
    sheared = np.full((height, len(_SLANTS), width + 2 * reach), np.float32(_PAPER))
    for number, steps in enumerate(aside):
        sheared[rows[:, None], number, np.arange(width) + reach + steps[:, None]] = cost
    down, from_above = _cheapest(sheared[: middle + 1])
    up, from_below = _cheapest(sheared[middle:][::-1])
    through = down + up - sheared[middle]
    is_best = np.ones(through.shape, bool)
    is_best[:, 1:] &= through[:, 1:] <= through[:, :-1]
    is_best[:, :-1] &= through[:, :-1] <= through[:, 1:]
    slant, columns = np.nonzero(is_best)
    above, below = _traced(from_above, slant, columns), _traced(from_below, slant, columns)
    seams = np.concatenate((above[:, ::-1], below[:, 1:]), axis=1)
    found: Ints = (seams - reach - aside[slant]).clip(0, width)
    return found, np.abs(_SLANTS)[slant]


def _cheapest(cost: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """The cost of the cheapest way from the first row to each pixel of the last, float32 (s, w).

    And for each pixel, int8 (h, s, w), how many columns aside its way comes from.

    Args:
        cost: float32 (h, s, w): h rows of s pictures.
    """
    total = cost[0].copy()
    source = np.zeros(cost.shape, np.int8)
    for i in range(1, len(cost)):
        aside = np.float32(_ASIDE) + np.float32(_DIAGONAL) * cost[i]
        best = total + cost[i]
        for step, moved in ((-1, slice(0, -1)), (1, slice(1, None))):
            other = np.full_like(best, np.inf)
            to = slice(1, None) if step < 0 else slice(0, -1)
            other[:, to] = total[:, moved] + aside[:, to]
            is_less = other < best
            source[i][is_less] = step
            best = np.where(is_less, other, best)
        total = best
    return total, source


def _traced(source: NDArray[np.int8], picture: Ints, columns: Ints) -> Ints:
    """The columns of the ways to pixels of the last row, from there back to the first; (n, h)."""
    ways = np.empty((len(columns), len(source)), np.int64)
    at = columns.copy()
    for i in range(len(source)):
        ways[:, i] = at
        at += source[len(source) - 1 - i, picture, at]
    return ways


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
    return result
