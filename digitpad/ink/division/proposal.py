"""What a drawing may be divided into: its pieces, and the candidates for its symbols."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from digitpad.ink.division.candidates import candidates_of
from digitpad.ink.division.cuts import cuts
from digitpad.ink.division.links import Links
from digitpad.ink.division.pieces import (
    bounds_of,
    section,
    section_piece,
    sections,
    stroke_piece,
)
from digitpad.ink.division.signs import signs_of
from digitpad.ink.division.views import Frame, line_view
from digitpad.ink.parts import Part, stroke_bounds

if TYPE_CHECKING:
    from collections.abc import Container, Hashable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.ink.division.candidates import Candidate
    from digitpad.ink.division.pieces import Piece
    from digitpad.ink.division.signs import Sign
    from digitpad.ink.division.views import Box
    from digitpad.ink.drawing import Stroke


MOST_PIECES = 600
"""Pieces of a drawing that is divided, at most: a page full of digits has about half as many."""


class Ink(Protocol):
    """Ink in pieces.

    Attributes:
        is_picture: whether it is that of a picture.
    """

    is_picture: ClassVar[bool]

    @property
    def pieces(self) -> Sequence[Piece]:
        """All pieces."""

    def key(self, members: Sequence[int]) -> Hashable:
        """Equal for equal ink of some pieces."""

    def part(self, members: Sequence[int]) -> Part:
        """The ink of some pieces."""

    def box(self, member: int) -> Box:
        """The bounds of a piece's ink."""

    def view(self, frame: Frame, own: Sequence[int], others: Sequence[int]) -> NDArray[np.uint8]:
        """Some pieces among others, uint8 (LAYERS, ROWS, COLUMNS); see `views`."""

    def cut(self, sources: Sequence[int], kept: Sequence[int]) -> Ink | None:
        """Some of the ink, with some of its sources cut wherever they may be; None if nowhere.

        Args:
            sources: those that are cut.
            kept: the sources of which the new ink has the pieces, these among them.
        """


class View(NamedTuple):
    """How a candidate looks among the ink that is linked to it.

    Attributes:
        ink: holds the pieces.
        frame: what is seen.
        own: numbers of the candidate's pieces, ascending.
        others: of the others that may be seen, ascending.
        key: equal for equal views.
    """

    ink: Ink
    frame: Frame
    own: tuple[int, ...]
    others: tuple[int, ...]
    key: Hashable

    def shown(self) -> NDArray[np.uint8]:
        """Its pixels, uint8 (LAYERS, ROWS, COLUMNS)."""
        return self.ink.view(self.frame, self.own, self.others)


