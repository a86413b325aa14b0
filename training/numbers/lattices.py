"""The candidates of labelled drawings, with their features, for fitting the division's weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.ink.division.picture import InkOfPicture
from digitpad.ink.division.proposal import StrokeInk, propose
from digitpad.recognition.division.best import LEAST_SHARE, Worth, features_of_parts, trust_in
from digitpad.recognition.division.rating import NOT_WHOLE, OTHER, PARTS
from digitpad.recognition.division.recognize import predict_finest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster, Ink
    from digitpad.ink.picture import Picture
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognizer import Recognizer
    from training.numbers.pictures import TrueInk
    from training.numbers.truth import ComposedNumber

    Floats = NDArray[np.float64]


_MOST_CANDIDATES, _MOST_IN_PICTURES = 100, 160
"""Scribbles with more teach little, and have ways without end; slices of a picture have fewer."""


_OWNED = 0.4
"""Share of a section's points that are of a digit; with fewer it is a ligature."""

_WORTH_OF_REJECTED, _WORTH_OF_LIGATURE = -4.0, -2.0
"""What is added for a rejected part, and for a ligature, before anything is fitted."""

_INKED = 100
"""Level from which a pixel is ink."""

_NEARLY_ALL, _NEARLY_NONE = 0.75, 0.25
"""Share of a digit's ink that a candidate for it has at least, and of its own that is another's at
most ..."""

_ALL, _NONE = 0.85, 0.1
"""... and the same for what is no digit."""

UNKNOWN = -1
"""The class of a candidate that is not known."""

_SYMBOL, _OTHER, _LIGATURE = range(3)


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
        views: uint8 (candidates, LAYERS, ROWS, COLUMNS), see `digitpad.ink.division.views`.
        parts: how many of the candidates are no ligatures; these come first.
        edges: in an order in which no state is followed by an earlier one; the first state is 0.
        states: how many there are; the last one is where all pieces are taken.
        right: bool (candidates, len(PARTS)), which of them are parts of right divisions, as what;
            those that are symbols only where they are read as what they are.
        classes: int64 (candidates,), what each is: UNKNOWN, or one of DIGITS, OTHER or NOT_WHOLE.
        told: float32 (parts, len(DIGITS)), logarithms of the model's probabilities for DIGITS.
        trust: float32 (parts, 2), see `digitpad.recognition.division.best.trust_in`.
        is_possible: whether there is a right division.
        kind: of the drawing.
    """

    features: Floats
    views: NDArray[np.uint8]
    parts: int
    edges: tuple[Edge, ...]
    states: int
    right: NDArray[np.bool_]
    classes: NDArray[np.int64]
    told: NDArray[np.float32]
    trust: NDArray[np.float32]
    is_possible: bool
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
    finest = predict_finest([one for _, one in pairs], recognizer.predict, reject_below, _rough)
    for (example, _), (cluster, predictions) in zip(pairs, finest, strict=True):
        most = _MOST_IN_PICTURES if cluster.ink.is_picture else _MOST_CANDIDATES
        if 1 < len(cluster.candidates) <= most:
            yield _lattice(example, cluster, predictions, reject_below)


def _rough(cluster: Cluster, predictions: Sequence[Prediction]) -> Worth:
    """What candidates are worth before anything is learned: their confidence."""
    worth = np.full(len(cluster.candidates), _WORTH_OF_LIGATURE)
    for i, one in enumerate(predictions):
        worth[i] = math.log(one.confidence) + _WORTH_OF_REJECTED * one.rejected
    return Worth(worth, worth, np.zeros(len(worth)))


def _lattice(
    example: Example, cluster: Cluster, predictions: Sequence[Prediction], reject_below: float
) -> Lattice:
    place = {piece: i for i, piece in enumerate(cluster.members)}
    sets = [sum(1 << place[i] for i in one.members) for one in cluster.candidates]
    edges, states = _ways(sets, len(cluster.members))
    owners = example.owners(cluster)
    truth = _Truth(example.texts, _bits(owners, place), _amounts(cluster), example.kind == "begun")
    right, classes = truth.right(sets, len(predictions))
    return Lattice(
        features_of_parts(cluster, predictions, reject_below),
        np.stack([view.shown() for view in cluster.views]),
        len(predictions),
        edges,
        states,
        right,
        classes,
        _told(predictions),
        trust_in(cluster, len(predictions)).astype(np.float32),
        -1 not in owners.values() and _is_way(edges, states, right),
        example.kind,
    )


def _told(predictions: Sequence[Prediction]) -> NDArray[np.float32]:
    """Logarithms of the probabilities for DIGITS, float32 (n, len(DIGITS))."""
    (classes,) = {one.classes for one in predictions}
    chosen = [classes.index(name) for name in DIGITS]
    shares = np.array([one.probabilities for one in predictions], np.float32)[:, chosen]
    told: NDArray[np.float32] = np.log(np.maximum(shares, LEAST_SHARE))
    return told


def _bits(owners: Mapping[int, int | None], place: Mapping[int, int]) -> dict[int | None, int]:
    """The set of pieces of each part; of None, those of ligatures."""
    found: dict[int | None, int] = {}
    for piece, part in owners.items():
        found[part] = found.get(part, 0) | 1 << place[piece]
    return found


def _amounts(cluster: Cluster) -> Floats:
    """How much ink each piece of a cluster has, float64 (members,), in their order."""
    ink = cluster.ink
    every = []
    for i in cluster.members:
        own = ink.part((i,)).ink
        every.append(ink.pieces[i].way if isinstance(own, tuple) else float(own.ink.sum()))
    # A dot has no length.
    return np.array(every) + 1e-6


class _Truth(NamedTuple):
    """What a cluster's parts are.

    Attributes:
        texts: of the drawing's parts.
        owned: see `_bits`.
        amounts: see `_amounts`.
        is_begun: whether what has no text may be a symbol all the same.
    """

    texts: Sequence[str | None]
    owned: Mapping[int | None, int]
    amounts: Floats
    is_begun: bool

    def right(self, sets: Sequence[int], count: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which candidates may be parts of right divisions, and what each is.

        What has nearly all of a symbol's ink, and nearly nothing of another's, stands for it: just
        where two digits are parted does not matter. A ligature may go to a symbol at its ends or to
        none.

        Args:
            sets: the pieces of each candidate; those that are no ligatures come first.
            count: how many these are.

        Returns:
            bool (candidates, len(PARTS)), and int64 (candidates,), see `Lattice`.
        """
        right = np.zeros((len(sets), len(PARTS)), bool)
        classes = np.full(len(sets), UNKNOWN)
        classes[:count] = NOT_WHOLE
        ligatures = self.owned.get(None, 0)
        for i in range(count, len(sets)):
            right[i, _LIGATURE] = not sets[i] & ~ligatures
        for part, bits in self.owned.items():
            if part is None or part < 0:
                continue
            text = self.texts[part]
            chosen = [i for i in range(count) if self._stands_for(sets[i], bits, text)]
            right[chosen, _OTHER if text is None else _SYMBOL] = True
            if text is None and self.is_begun:
                right[chosen, _SYMBOL] = True
            classes[chosen] = _class_of(text)
        return right, classes

    def _stands_for(self, some: int, bits: int, text: str | None) -> bool:
        """Whether a set of pieces is as good as all of a part's."""
        ligatures = self.owned.get(None, 0)
        if not bits & ~some and not some & ~(bits | ligatures):
            return True
        if text is None:
            return self._has(some, bits, _ALL, _NONE)
        return self._has(some, bits, _NEARLY_ALL, _NEARLY_NONE)

    def _has(self, some: int, bits: int, within: float, beyond: float) -> bool:
        """Whether so much of a part's ink is in a set of pieces, and so little of other parts'."""
        if not some & bits:
            return False
        others = ~bits & ~self.owned.get(None, 0)
        held = self._amount(some & bits)
        foreign = self._amount(some & others)
        return held >= within * self._amount(bits) and foreign <= beyond * (held + foreign)

    def _amount(self, some: int) -> float:
        return float(sum(self.amounts[i] for i in range(len(self.amounts)) if some >> i & 1))


