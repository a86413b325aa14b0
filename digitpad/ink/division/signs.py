"""Signs within numbers: points, commas, minus signs or hyphens, and colons.

A sign is known by its place and size beside its neighbours alone. What it looks like otherwise is
looked at by no network: a dot is a dot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.pieces import Piece

    Floats = NDArray[np.float64]

SIGNS = (".", ",", "-", ":")
"""All signs that are known."""

_WORTH = 7.0
"""What a sign adds to a division if nothing speaks against it; see `digitpad.recognition.division`.
Found by trying numbers with and without signs."""

_LEAST = 2.0
"""With less worth than this it is no sign."""

_TALLER = 2.2
"""A neighbour is higher than a sign by this factor, at least, ..."""

_LONGEST = 1.3
"""... and no sign is longer than this share of a neighbour's height."""

_REACH = 1.4
"""How far from its neighbour a sign stands, at most, as a share of the neighbour's height."""

_ABOVE, _BELOW = 0.05, 0.55
"""How far above and below a neighbour a sign may lie, as shares of the neighbour's height."""

_TALL = 0.6
"""A neighbour is no lower than this share of the highest near it: what is lower is part of one."""

_STACKED = 6.0
"""What speaks against a sign with another like it right above or below it."""

_CLEAR = 0.12
"""Distance from other ink, from which on nothing speaks against a sign, as a share of the height
of the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """Pieces that may be a sign.

    Attributes:
        sources: what it consists of, ascending.
        probabilities: of each of SIGNS, if it is one of them; their sum is 1.
        worth: what it adds to a division.
    """

    sources: tuple[int, ...]
    probabilities: tuple[float, ...]
    worth: float


class _Ink(NamedTuple):
    """The pieces of a source together.

    Attributes:
        source: its number.
        points: float64 (n, 2).
        low: left and top.
        high: right and bottom.
    """

    source: int
    points: Floats
    low: Floats
    high: Floats

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        width, height = (self.high - self.low).tolist()
        return width, height

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its bounds."""
        x, y = ((self.low + self.high) / 2).tolist()
        return x, y


class _Seen(NamedTuple):
    """How something stands beside its neighbours; lengths are shares of the line's height.

    Attributes:
        left, top, right, bottom: its bounds; the line goes from 0 to 1, the neighbours' middle is
            where x is 0.
        gap: distance from other ink, at most _CLEAR.
        shared: how far it reaches over or under a neighbour.
        is_stacked: whether another like it lies right above or below it.
        has_left: whether a neighbour stands left of it.
        levels: how high its middle is beside one neighbour, and beside the other one: the least
            and the most, where 0 is the neighbour's top and 1 its foot.
    """

    left: float
    top: float
    right: float
    bottom: float
    gap: float
    shared: float
    is_stacked: bool
    has_left: bool
    levels: tuple[float, float]

    def against(self, near: float, over: float) -> float:
        """What speaks against any sign in this place, with weights for two reasons."""
        return (
            (_STACKED if self.is_stacked else 0.0)
            + _beyond(_CLEAR - self.gap, 0.0, near)
            + _beyond(self.shared, 0.08, over)
        )


def signs_of(pieces: Sequence[Piece]) -> list[Sign]:
    """What may be signs among all pieces of a drawing.

    Everything is measured by neighbours in line, so it depends on no scale, place or order.
    """
    inks = _inks(pieces)
    if len(inks) < 2:
        return []
    sizes = np.array([ink.size for ink in inks])
    small = [
        ink
        for ink, (width, height) in zip(inks, sizes.tolist(), strict=True)
        if (sizes[:, 1] >= max(_TALLER * height, width / _LONGEST, 1e-9)).any()
    ]
    found = [sign for ink in small for sign in _single(ink, inks)]
    found.extend(_colons(small, inks))
    return sorted(found, key=lambda sign: sign.sources)


def _inks(pieces: Sequence[Piece]) -> list[_Ink]:
    of: dict[int, list[Floats]] = {}
    for piece in pieces:
        of.setdefault(piece.source, []).append(piece.points)
    found = []
    for source, each in sorted(of.items()):
        points = np.concatenate(each)
        found.append(_Ink(source, points, points.min(axis=0), points.max(axis=0)))
    return found


def _single(ink: _Ink, inks: Sequence[_Ink]) -> Iterator[Sign]:
    """A point or a comma, or a minus."""
    seen = _seen((ink,), inks)
    if seen is None:
        return
    for worth, shares in (_point(seen), _minus(seen)):
        if worth >= _LEAST:
            yield Sign((ink.source,), shares, worth)


