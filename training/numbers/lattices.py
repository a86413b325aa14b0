"""The candidates of labelled drawings, with their features, for fitting the division's weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.division.picture import InkOfPicture
from digitpad.ink.division.proposal import StrokeInk, propose
from digitpad.ink.preprocessing import preprocess_part
from digitpad.recognition.division.best import (
    best_division,
    features_of_parts,
    worths,
)
from digitpad.recognition.division.recognize import doubtful_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster, Ink
    from digitpad.ink.picture import Picture
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognizer import Recognizer
    from training.numbers.pictures import TrueInk
    from training.numbers.truth import ComposedNumber

    Floats = NDArray[np.float64]


_MOST_CANDIDATES = 60
"""Scribbles with more teach little, and have ways without end."""


_OWNED = 0.4
"""Share of a section's points that are of a digit; with fewer it is a ligature."""

_INKED = 100
"""Level from which a pixel is ink."""

PartKind = Literal["symbol", "other", "ligature"]


class Edge(NamedTuple):
    """A candidate that may come next when some pieces are taken; states are numbered."""

    state: int
    candidate: int
    following: int


@dataclass(frozen=True, eq=False)
class Lattice:
    """A cluster of pieces and all ways to divide it.

    Attributes:
        features: float64 (candidates, features).
        parts: how many of the candidates are no ligatures; these come first.
        edges: in an order in which no state is followed by an earlier one; the first state is 0.
        states: how many there are; the last one is where all pieces are taken.
        truth: the candidates of the true division; none if it is not among the ways.
        kinds: what each of these is.
        kind: of the drawing.
    """

    features: Floats
    parts: int
    edges: tuple[Edge, ...]
    states: int
    truth: tuple[int, ...]
    kinds: tuple[PartKind, ...]
    kind: str


@dataclass(frozen=True, eq=False)
class Example:
    """A drawing whose division is known.

    Attributes:
        ink: of the drawing.
        texts: of its parts; None for what is none.
        owners: the part of each piece of a cluster; None for a ligature, -1 where it is not known.
        kind: of the drawing.
    """

    ink: Ink
    texts: tuple[str | None, ...]
    owners: Callable[[Cluster], dict[int, int | None]]
    kind: str


def of_strokes(number: ComposedNumber) -> Example:
    """A number as strokes."""
    return Example(
        StrokeInk(number.drawing.strokes),
        tuple(part.text for part in number.parts),
        partial(_stroke_owners, number),
        number.kind,
    )


def of_picture(picture: Picture, parts: Sequence[TrueInk]) -> Example | None:
    """A number as a picture; without parts it is one symbol. None where no ink is found."""
    try:
        ink = InkOfPicture(picture)
    except DigitpadError:
        return None
    texts = tuple(part.text for part in parts) or ("",)
    return Example(ink, texts, partial(_picture_owners, parts), "picture")


def lattices_of(
    examples: Iterable[Example], recognizer: Recognizer, block: int = 32
) -> Iterator[Lattice]:
    """The lattices of drawings, as the pad would have them; those without a choice are left out."""
    waiting: list[Example] = []
    for example in examples:
        waiting.append(example)
        if len(waiting) == block:
            yield from _of_block(waiting, recognizer)
            waiting = []
    yield from _of_block(waiting, recognizer)


def _of_block(examples: Sequence[Example], recognizer: Recognizer) -> Iterator[Lattice]:
    reject_below = recognizer.info.calibration.reject_below
    pairs = [
        (example, cluster)
        for example in examples
        if (proposal := propose(example.ink)) is not None
        for cluster in proposal.clusters
    ]
    predicted = _predicted([cluster for _, cluster in pairs], recognizer)
    finer: list[tuple[Example, Cluster]] = []
    done: list[tuple[Example, Cluster, list[Prediction]]] = []
    for (example, cluster), predictions in zip(pairs, predicted, strict=True):
        worth = worths(cluster, predictions, reject_below)
        sets = [one.members for one in cluster.candidates]
        chosen = [
            i
            for i in best_division(cluster.members, sets, worth.any).chosen
            if not cluster.candidates[i].is_ligature
        ]
        doubtful = doubtful_sources(cluster, chosen, predictions)
        cut = cluster.cut(doubtful) if doubtful else None
        if cut is None:
            done.append((example, cluster, predictions))
        else:
            finer.append((example, cut))
    again = _predicted([cluster for _, cluster in finer], recognizer)
    done += [(*pair, predictions) for pair, predictions in zip(finer, again, strict=True)]
    for example, cluster, predictions in done:
        if 1 < len(cluster.candidates) <= _MOST_CANDIDATES:
            yield _lattice(example, cluster, predictions, reject_below)