@dataclass(eq=False)
class Cluster:
    """Pieces that are linked, directly or not. Each cluster is divided by itself.

    Attributes:
        ink: holds them.
        members: numbers of its pieces.
        links: of the pieces.
        signs: what of them may be signs; none where no signs are read.
    """

    ink: Ink
    members: tuple[int, ...]
    links: Links
    signs: tuple[Sign, ...] = ()

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Sets of its pieces that may be one symbol; see `candidates_of`."""
        found = candidates_of(
            self.members, self.ink.pieces, self.links, is_picture=self.ink.is_picture
        )
        return tuple(found)

    @cached_property
    def members_of_signs(self) -> tuple[tuple[int, ...], ...]:
        """Numbers of the pieces of each sign, ascending."""
        of = {i: self.ink.pieces[i].source for i in sorted(self.members)}
        return tuple(
            tuple(i for i, source in of.items() if source in sign.sources) for sign in self.signs
        )

    @cached_property
    def keys(self) -> tuple[Hashable, ...]:
        """Those of its candidates, see `Ink.key`."""
        return tuple(self.ink.key(one.members) for one in self.candidates)

    @cached_property
    def views(self) -> tuple[View, ...]:
        """How its candidates look; a ligature as the symbol of the same pieces does."""
        boxes = {i: self.ink.box(i) for i in self.members}
        _, top, _, bottom = bounds_of(boxes.values())
        found: dict[tuple[int, ...], View] = {}
        for own, one in zip(self.keys, self.candidates, strict=True):
            if one.is_ligature:
                continue
            members = one.members
            frame = Frame.of([boxes[i] for i in members], bottom - top)
            seen = sorted(i for i in boxes if i not in members and frame.shows(boxes[i]))
            # A line is drawn otherwise through the points of sections than through the whole's.
            counts = tuple(self.ink.pieces[i].count for i in (*members, *seen))
            key = own, self.ink.key(seen), frame.scale, counts
            found[members] = View(self.ink, frame, members, tuple(seen), key)
        return tuple(found[one.members] for one in self.candidates)

    @property
    def key(self) -> Hashable:
        """Equal for clusters of equal ink that are divided in the same way."""
        signs = [
            (self.ink.key(members), sign.probabilities, sign.worth)
            for members, sign in zip(self.members_of_signs, self.signs, strict=True)
        ]
        return self.ink.key(self.members), tuple(signs)

    def cut(self, sources: Sequence[int]) -> Cluster | None:
        """The cluster with these sources cut; None if they cannot be."""
        kept = sorted({self.ink.pieces[i].source for i in self.members})
        finer = self.ink.cut(sources, kept)
        if finer is None:
            return None
        # A section may be too far from what the whole was linked to, so all stay together.
        links = Links(finer.pieces)
        members = sorted(range(len(finer.pieces)), key=links.middle)
        return Cluster(finer, tuple(members), links, self.signs)


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """What a drawing may be divided into.

    Attributes:
        clusters: each is divided by itself.
    """

    clusters: tuple[Cluster, ...]


def propose(ink: Ink, *, signs: bool = False) -> Proposal | None:
    """The clusters of a drawing's pieces; None for more than MOST_PIECES, which are no number.

    Args:
        ink: of the drawing.
        signs: whether signs within numbers are looked for.
    """
    if len(ink.pieces) > MOST_PIECES:
        return None
    links = Links(ink.pieces)
    groups = links.clusters()
    if not signs:
        return Proposal(tuple(Cluster(ink, tuple(group), links) for group in groups))
    found = signs_of(ink.pieces)
    clusters = []
    for group in _with_whole_signs(groups, ink, found):
        sources = {ink.pieces[i].source for i in group}
        own = tuple(sign for sign in found if sources.issuperset(sign.sources))
        clusters.append(Cluster(ink, tuple(sorted(group, key=links.middle)), links, own))
    return Proposal(tuple(clusters))


def _with_whole_signs(
    groups: Sequence[list[int]], ink: Ink, signs: Sequence[Sign]
) -> list[list[int]]:
    """The groups, those together that share a sign: the dots of a colon are not linked."""
    joined = [list(group) for group in groups]
    for sign in signs:
        sharing = [
            group for group in joined if any(ink.pieces[i].source in sign.sources for i in group)
        ]
        for group in sharing[1:]:
            sharing[0].extend(group)
            joined.remove(group)
    return joined


class StrokeInk:
    """Strokes as pieces; some of them are cut.

    Args:
        strokes: at least one.
        cut_ones: numbers of those that are cut wherever they may be.
        kept: numbers of those that it has the pieces of; None for all.

    Attributes:
        pieces: in the order of the strokes, the sections of a stroke in order along it.
    """

    is_picture: ClassVar[bool] = False

    def __init__(
        self,
        strokes: Sequence[Stroke],
        cut_ones: Container[int] = (),
        kept: Sequence[int] | None = None,
    ) -> None:
        self._strokes = strokes
        self._cuts: dict[int, list[float]] = {}
        pieces: list[Piece] = []
        for number in range(len(strokes)) if kept is None else kept:
            stroke = strokes[number]
            found = cuts(stroke) if number in cut_ones else ()
            if not found:
                pieces.append(stroke_piece(stroke, number))
                continue
            self._cuts[number] = places = [cut.place for cut in found]
            overlaps = [0.0, *(cut.overlap for cut in found), 0.0]
            each = sections(stroke, places)
            pieces.extend(
                section_piece(section, number, index, len(each), pair)
                for index, (section, pair) in enumerate(zip(each, pairwise(overlaps), strict=True))
            )
        self.pieces: tuple[Piece, ...] = tuple(pieces)

    def key(self, members: Sequence[int]) -> Hashable:
        """See `Ink`: a stroke counts by its points, a section by its share, too."""
        found = []
        for source, first, last in self._runs(members):
            places = [0.0, *self._cuts.get(source, ()), 1.0]
            found.append((self._strokes[source], places[first], places[last + 1]))
        return tuple(found)

    def part(self, members: Sequence[int]) -> Part:
        """See `Ink`."""
        strokes = tuple(self._run(*run) for run in self._runs(members))
        return Part(stroke_bounds(strokes), strokes)

    def box(self, member: int) -> Box:
        """See `Ink`: of the points of its line."""
        return self.pieces[member].box

    def view(self, frame: Frame, own: Sequence[int], others: Sequence[int]) -> NDArray[np.uint8]:
        """See `Ink`."""
        return line_view(frame, (self.pieces[i] for i in own), (self.pieces[i] for i in others))

    def cut(self, sources: Sequence[int], kept: Sequence[int]) -> StrokeInk | None:
        """See `Ink`."""
        if not any(cuts(self._strokes[i]) for i in sources):
            return None
        return StrokeInk(self._strokes, sources, kept)

    def _runs(self, members: Sequence[int]) -> list[tuple[int, int, int]]:
        """Stroke, first and last section of what is taken of it."""
        taken: dict[int, list[int]] = {}
        for i in members:
            taken.setdefault(self.pieces[i].source, []).append(self.pieces[i].index)
        return [(source, min(of), max(of)) for source, of in sorted(taken.items())]

    def _run(self, source: int, first: int, last: int) -> Stroke:
        stroke, places = self._strokes[source], self._cuts.get(source, [])
        if first == 0 and last == len(places):
            return stroke
        edges = [0.0, *places, 1.0]
        return section(stroke, edges[first], edges[last + 1])