def _point(seen: _Seen) -> tuple[float, tuple[float, ...]]:
    """The worth of a point or a comma, and how probable each sign is."""
    width, height = seen.right - seen.left, seen.bottom - seen.top
    length = math.hypot(width, height)
    against = (
        seen.against(50.0, 8.0)
        + _beyond(length, 0.35, 20.0)
        + _beyond(width, 0.22, 40.0)
        + _beyond(0.72 - seen.top, 0.0, 15.0)
        + _beyond(0.88 - seen.bottom, 0.0, 15.0)
        + _beyond(seen.top, 1.15, 10.0)
        + _beyond(seen.bottom, 1.45, 10.0)
        + (0.0 if seen.has_left else 1.5)
    )
    comma = 1.0 / (1.0 + math.exp(-20.0 * (length - 0.12) - 16.0 * (seen.bottom - 1.1)))
    return _WORTH - against, (1.0 - comma, comma, 0.0, 0.0)


def _minus(seen: _Seen) -> tuple[float, tuple[float, ...]]:
    """The worth of a minus or a hyphen, and how probable each sign is."""
    width, height = seen.right - seen.left, seen.bottom - seen.top
    y = (seen.top + seen.bottom) / 2
    against = (
        seen.against(90.0, 25.0)
        + _beyond(0.18 - width, 0.0, 30.0)
        + _beyond(width, 0.9, 6.0)
        + _beyond(height / width if width else 1.0, 0.3, 15.0)
        + _beyond(height, 0.15, 15.0)
        + _beyond(0.32 - y, 0.0, 25.0)
        + _beyond(y, 0.72, 25.0)
        # In the middle of both neighbours, even if one is larger or lower.
        + _beyond(0.25 - seen.levels[0], 0.0, 25.0)
        + _beyond(seen.levels[1], 0.8, 25.0)
    )
    return _WORTH - against, (0.0, 0.0, 1.0, 0.0)


def _colons(small: Sequence[_Ink], inks: Sequence[_Ink]) -> Iterator[Sign]:
    """Two dots, the one above the other."""
    for upper in small:
        for lower in small:
            if upper.middle[1] >= lower.middle[1]:
                continue
            seen = _seen((upper, lower), inks)
            if seen is None:
                continue
            above, below = _seen((upper,), inks), _seen((lower,), inks)
            if above is None or below is None:
                continue
            sizes = [
                math.hypot(one.right - one.left, one.bottom - one.top) for one in (above, below)
            ]
            apart = (below.top + below.bottom - above.top - above.bottom) / 2
            aside = abs(below.left + below.right - above.left - above.right) / 2
            against = (
                seen.against(50.0, 8.0)
                + _beyond(max(sizes), 0.18, 60.0)
                + _beyond(0.2 - apart, 0.0, 30.0)
                + _beyond(apart, 0.85, 15.0)
                + _beyond(aside, 0.3 * apart, 15.0)
                + _beyond(-seen.top, 0.0, 15.0)
                + _beyond(0.5 - seen.bottom, 0.0, 15.0)
                + _beyond(seen.bottom, 1.1, 15.0)
                + (0.0 if seen.has_left else 2.0)
            )
            # It is in place of two parts.
            worth = 2.0 * _WORTH - against
            if worth >= 2.0 * _LEAST:
                sources = tuple(sorted((upper.source, lower.source)))
                yield Sign(sources, (0.0, 0.0, 0.0, 1.0), worth)


def _beyond(value: float, limit: float, weight: float) -> float:
    """What speaks against a value beyond a limit."""
    return weight * max(value - limit, 0.0)


