"""What the shape and the place of a candidate tell about whether it is one symbol."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.division.pieces import Cut, box_of, straightness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.links import Links
    from digitpad.ink.division.pieces import Piece

    Floats = NDArray[np.float64]

_TOUCHING = 0.03
"""Gap from which two pieces touch, see `Links`."""

_STEP = 2
"""Points on both sides of a cut that the pen's direction there is found with."""

_AT_A_CUT = ("cut", "overlap", "bend", "level", "across", "down")

FEATURES = (
    "strokes",
    "apart",
    "strip",
    "cuts",
    "wide",
    "inside",
    "small",
    "touching",
    "flat",
    "overlap",
    "straight",
    *(f"{side} {name}" for side in ("first", "last") for name in _AT_A_CUT),
    "low",
    "above",
    "below",
    "gap",
    "all",
    "narrow",
    "long",
)
"""Names of the features of a candidate's shape."""


class Shapes:
    """The shapes of the candidates of a group of linked pieces.

    Args:
        cluster: numbers of these.
        pieces: all.
        links: of all.
    """

    def __init__(self, cluster: Sequence[int], pieces: Sequence[Piece], links: Links) -> None:
        self._cluster = cluster
        self._pieces = pieces
        self._links = links
        _, self._top, _, self._bottom = box_of(pieces[i] for i in cluster)
        number_of = {(pieces[i].source, pieces[i].index): i for i in cluster}
        self._following = {
            i: following
            for (source, index), i in number_of.items()
            if (following := number_of.get((source, index + 1))) is not None
        }
        self._previous = {following: i for i, following in self._following.items()}
        self._cuts: dict[int, Cut] = {}
        for i, following in self._following.items():
            found = _cut_between(pieces[i], pieces[following])
            if found is not None:
                self._cuts[i] = found

    def features(self, members: Sequence[int]) -> Floats:
        """What a candidate's shape and place tell, float64 (len(FEATURES),), each about 0 to 2.

        - strokes: sources beyond the first;
        - apart: the longest gap between its pieces, see `Links`;
        - strip: the widest empty strip within it, as a share of its height;
        - cuts: how often a stroke is cut at its ends;
        - wide: how much wider than high it is, beyond 0.9, at most 2;
        - inside: ink of others within its bounds, as a share of its own, at most 1;
        - small: how much larger the largest piece beside it is, as a logarithm from 1.4 times, at
          most 2;
        - touching: whether others touch it;
        - flat: 1 for what has no height, 0 from a third of its width;
        - overlap: how far both sides of its cuts reach over each other, see `Piece`, at most 2;
        - straight: of one stroke or run of sections, see `Piece`; 0 for others;
        - first and last: where a stroke of it is cut at its beginning, and at its end: how often,
          and the sums over these cuts of the overlap, of the bend in right angles, of the place in
          height (from -0.5 at its top to 0.5 at its foot), and of the pen's direction to the right
          and down. In a picture what a `Cut` says there instead;
        - low: its height as a share of that of all linked ink, as a logarithm, at least -2;
        - above, below: how far it is from the top and the foot of all linked ink, as shares of the
          latter's height;
        - gap: to the nearest of the others, see `Links`; 1 without any;
        - all: whether it is all linked ink;
        - narrow: its width as a share of its height, at most 0.9;
        - long: the way along its strokes in fours of its size, at most 2.
        """
        pieces = self._pieces
        inside = set(members)
        left, top, right, bottom = box_of(pieces[i] for i in members)
        width, height = right - left, bottom - top
        size = max(width, height) or 1.0
        tall = max(height, 0.3 * size)
        sources = {pieces[i].source for i in members}
        near = self._links.near
        ends = [
            pieces[i].cuts[step > 0]
            for i in members
            for step, beside in ((-1, self._previous), (1, self._following))
            if i in beside and beside[i] not in inside
        ]
        larger, touching, nearest = 0.0, 0.0, 1.0
        for i in members:
            for other, gap in near[i].items():
                if other in inside:
                    continue
                larger = max(larger, pieces[other].size)
                nearest = min(nearest, gap)
                if gap <= _TOUCHING and pieces[other].source not in sources:
                    touching = 1.0
        small = min(max(math.log(larger / size) - 0.34, 0.0), 2.0) if larger else 0.0
        whole = self._bottom - self._top or 1.0
        return np.array(
            [
                len(sources) - 1,
                min(longest_link(members, near), 1.0),
                max(widest_strip(members, pieces)[2] / tall, 0.0),
                len(ends),
                min(max(width / tall - 0.9, 0.0), 2.0),
                min(self._foreign((left, top, right, bottom), inside) / size, 1.0),
                small,
                touching,
                max(1.0 - 3.0 * height / width, 0.0) if width else 0.0,
                min(sum(ends), 2.0),
                _straightness(members, pieces) if len(sources) == 1 else 0.0,
                *self._at_cuts(members, inside, (top + bottom) / 2, tall),
                max(math.log(tall / whole), -2.0),
                (top - self._top) / whole,
                (self._bottom - bottom) / whole,
                nearest,
                float(len(members) == len(self._cluster)),
                min(width / tall, 0.9),
                min(sum(pieces[i].way for i in members) / (4.0 * size), 2.0),
            ]
        )

    def _foreign(self, box: tuple[float, float, float, float], inside: set[int]) -> float:
        """Ink of others within a box: the sum of their sizes, each by its share in there."""
        left, top, right, bottom = box
        across, down = 0.04 * (right - left), 0.04 * (bottom - top)
        found = 0.0
        for i in self._cluster:
            if i in inside:
                continue
            piece = self._pieces[i]
            of_left, of_top, of_right, of_bottom = piece.box
            if of_left < right and of_right > left and of_top < bottom and of_bottom > top:
                x, y = piece.points.T
                held = (x > left + across) & (x < right - across)
                held &= (y > top + down) & (y < bottom - down)
                found += float(np.count_nonzero(held)) / len(held) * piece.size
        return found

    def _at_cuts(
        self, members: Sequence[int], inside: set[int], middle: float, tall: float
    ) -> list[float]:
        """What its first and its last cuts are like, see `features`."""
        first, last = [0.0] * len(_AT_A_CUT), [0.0] * len(_AT_A_CUT)
        if not self._cuts:
            return first + last
        for i in members:
            previous, following = self._previous.get(i), self._following.get(i)
            begins = None if previous is None or previous in inside else self._cuts.get(previous)
            ends = None if following in inside else self._cuts.get(i)
            for sums, cut in ((first, begins), (last, ends)):
                if cut is not None:
                    level = (cut.y - middle) / tall
                    row = (1.0, cut.overlap, cut.bend, level, cut.across, cut.down)
                    sums[:] = [a + b for a, b in zip(sums, row, strict=True)]
        return first + last


