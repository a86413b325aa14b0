"""The candidates of labelled drawings, with their features, for fitting the division's weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.division.proposal import StrokeInk, propose
from digitpad.ink.preprocessing import preprocess_part
from digitpad.recognition.division.best import (
    best_division,
    features_of_parts,
    recognition_features,
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
        edges: in an order in which no state is followed by an earlier one; the first state is 0.
        states: how many there are; the last one is where all pieces are taken.
        truth: the candidates of the true division; none if it is not among the ways.
        is_other: whether each of these is no class.
        texts: what each candidate is predicted to be.
        kind: of the drawing.
    """

    features: Floats
    edges: tuple[Edge, ...]
    states: int
    truth: tuple[int, ...]
    is_other: tuple[bool, ...]
    texts: tuple[str, ...]
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
        shape = np.stack([one.features for one in cluster.candidates])
        worth = worths(shape, recognition_features(predictions, reject_below))
        chosen = best_division(cluster.members, cluster.candidates, worth).chosen
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
    ]
    every = iter(recognizer.predict(np.stack(glyphs)) if glyphs else ())
    for cluster in clusters:
        yield [next(every) for _ in cluster.candidates]


def _lattice(
    number: ComposedNumber,
    cluster: Cluster,
    predictions: Sequence[Prediction],
    reject_below: float,
) -> Lattice:
    place = {piece: i for i, piece in enumerate(cluster.members)}
    sets = [sum(1 << place[i] for i in one.members) for one in cluster.candidates]
    edges, states = _ways(sets, len(cluster.members))
    owner = _owners(number, cluster)
    wanted: dict[int, int] = {}
    for piece, part in owner.items():
        wanted[part] = wanted.get(part, 0) | 1 << place[piece]
    numbers = {bits: i for i, bits in enumerate(sets)}
    is_possible = all(bits in numbers for bits in wanted.values())
    parts = sorted(wanted) if is_possible else []
    shape = np.stack([one.features for one in cluster.candidates])
    return Lattice(
        features_of_parts(shape, recognition_features(predictions, reject_below)),
        edges,
        states,
        tuple(numbers[wanted[part]] for part in parts),
        tuple(number.parts[part].text is None for part in parts),
        tuple(one.text for one in predictions),
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


def _owners(number: ComposedNumber, cluster: Cluster) -> dict[int, int]:
    """The true part of each piece of a cluster: that of most of its points."""
    strokes = number.drawing.strokes
    belongs = [np.full(len(stroke.points), -1) for stroke in strokes]
    for index, part in enumerate(number.parts):
        for at, first, last in part.spans:
            belongs[at][first : last + 1] = index
    found = {}
    for i in cluster.members:
        piece = cluster.ink.pieces[i]
        steps = piece.points[:, None] - strokes[piece.source].points
        owners = belongs[piece.source][(steps**2).sum(axis=2).argmin(axis=1)]
        known = owners[owners >= 0]
        # A section that is nothing but a ligature may go with either side.
        every = belongs[piece.source]
        found[i] = int(np.bincount(known).argmax()) if len(known) else int(every[every >= 0][0])
    return found