def _predicted(clusters: Sequence[Cluster], recognizer: Recognizer) -> Iterator[list[Prediction]]:
    glyphs = [
        preprocess_part(cluster.ink.part(candidate.members)).glyph
        for cluster in clusters
        for candidate in cluster.candidates
        if not candidate.is_ligature
    ]
    every = iter(recognizer.predict(np.stack(glyphs)) if glyphs else ())
    for cluster in clusters:
        yield [next(every) for one in cluster.candidates if not one.is_ligature]


def _lattice(
    example: Example,
    cluster: Cluster,
    predictions: Sequence[Prediction],
    reject_below: float,
) -> Lattice:
    place = {piece: i for i, piece in enumerate(cluster.members)}
    sets = [sum(1 << place[i] for i in one.members) for one in cluster.candidates]
    edges, states = _ways(sets, len(cluster.members))
    numbers = {(bits, i >= len(predictions)): i for i, bits in enumerate(sets)}
    wanted: dict[int, int] = {}
    truth: list[int | None] = []
    kinds: list[PartKind] = []
    for piece, part in example.owners(cluster).items():
        if part is None:
            truth.append(numbers.get((1 << place[piece], True)))
            kinds.append("ligature")
        else:
            wanted[part] = wanted.get(part, 0) | 1 << place[piece]
    for part, bits in sorted(wanted.items()):
        truth.append(numbers.get((bits, False)))
        kinds.append("other" if part >= 0 and example.texts[part] is None else "symbol")
    known = [i for i in truth if i is not None]
    is_possible = len(known) == len(truth) and -1 not in wanted
    return Lattice(
        features_of_parts(cluster.candidates, predictions, reject_below),
        len(predictions),
        edges,
        states,
        tuple(known) if is_possible else (),
        tuple(kinds) if is_possible else (),
        example.kind,
    )


def _ways(sets: Sequence[int], count: int) -> tuple[tuple[Edge, ...], int]:
    starting: list[list[int]] = [[] for _ in range(count)]
    for number, bits in enumerate(sets):
        starting[(bits & -bits).bit_length() - 1].append(number)
    everything = (1 << count) - 1
    reached, found = {0}, []
    front = [0]
    while front:
        state = front.pop()
        if state == everything:
            continue
        lowest = (~state & (state + 1)).bit_length() - 1
        for i in starting[lowest]:
            if not sets[i] & state:
                found.append((state, i, state | sets[i]))
                if state | sets[i] not in reached:
                    reached.add(state | sets[i])
                    front.append(state | sets[i])
    # A state with more pieces comes after all with fewer.
    order = sorted(reached, key=lambda state: (state.bit_count(), state))
    number_of = {state: i for i, state in enumerate(order)}
    edges = [Edge(number_of[a], i, number_of[b]) for a, i, b in found]
    return tuple(sorted(edges)), len(order)


def _stroke_owners(number: ComposedNumber, cluster: Cluster) -> dict[int, int | None]:
    """The true part of each piece of a cluster: that of most of its points; None for ligatures."""
    strokes = number.drawing.strokes
    belongs = [np.full(len(stroke.points), -1) for stroke in strokes]
    for index, part in enumerate(number.parts):
        for at, first, last in part.spans:
            belongs[at][first : last + 1] = index
    found: dict[int, int | None] = {}
    for i in cluster.members:
        piece = cluster.ink.pieces[i]
        steps = piece.points[:, None] - strokes[piece.source].points
        owners = belongs[piece.source][(steps**2).sum(axis=2).argmin(axis=1)]
        known = owners[owners >= 0]
        is_ligature = len(known) < _OWNED * len(owners) and 0 < piece.index < piece.count - 1
        if is_ligature:
            found[i] = None
        elif len(known):
            found[i] = int(np.bincount(known).argmax())
        else:
            every = belongs[piece.source]
            found[i] = int(every[every >= 0][0])
    return found


def _picture_owners(parts: Sequence[TrueInk], cluster: Cluster) -> dict[int, int | None]:
    """The true part of each piece of a picture: that which most of its points lie on."""
    found: dict[int, int | None] = {}
    for i in cluster.members:
        x, y = np.floor(cluster.ink.pieces[i].points).astype(np.int64).T
        held = []
        for part in parts:
            left, top, right, bottom = part.bounds
            is_near = (x >= left) & (x < right) & (y >= top) & (y < bottom)
            held.append(int((part.ink[y[is_near] - top, x[is_near] - left] >= _INKED).sum()))
        if not parts:
            found[i] = 0
        else:
            found[i] = int(np.argmax(held)) if max(held) >= _OWNED * len(x) else -1
    return found