def _cut_between(before: Piece, after: Piece) -> Cut | None:
    """The cut between two neighbouring sections; None of very short ones."""
    if before.seam is not None:
        return before.seam
    if not before.way or min(len(before.points), len(after.points)) <= _STEP:
        return None
    (x, y), (next_x, next_y) = (
        _direction(before.points[-1] - before.points[-1 - _STEP]),
        _direction(after.points[_STEP] - after.points[0]),
    )
    turn = math.atan2(x * next_y - y * next_x, x * next_x + y * next_y)
    across, down = _direction(np.array([x + next_x, y + next_y]))
    return Cut(float(before.points[-1, 1]), before.cuts[1], abs(turn) / (math.pi / 2), across, down)


def _direction(step: Floats) -> tuple[float, float]:
    x, y = step.tolist()
    length = math.hypot(x, y)
    return (x / length, y / length) if length else (0.0, 0.0)


def widest_strip(
    members: Sequence[int], pieces: Sequence[Piece]
) -> tuple[Sequence[int], Sequence[int], float]:
    """The widest empty strip from top to bottom between pieces, and what is left and right of it.

    Without one, all are left of it, and its width is 0.
    """
    ordered = sorted(members, key=lambda i: pieces[i].box[0])
    best: tuple[Sequence[int], Sequence[int], float] = (ordered, ordered, 0.0)
    edge = pieces[ordered[0]].box[2]
    for place, i in enumerate(ordered[1:], 1):
        strip = pieces[i].box[0] - edge
        if strip > best[2]:
            best = ordered[:place], ordered[place:], strip
        edge = max(edge, pieces[i].box[2])
    return best


def longest_link(members: Sequence[int], near: Sequence[Mapping[int, float]]) -> float:
    """The longest of the shortest links that connect all members (a minimum spanning tree).

    Args:
        members: at least one.
        near: for each, its links to others; where there is none, it is infinitely long.
    """
    shortest = {i: near[members[0]].get(i, math.inf) for i in members[1:]}
    longest = 0.0
    while shortest:
        nearest = min(shortest, key=lambda i: (shortest[i], i))
        longest = max(longest, shortest.pop(nearest))
        for i, known in shortest.items():
            shortest[i] = min(known, near[nearest].get(i, math.inf))
    return longest


def _straightness(members: Sequence[int], pieces: Sequence[Piece]) -> float:
    """That of a run of sections."""
    ordered = sorted(members, key=lambda i: pieces[i].index)
    if len(ordered) == 1:
        return pieces[ordered[0]].straightness
    return straightness(np.concatenate([pieces[i].points for i in ordered]))
