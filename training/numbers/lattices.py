"""The candidates of labelled drawings, with their features, for fitting the division's weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from digitpad.ink.division.proposal import StrokeInk, propose
from digitpad.ink.preprocessing import preprocess_part
from digitpad.recognition.division.best import (
    best_division,
    features_of_parts,
    worths,
)
from digitpad.recognition.division.recognize import doubtful_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognizer import Recognizer
    from training.numbers.truth import ComposedNumber

    Floats = NDArray[np.float64]


_MOST_CANDIDATES = 60
"""Scribbles with more teach little, and have ways without end."""


_OWNED = 0.4
"""Share of a section's points that are of a digit; with fewer it is a ligature."""

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


def lattices_of(
    numbers: Iterable[ComposedNumber], recognizer: Recognizer, block: int = 64
) -> Iterator[Lattice]:
    """The lattices of drawings, as the pad would have them; those without a choice are left out."""
    waiting: list[ComposedNumber] = []
    for number in numbers:
        waiting.append(number)
        if len(waiting) == block:
            yield from _of_block(waiting, recognizer)
            waiting = []
    yield from _of_block(waiting, recognizer)


def _of_block(numbers: Sequence[ComposedNumber], recognizer: Recognizer) -> Iterator[Lattice]:
    reject_below = recognizer.info.calibration.reject_below
    pairs = [
        (number, cluster)
        for number in numbers
        for cluster in propose(StrokeInk(number.drawing.strokes)).clusters
    ]
    predicted = _predicted([cluster for _, cluster in pairs], recognizer)
    finer: list[tuple[ComposedNumber, Cluster]] = []
    done: list[tuple[ComposedNumber, Cluster, list[Prediction]]] = []
    for (number, cluster), predictions in zip(pairs, predicted, strict=True):
        features = features_of_parts(cluster.candidates, predictions, reject_below)
        worth = worths(features, np.array([one.is_ligature for one in cluster.candidates]))
        chosen = [
            i
            for i in best_division(cluster.members, cluster.candidates, worth).chosen
            if not cluster.candidates[i].is_ligature
        ]
        doubtful = doubtful_sources(cluster, chosen, predictions)
        cut = cluster.cut(doubtful) if doubtful else None
        if cut is None:
            done.append((number, cluster, predictions))
        else:
            finer.append((number, cut))
    again = _predicted([cluster for _, cluster in finer], recognizer)
    done += [(*pair, predictions) for pair, predictions in zip(finer, again, strict=True)]
    for number, cluster, predictions in done:
        if 1 < len(cluster.candidates) <= _MOST_CANDIDATES:
            yield _lattice(number, cluster, predictions, reject_below)


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
    number: ComposedNumber,
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
    for piece, part in _owners(number, cluster).items():
        if part is None:
            truth.append(numbers.get((1 << place[piece], True)))
            kinds.append("ligature")
        else:
            wanted[part] = wanted.get(part, 0) | 1 << place[piece]
    for part, bits in sorted(wanted.items()):
        truth.append(numbers.get((bits, False)))
        kinds.append("other" if number.parts[part].text is None else "symbol")
    known = [i for i in truth if i is not None]
    is_possible = len(known) == len(truth)
    return Lattice(
        features_of_parts(cluster.candidates, predictions, reject_below),
        len(predictions),
        edges,
        states,
        tuple(known) if is_possible else (),
        tuple(kinds) if is_possible else (),
        number.kind,
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


def _owners(number: ComposedNumber, cluster: Cluster) -> dict[int, int | None]:
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
