"""Candidates: sets of pieces that may be one symbol, with what their shape tells about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from digitpad.ink.division.links import SMALL
from digitpad.ink.division.pieces import box_of
from digitpad.ink.division.shapes import FEATURES, Shapes, longest_link, widest_strip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.ink.division.links import Links
    from digitpad.ink.division.pieces import Piece

    Floats = NDArray[np.float64]

MOST_SOURCES = 5
"""Sources of one symbol, at most, unless all that are linked are taken together."""

MOST_PIECES = 120
"""Linked pieces that are divided, at most: a line of some forty digits. More are a picture, and
dividing it would take seconds."""

MOST_OF_A_PIECE = 10
"""Candidates in which a piece is the leftmost, at most; those that hold together best are taken."""

_MOST_GROWN = 40
"""Sets that are grown further at a time: enough but for entangled ink."""

NEAR_A_CUT = 0.2
"""Gap between a section and another stroke of its symbol, at most, see `Links`."""

WIDEST_SLICES = 1.6
"""Width of a symbol that is a part of connected ink in a picture, as a share of the height of all
ink that is linked to it, at most."""

MOST_NEAR_A_CUT = 3
"""Sources near a section that are taken together with it, at most: the nearest ones."""

WIDEST = 1.9
"""Width of a symbol of several pieces as a share of its height, at most."""

TALL = 0.6
"""Height, as a share of their common one, from which two pieces beside each other are tall."""

PAIR = 1.1
"""Width of two tall pieces that stand apart, as a share of their height, at most: the two strokes
of an open four or of a nought."""

_CUTS = FEATURES.index("cuts")


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Pieces that may be one symbol.

    Attributes:
        members: their numbers, ascending.
        features: float64 (len(FEATURES),), see `Shapes.features`.
        is_ligature: whether it is looked at as a stroke from one symbol to the next, which belongs
            to neither. Then the same pieces are a candidate for a symbol, too.
    """

    members: tuple[int, ...]
    features: Floats
    is_ligature: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether it was cut out of something."""
        return bool(self.features[_CUTS])


def candidates_of(
    cluster: Sequence[int], pieces: Sequence[Piece], links: Links, *, is_picture: bool = False
) -> list[Candidate]:
    """The candidates of a group of linked pieces.

    Each source as a whole and the whole group are among them. Where sources are cut, there are
    all candidates of whole sources, each run of sections, runs together with sources near them,
    and each inner section as a ligature; of strokes also the end of one source with the beginning
    of another. More than MOST_PIECES are one symbol.
    """
    if len(cluster) > MOST_PIECES:
        members = tuple(sorted(cluster))
        return [Candidate(members, Shapes(cluster, pieces, links).features(members))]
    sections: dict[int, list[int]] = {}
    for i in cluster:
        sections.setdefault(pieces[i].source, []).append(i)
    for of in sections.values():
        of.sort(key=lambda i: pieces[i].index)
    wholes = [tuple(of) for of in sections.values()]
    found = set(_unions(wholes, pieces, links))
    found.update((_of_slices if is_picture else _of_sections)(wholes, pieces, links))
    found.update(wholes)
    sets = {tuple(sorted(one)) for one in (*found, tuple(cluster))}
    shapes = Shapes(cluster, pieces, links)
    symbols = [
        Candidate(members, shapes.features(members))
        for members in sorted(sets, key=lambda members: members[::-1])
    ]
    ligatures = [
        replace(one, is_ligature=True)
        for one in symbols
        if len(one.members) == 1 and pieces[one.members[0]].is_inner
    ]
    return symbols + ligatures


def _unions(
    wholes: Sequence[tuple[int, ...]], pieces: Sequence[Piece], links: Links
) -> Iterator[tuple[int, ...]]:
    """Linked sources that may be one symbol, not too many with the same leftmost one."""
    owner = {i: number for number, whole in enumerate(wholes) for i in whole}
    near: list[dict[int, float]] = [{} for _ in wholes]
    for i, number in owner.items():
        for other, gap in links.near[i].items():
            if other in owner and owner[other] != number:
                known = near[number].get(owner[other], math.inf)
                near[number][owner[other]] = min(known, gap)
    order = [(*box_of(pieces[j] for j in whole)[:2], i) for i, whole in enumerate(wholes)]
    for first in range(len(wholes)):
        found: list[tuple[float, tuple[int, ...]]] = []
        seen: set[tuple[int, ...]] = set()
        front: list[tuple[int, ...]] = [(first,)]
        while front:
            grown: list[tuple[int, ...]] = []
            for some in front:
                for i in sorted({i for one in some for i in near[one]}):
                    wider = tuple(sorted((*some, i)))
                    if i in some or order[i] < order[first] or wider in seen:
                        continue
                    seen.add(wider)
                    grown.append(wider)
                    members = tuple(j for one in wider for j in wholes[one])
                    if _may_be_one(members, pieces):
                        found.append((longest_link(wider, near) + 0.05 * len(wider), members))
            front = grown[:_MOST_GROWN] if grown and len(grown[0]) < MOST_SOURCES else []
        found.sort()
        yield from (members for _, members in found[:MOST_OF_A_PIECE])


def _of_sections(
    wholes: Sequence[tuple[int, ...]], pieces: Sequence[Piece], links: Links
) -> Iterator[tuple[int, ...]]:
    """What the sections of strokes may be, with strokes near them."""
    for whole in wholes:
        others = [one for one in wholes if one != whole]
        for run in _runs(whole):
            if len(run) == 1 or _may_be_one(run, pieces):
                yield run
            at_an_end = run[0] == whole[0] or run[-1] == whole[-1]
            yield from _with_neighbours(run, others, pieces, links, 2 if at_an_end else 1)
    cut_ones = [one for one in wholes if len(one) > 1]
    for before in cut_ones:
        for after in _nearest(before, [one for one in cut_ones if one != before], links):
            yield from _across(before, after, pieces, links)
            yield from _across(after, before, pieces, links)


def _of_slices(
    wholes: Sequence[tuple[int, ...]], pieces: Sequence[Piece], links: Links
) -> Iterator[tuple[int, ...]]:
    """What the slices of ink in a picture may be, with ink near them."""
    _, top, _, bottom = box_of(pieces[i] for whole in wholes for i in whole)
    widest = WIDEST_SLICES * (bottom - top)
    for whole in wholes:
        others = [one for one in wholes if one != whole]
        for run in _runs(whole):
            if len(run) > 1 and _width(run, pieces) > widest:
                continue
            yield run
            if run[0] == whole[0] or run[-1] == whole[-1]:
                beside = list(_with_one(run, others, pieces, links))
                yield from (members for members, _ in beside)
                yield from _with_two(run, beside, pieces)


def _runs(whole: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Runs of the sections of a source, without all of it."""
    count = len(whole)
    for start in range(count):
        for end in range(start + 1, count + 1):
            if end - start < count:
                yield whole[start:end]