def _class_of(text: str | None) -> int:
    """The class of a part's candidates; a text that is empty is not known."""
    if text is None:
        return OTHER
    return DIGITS.index(text) if text else UNKNOWN


def _is_way(edges: Sequence[Edge], states: int, right: NDArray[np.bool_]) -> bool:
    """Whether some of the candidates divide everything."""
    reached = {0}
    for state, candidate, following in edges:
        if state in reached and right[candidate].any():
            reached.add(following)
    return states - 1 in reached


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
        is_ligature = len(known) < _OWNED * len(owners) and piece.is_inner
        if is_ligature:
            found[i] = None
        elif len(known):
            found[i] = int(np.bincount(known).argmax())
        else:
            every = belongs[piece.source]
            found[i] = int(every[every >= 0][0])
    return found


def _picture_owners(parts: Sequence[TrueInk], cluster: Cluster) -> dict[int, int | None]:
    """The true part of each piece of a picture: that which most of its points lie on.

    None for what is cut out between two digits and is of neither: a ligature.
    """
    found: dict[int, int | None] = {}
    for i in cluster.members:
        piece = cluster.ink.pieces[i]
        x, y = np.floor(piece.points).astype(np.int64).T
        held = []
        for part in parts:
            left, top, right, bottom = part.bounds
            is_near = (x >= left) & (x < right) & (y >= top) & (y < bottom)
            held.append(int((part.ink[y[is_near] - top, x[is_near] - left] >= _INKED).sum()))
        if not parts:
            found[i] = 0
        else:
            is_owned = max(held) >= _OWNED * len(x)
            found[i] = int(np.argmax(held)) if is_owned else None if piece.is_inner else -1
    return found
