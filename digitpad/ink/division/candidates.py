"""Candidates: sets of pieces that may be one symbol, with what their shape tells about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.links import Links
    from digitpad.ink.division.pieces import Piece

    Floats = NDArray[np.float64]

MOST_SOURCES = 5
"""Strokes of one symbol, at most, unless all strokes that are linked are taken together."""

MOST_OF_A_PIECE = 10
"""Candidates in which a piece is the leftmost, at most; those that hold together best are taken."""

WIDEST = 1.9
"""Width of a symbol of several pieces as a share of its height, at most."""

TALL = 0.6
"""Height, as a share of their common one, from which two pieces beside each other are tall."""

PAIR = 1.1
"""Width of two tall pieces that stand apart, as a share of their height, at most: the two strokes
of an open four or of a nought."""

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
)
"""Names of the features of a candidate's shape."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Pieces that may be one symbol.

    Attributes:
        pieces: their numbers, as the bits of an integer.
        members: the same, ascending.
        features: float64 (len(FEATURES),), see `features_of`.
    """

    pieces: int
    members: tuple[int, ...]
    features: Floats


def candidates_of(cluster: Sequence[int], pieces: Sequence[Piece], links: Links) -> list[Candidate]:
    """The candidates of a group of linked pieces.

    Each piece alone, each source as a whole, and the whole group are among them.
    """
    sets: dict[int, tuple[int, ...]] = {}
    for first in cluster:
        found = [
            members for members in _connected(first, pieces, links) if _may_be_one(members, pieces)
        ]
        found.sort(key=lambda members: _looseness(members, links))
        for members in found[:MOST_OF_A_PIECE]:
            sets[_bits(members)] = members
    wholes: dict[int, list[int]] = {}
    for i in cluster:
        sets[1 << i] = (i,)
        wholes.setdefault(pieces[i].source, []).append(i)
    for whole in (*wholes.values(), list(cluster)):
        sets[_bits(whole)] = tuple(sorted(whole))
    return [
        Candidate(bits, members, features_of(members, cluster, pieces, links))
        for bits, members in sorted(sets.items())
    ]


def _bits(members: Sequence[int]) -> int:
    return sum(1 << i for i in members)


def _connected(first: int, pieces: Sequence[Piece], links: Links) -> Iterator[tuple[int, ...]]:
    """Connected sets whose leftmost piece is this one, of few sources."""
    order = {i: (float(piece.low[0]), float(piece.low[1]), i) for i, piece in enumerate(pieces)}
    seen: set[tuple[int, ...]] = {(first,)}
    front: list[tuple[int, ...]] = [(first,)]
    while front:
        yield from front
        grown: list[tuple[int, ...]] = []
        for members in front:
            near = np.flatnonzero(np.isfinite(links.gaps[list(members)]).any(axis=0)).tolist()
            for i in near:
                if i in members or order[i] < order[first]:
                    continue
                wider = tuple(sorted((*members, i)))
                if wider not in seen and _is_plausible(wider, pieces):
                    seen.add(wider)
                    grown.append(wider)
        front = grown[:200]


def _is_plausible(members: tuple[int, ...], pieces: Sequence[Piece]) -> bool:
    """Few sources, not more than one of them in part, and that without a hole."""
    by_source: dict[int, list[int]] = {}
    for i in members:
        by_source.setdefault(pieces[i].source, []).append(pieces[i].index)
    if len(by_source) > MOST_SOURCES:
        return False
    return all(max(of) - min(of) == len(of) - 1 for of in by_source.values())


def _may_be_one(members: tuple[int, ...], pieces: Sequence[Piece]) -> bool:
    by_source: dict[int, int] = {}
    for i in members:
        by_source[pieces[i].source] = by_source.get(pieces[i].source, 0) + 1
    if sum(count < _count(source, pieces) for source, count in by_source.items()) > 1:
        return False
    if len(by_source) < 2:
        return True
    low = np.min([pieces[i].low for i in members], axis=0)
    high = np.max([pieces[i].high for i in members], axis=0)
    width, height = (high - low).tolist()
    if width > WIDEST * height:
        return False
    left, right, strip = _strip(members, pieces)
    if strip <= 0.1 * height:
        return True
    is_pair = min(_height(left, pieces), _height(right, pieces)) >= TALL * height
    return not is_pair or width <= PAIR * height


def _count(source: int, pieces: Sequence[Piece]) -> int:
    return next(piece.count for piece in pieces if piece.source == source)


def _height(members: Sequence[int], pieces: Sequence[Piece]) -> float:
    return float(max(pieces[i].high[1] for i in members) - min(pieces[i].low[1] for i in members))


def _strip(
    members: Sequence[int], pieces: Sequence[Piece]
) -> tuple[Sequence[int], Sequence[int], float]:
    """The widest empty strip from top to bottom between pieces, and what is left and right of it.

    Without one, all are left of it, and its width is 0.
    """
    ordered = sorted(members, key=lambda i: float(pieces[i].low[0]))
    best: tuple[Sequence[int], Sequence[int], float] = (ordered, ordered, 0.0)
    edge = float(pieces[ordered[0]].high[0])
    for place, i in enumerate(ordered[1:], 1):
        strip = float(pieces[i].low[0]) - edge
        if strip > best[2]:
            best = ordered[:place], ordered[place:], strip
        edge = max(edge, float(pieces[i].high[0]))
    return best


def _looseness(members: tuple[int, ...], links: Links) -> float:
    """How far a candidate's pieces are apart; its size decides between those that touch."""
    return _longest_link(members, links) + 0.05 * len(members)