def _with_neighbours(
    run: tuple[int, ...],
    others: Sequence[tuple[int, ...]],
    pieces: Sequence[Piece],
    links: Links,
    most: int,
) -> Iterator[tuple[int, ...]]:
    """A run of sections with a source that is near it, and with one more, if so many may be."""
    near = _nearest(run, others, links)
    found = [(*run, *other) for other in near]
    if most > 1:
        for first in near:
            rest = [other for other in others if other != first]
            found += [(*run, *first, *other) for other in _nearest((*run, *first), rest, links)]
    return (members for members in found if _may_be_one(members, pieces))


def _across(
    before: tuple[int, ...], after: tuple[int, ...], pieces: Sequence[Piece], links: Links
) -> Iterator[tuple[int, ...]]:
    """Sections at the end of one source with sections at the beginning of another, if near."""
    for start in range(1, len(before)):
        for end in range(1, len(after)):
            ends = before[start:], after[:end]
            members = (*ends[0], *ends[1])
            if _gap(*ends, links) <= NEAR_A_CUT and _may_be_one(members, pieces):
                yield members


def _nearest(
    some: Sequence[int], others: Sequence[tuple[int, ...]], links: Links
) -> list[tuple[int, ...]]:
    """Those of other sources that are near some pieces, the nearest ones first."""
    gaps = [_gap(some, other, links) for other in others]
    order = sorted(range(len(others)), key=gaps.__getitem__)
    return [others[i] for i in order[:MOST_NEAR_A_CUT] if gaps[i] <= NEAR_A_CUT]


def _gap(some: Sequence[int], others: Sequence[int], links: Links) -> float:
    """Between two sets of pieces, see `Links`; infinite where they are not linked."""
    return min(links.near[i].get(j, math.inf) for i in some for j in others)


def _with_one(
    run: tuple[int, ...],
    others: Sequence[tuple[int, ...]],
    pieces: Sequence[Piece],
    links: Links,
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """A run of slices with one source that is near it or small, and the latter."""
    for other in others:
        members = (*run, *other)
        gap = _gap(run, other, links)
        is_small = _height(other, pieces) <= SMALL * _height(run, pieces)
        is_near = gap <= NEAR_A_CUT or (is_small and gap < math.inf)
        if is_near and _may_be_one(members, pieces):
            yield members, other


def _with_two(
    run: tuple[int, ...],
    beside: Sequence[tuple[tuple[int, ...], tuple[int, ...]]],
    pieces: Sequence[Piece],
) -> Iterator[tuple[int, ...]]:
    """A run of slices with two small sources that are near it."""
    small = [other for _, other in beside if _height(other, pieces) <= SMALL * _height(run, pieces)]
    for one, other in combinations(small, 2):
        members = (*run, *one, *other)
        if _may_be_one(members, pieces):
            yield members


def _may_be_one(members: tuple[int, ...], pieces: Sequence[Piece]) -> bool:
    left, top, right, bottom = box_of(pieces[i] for i in members)
    width, height = right - left, bottom - top
    if width > WIDEST * height:
        return False
    before, after, strip = widest_strip(members, pieces)
    if strip <= 0.1 * height:
        return True
    is_pair = min(_height(before, pieces), _height(after, pieces)) >= TALL * height
    return not is_pair or width <= PAIR * height


def _height(members: Sequence[int], pieces: Sequence[Piece]) -> float:
    _, top, _, bottom = box_of(pieces[i] for i in members)
    return bottom - top


def _width(members: Sequence[int], pieces: Sequence[Piece]) -> float:
    left, _, right, _ = box_of(pieces[i] for i in members)
    return right - left