def _seen(parts: Sequence[_Ink], inks: Sequence[_Ink]) -> _Seen | None:
    """How something stands beside its neighbours in line; None without any, or within another."""
    low = np.min([ink.low for ink in parts], axis=0)
    high = np.max([ink.high for ink in parts], axis=0)
    own = {ink.source for ink in parts}
    others = [ink for ink in inks if ink.source not in own]
    highest = max(ink.size[1] for ink in parts)
    width = max(ink.size[0] for ink in parts)
    near = [one for one in others if _is_neighbour(one, low, high, highest, width)]
    x = float(low[0] + high[0]) / 2
    sides = [
        _nearest([one for one in near if (one.middle[0] < x) == is_left], low, high)
        for is_left in (True, False)
    ]
    beside = [_whole(one, others) for one in sides if one is not None]
    if not beside:
        return None
    top = sum(bounds[1] for bounds in beside) / len(beside)
    scale = sum(bounds[3] for bounds in beside) / len(beside) - top
    points = np.concatenate([ink.points for ink in parts])
    gap, is_stacked = _CLEAR, False
    for other in others:
        margin = 0.08 * scale
        rows = other.points[
            (other.points[:, 1] >= low[1] - margin) & (other.points[:, 1] <= high[1] + margin), 0
        ]
        if rows.size and rows.min() < x < rows.max() and other.size[1] > highest:
            return None
        # One of two bars, or of the dots of a colon.
        is_stacked = is_stacked or _is_stacked(other, low, high, scale)
        if (np.maximum(low - other.high, other.low - high) <= _CLEAR * scale).all():
            steps = points[:, None] - other.points
            gap = min(gap, float(np.sqrt((steps**2).sum(axis=2).min())) / scale)
    # A flag may be longer than its symbol is high, which is then no neighbour.
    level = [
        one
        for one in others
        if one.size[1] > _TALLER * highest
        and float(one.low[1]) <= float(high[1]) + 0.2 * scale
        and float(one.high[1]) >= float(low[1]) - 0.2 * scale
    ]
    shared = max(
        (float((np.minimum(high, one.high) - np.maximum(low, one.low))[0]) for one in level),
        default=-scale,
    )
    left, right = ((value - x) / scale for value in (float(low[0]), float(high[0])))
    upper, lower = ((value - top) / scale for value in (float(low[1]), float(high[1])))
    has_left = sides[0] is not None
    y = float(low[1] + high[1]) / 2
    levels = sorted((y - bounds[1]) / (bounds[3] - bounds[1]) for bounds in beside)
    return _Seen(
        left,
        upper,
        right,
        lower,
        gap,
        shared / scale,
        is_stacked,
        has_left,
        (levels[0], levels[-1]),
    )


def _is_stacked(other: _Ink, low: Floats, high: Floats, scale: float) -> bool:
    """Whether something like it lies right above or below it."""
    width, height = other.size
    own = float(high[0] - low[0])
    if height > 0.25 * scale or (width > 0.25 * scale) != (own > 0.25 * scale):
        return False
    aside = abs(float(low[0] + high[0]) / 2 - other.middle[0])
    gap = max(float(low[1] - other.high[1]), float(other.low[1] - high[1]))
    return aside <= max(0.15 * scale, 0.3 * max(width, own)) and gap <= 0.9 * scale


def _is_neighbour(one: _Ink, low: Floats, high: Floats, highest: float, width: float) -> bool:
    _, height = one.size
    if height < max(_TALLER * highest, width / _LONGEST, 1e-9):
        return False
    gap = max(float(low[0] - one.high[0]), float(one.low[0] - high[0]))
    return (
        gap <= _REACH * height
        and float(high[1]) >= one.low[1] - _ABOVE * height
        and float(low[1]) <= one.high[1] + _BELOW * height
        and float(high[1]) <= one.high[1] + _BELOW * height
    )


def _nearest(some: Sequence[_Ink], low: Floats, high: Floats) -> _Ink | None:
    """The one that is nearest from left to right, of those that are no piece of a higher one."""
    highest = max((one.size[1] for one in some), default=0.0)
    tall = [one for one in some if one.size[1] >= _TALL * highest]
    return min(
        tall,
        key=lambda one: (
            max(float(low[0] - one.high[0]), float(one.low[0] - high[0])),
            -one.size[1],
            *one.low.tolist(),
        ),
        default=None,
    )


def _whole(one: _Ink, others: Sequence[_Ink]) -> tuple[float, float, float, float]:
    """The bounds of a neighbour with what else is above or below it and near, but for signs."""
    left, top = one.low.tolist()
    right, bottom = one.high.tolist()
    height = bottom - top
    for other in others:
        wide, high = other.size
        shared = min(right, float(other.high[0])) - max(left, float(other.low[0]))
        gap = max(float(other.low[1]) - bottom, top - float(other.high[1]))
        if (
            high >= 0.3 * height
            and shared >= 0.5 * min(wide, right - left)
            and gap <= 0.15 * height
        ):
            top, bottom = min(top, float(other.low[1])), max(bottom, float(other.high[1]))
    return left, top, right, bottom