def _longest_link(members: Sequence[int], links: Links) -> float:
    """The longest of the shortest links that connect all pieces (a minimum spanning tree)."""
    inside, outside = [members[0]], set(members[1:])
    longest = 0.0
    while outside:
        gaps = {i: float(links.gaps[i, inside].min()) for i in outside}
        nearest = min(gaps, key=gaps.__getitem__)
        longest = max(longest, gaps[nearest])
        inside.append(nearest)
        outside.remove(nearest)
    return longest


def features_of(
    members: Sequence[int], cluster: Sequence[int], pieces: Sequence[Piece], links: Links
) -> Floats:
    """What a candidate's shape and place tell, float64 (len(FEATURES),), each about 0 to 2.

    - strokes: sources beyond the first;
    - apart: the longest gap between its pieces, see `Links`;
    - strip: the widest empty strip within it, as a share of its height;
    - cuts: how often a stroke is cut at its ends;
    - wide: how much wider than high it is, beyond 0.9, at most 2;
    - inside: ink of others within its bounds, as a share of its own, at most 1;
    - small: how much larger the largest piece beside it is, as a logarithm from 1.4 times, at most
      2;
    - touching: whether others touch it;
    - flat: 1 for what has no height, 0 from a third of its width.
    """
    inside = set(members)
    low = np.min([pieces[i].low for i in members], axis=0)
    high = np.max([pieces[i].high for i in members], axis=0)
    width, height = (high - low).tolist()
    size = max(width, height) or 1.0
    tall = max(height, 0.3 * size)
    longest = _longest_link(members, links) if len(members) > 1 else 0.0
    longest = 1.0 if np.isinf(longest) else longest
    taken = {(pieces[i].source, pieces[i].index) for i in members}
    cut = sum(
        0 <= pieces[i].index + step < pieces[i].count
        and (pieces[i].source, pieces[i].index + step) not in taken
        for i in members
        for step in (-1, 1)
    )
    others = [i for i in cluster if i not in inside]
    foreign, larger, touching = 0.0, 0.0, 0.0
    if others:
        margin = 0.04 * (high - low)
        for i in others:
            if (pieces[i].low < high).all() and (pieces[i].high > low).all():
                points = pieces[i].points
                held = ((points > low + margin) & (points < high - margin)).all(axis=1)
                foreign += float(held.mean()) * pieces[i].size / size
        gaps = links.gaps[np.ix_(list(members), others)].min(axis=0)
        near = [(i, gap) for i, gap in zip(others, gaps.tolist(), strict=True) if np.isfinite(gap)]
        for i, gap in near:
            larger = max(larger, pieces[i].size)
            is_cut = any(pieces[j].source == pieces[i].source for j in members)
            if not is_cut and gap <= 0.03:
                touching = 1.0
    small = float(np.clip(np.log(larger / size) - 0.34, 0.0, 2.0)) if larger else 0.0
    return np.array(
        [
            len({pieces[i].source for i in members}) - 1,
            longest,
            max(_strip(members, pieces)[2] / tall, 0.0),
            cut,
            min(max(width / tall - 0.9, 0.0), 2.0),
            min(foreign, 1.0),
            small,
            touching,
            max(1.0 - 3.0 * height / width, 0.0) if width else 0.0,
        ]
    )
