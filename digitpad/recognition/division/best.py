"""The best division of a drawing into symbols.

Over-segmentation and a best path, as readers of zip codes and cheques have it (Bengio, LeCun and
others 1995; LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document
recognition", graph transformer networks): every set of pieces that may be one symbol is predicted,
and of all ways to divide the pieces among such candidates the most probable one is taken. How
probable a division is follows a conditional random field (Lafferty, McCallum and Pereira 2001) over
the features of its parts: the probability of a division is the exponential of the sum of its parts'
worths, as a share of the same of all divisions. A small network finds these (see `rating`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.division.shapes import FEATURES as SHAPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster
    from digitpad.recognition.prediction import Prediction

    Floats = NDArray[np.float64]
    Looks = NDArray[np.float32]

_MOST = 64
"""Ways to have taken all pieces before the first that is left; only entangled ink has more."""

_TEXTS, _HOPELESS = 12, 12.0
"""Ways to read the same pieces that are followed, at most, and how much less probable one may be
than the best of them, as a logarithm."""

LEAST_SHARE = 1e-4
"""Probability of a class, at least, before its logarithm is taken."""

_OF_ALL, _OF_WHOLE, _OF_CUT = (1.0, 0.0), (0.8, 0.8), (0.3, 1.0)
"""How much the model and the rating network are trusted, see `rating.read_by_both`: for what is
all ink of a cluster, what is a part of it without a cut, and what was cut out of something."""

_RECOGNIZED = ("confidence", "margin", "above 0", "above 2", "above 4")

FEATURES = ("constant", *SHAPE, *_RECOGNIZED, "picture")
"""Names of the features of a part."""


def recognition_features(predictions: Sequence[Prediction], reject_below: float) -> Floats:
    """What the predictions of candidates tell, float64 (n, 5).

    - the logarithm of the confidence;
    - how far the two best classes together are above the threshold, as a difference of logits:
      straight, and beyond three hinges. Without a threshold, nothing.
    """
    rows = []
    for one in predictions:
        margin = 0.0
        if reject_below > 0.0:
            margin = _logit(one.best_two) - _logit(reject_below)
        confidence = math.log(max(one.confidence, 1e-6))
        rows.append(
            (
                confidence,
                margin / 4,
                max(margin, 0.0) / 4,
                max(margin - 2.0, 0.0) / 4,
                max(margin - 4.0, 0.0) / 4,
            )
        )
    return np.array(rows).reshape(-1, 5)


def _logit(share: float) -> float:
    share = min(max(share, 1e-5), 1.0 - 1e-5)
    return math.log(share / (1.0 - share))


class Worth(NamedTuple):
    """What candidates add to a division.

    Attributes:
        any: float64 (n,), as whatever they are.
        symbol: float64 (n,), as a symbol or a ligature, and nothing else.
        read: float64 (n,), logarithm of how probable each is read as its text, 0 for a ligature.
    """

    any: Floats
    symbol: Floats
    read: Floats


def judge(
    cluster: Cluster, predictions: Sequence[Prediction], looks: Looks, reject_below: float
) -> tuple[Worth, list[Prediction]]:
    """What each candidate adds to a division, and what it is read as among the ink around it.

    What has all of a cluster's ink is read as the model reads it.

    Args:
        cluster: has the candidates.
        predictions: of those that are no ligatures.
        looks: float32 (n, SEEN), of all, see `rating`.
        reject_below: the threshold of the model.
    """
    # The window opens before torch is there.
    from digitpad.recognition.division.rating import ratings_of

    rated = ratings_of(looks, features_of_parts(cluster, predictions, reject_below))
    count = len(predictions)
    trust = trust_in(cluster, count)
    both = _read_by_both(predictions, rated.digits[:count], trust)
    read = [
        among_others if of_network else prediction
        for prediction, among_others, of_network in zip(
            predictions, both, trust[:, 1].tolist(), strict=True
        )
    ]
    each = rated.parts
    of_ligatures = each[count:, 2]
    confidences = np.array([one.confidence for one in read])
    worth = Worth(
        np.append(np.logaddexp(each[:count, 0], each[:count, 1]), of_ligatures),
        np.append(each[:count, 0], of_ligatures),
        np.append(np.log(np.maximum(confidences, LEAST_SHARE)), np.zeros(len(of_ligatures))),
    )
    return worth, read


def trust_in(cluster: Cluster, count: int) -> Floats:
    """How much the model and the rating network are trusted, float64 (count, 2).

    Args:
        cluster: has the candidates.
        count: how many of these are no ligatures.
    """
    return np.array(
        [
            _OF_ALL
            if len(one.members) == len(cluster.members)
            else _OF_CUT
            if one.is_cut
            else _OF_WHOLE
            for one in cluster.candidates[:count]
        ]
    )


def _read_by_both(
    predictions: Sequence[Prediction], digits: Floats, trust: Floats
) -> Iterator[Prediction]:
    """Predictions of a model that know what the rating network says.

    Args:
        predictions: of the model, n.
        digits: float64 (n, 12), see `rating.Rated`.
        trust: float64 (n, 2).
    """
    # The window opens before torch is there.
    import torch

    from digitpad.recognition.division.rating import read_by_both

    own = np.log(np.maximum([one.probabilities for one in predictions], LEAST_SHARE))
    both = read_by_both(
        torch.from_numpy(own),
        torch.from_numpy(digits),
        torch.from_numpy(trust),
        predictions[0].classes,
    )
    for one, row in zip(predictions, both.exp().tolist(), strict=True):
        yield replace(one, probabilities=tuple(row))


def features_of_parts(
    cluster: Cluster, predictions: Sequence[Prediction], reject_below: float
) -> Floats:
    """The features of a cluster's candidates, float64 (n, len(FEATURES)).

    Args:
        cluster: its candidates that are no ligatures come first.
        predictions: of these.
        reject_below: the threshold of the model.
    """
    shape = np.stack([one.features for one in cluster.candidates])
    recognized = recognition_features(predictions, reject_below)
    padding = np.zeros((len(shape) - len(predictions), recognized.shape[1]))
    every = np.concatenate((recognized, padding))
    ones = np.ones((len(shape), 1))
    return np.concatenate((ones, shape, every, ones * cluster.ink.is_picture), axis=1)


class LikeliestText(NamedTuple):
    """What a cluster is read as, by all divisions that read so.

    Attributes:
        chosen: numbers of the candidates in the most probable one of these.
        read: logarithm of the probability that this is what is written: that it is divided in one
            of these ways, and that each part is read right.
        symbols: logarithm of the probability that all parts are symbols, and divided so.
    """

    chosen: tuple[int, ...]
    read: float
    symbols: float


class _Begun(NamedTuple):
    """How some pieces can be read in one way.

    Attributes:
        score: logarithm of the sum of what the ways to divide them are chosen by.
        any: likewise, of their worths.
        symbols: likewise, of their worths as symbols.
        read: likewise, of their worths and how probable their parts are read right.
        best: what the best way is chosen by.
        before: what that one goes on from.
        candidate: its last one.
    """

    score: float
    any: float
    symbols: float
    read: float
    best: float
    before: _Begun | None
    candidate: int


def likeliest(
    members: Sequence[int],
    candidates: Sequence[Sequence[int]],
    texts: Sequence[str],
    worth: Worth,
    stays: Floats,
) -> LikeliestText:
    """What linked pieces are most probably read as.

    Where ink may be cut in many places, the right reading is that of many divisions, of which each
    may be less probable than a single wrong one. So ways to divide the same pieces that read alike
    are taken together, as in the prefix search of Graves and others (2006, "Connectionist temporal
    classification").

    Args:
        members: numbers of the pieces, in an order in which neighbours are near each other.
        candidates: sets of them, each ascending; each piece is in one that has no other.
        texts: what each is read as; nothing for ligatures.
        worth: what each adds.
        stays: float64 (n,), what each has beside its worth in the choice, not in the sums.
    """
    place = {piece: i for i, piece in enumerate(members)}
    sets = [sum(1 << place[i] for i in candidate) for candidate in candidates]
    read = worth.any + worth.read
    added = list(
        zip(
            (read + stays).tolist(),
            worth.any.tolist(),
            worth.symbol.tolist(),
            read.tolist(),
            strict=True,
        )
    )
    beginning: list[list[int]] = [[] for _ in members]
    for number, bits in enumerate(sets):
        beginning[(bits & -bits).bit_length() - 1].append(number)
    # For each first piece that is left: which pieces are taken so far, what is read, and how.
    waiting: list[dict[int, dict[tuple[str, ...], _Begun]]] = [{} for _ in range(len(members) + 1)]
    waiting[0][0] = {(): _Begun(0.0, 0.0, 0.0, 0.0, 0.0, None, -1)}
    for first, begun in enumerate(waiting[:-1]):
        kept = [(taken, _likeliest_few(ways)) for taken, ways in begun.items()]
        kept.sort(key=lambda pair: -pair[1][0][1].score)
        for taken, ways in kept[:_MOST]:
            for number in beginning[first]:
                if sets[number] & taken:
                    continue
                then = taken | sets[number]
                following = waiting[(~then & (then + 1)).bit_length() - 1].setdefault(then, {})
                own = (texts[number],) if texts[number] else ()
                for before, so_far in ways:
                    _go_on(following, (*before, *own), so_far, number, added[number])
    (done,) = waiting[-1].values()
    best = max(done.values(), key=lambda one: one.score)
    total = reduce(_logarithm_of_sum, (one.any for one in done.values()))
    return LikeliestText(_chosen(best), min(best.read - total, 0.0), min(best.symbols - total, 0.0))


def _likeliest_few(
    ways: Mapping[tuple[str, ...], _Begun],
) -> list[tuple[tuple[str, ...], _Begun]]:
    """The ways to read the same pieces that may still become the best, the best one first."""
    ordered = sorted(ways.items(), key=lambda pair: -pair[1].score)[:_TEXTS]
    least = ordered[0][1].score - _HOPELESS
    return [pair for pair in ordered if pair[1].score >= least]


def _go_on(
    following: dict[tuple[str, ...], _Begun],
    read: tuple[str, ...],
    so_far: _Begun,
    candidate: int,
    added: tuple[float, float, float, float],
) -> None:
    """Add what follows from a way to read some pieces."""
    chosen_by, as_any, as_symbol, as_read = added
    one = _Begun(
        so_far.score + chosen_by,
        so_far.any + as_any,
        so_far.symbols + as_symbol,
        so_far.read + as_read,
        so_far.best + chosen_by,
        so_far,
        candidate,
    )
    known = following.get(read)
    if known is not None:
        likelier = one if one.best > known.best else known
        one = likelier._replace(
            score=_logarithm_of_sum(one.score, known.score),
            any=_logarithm_of_sum(one.any, known.any),
            symbols=_logarithm_of_sum(one.symbols, known.symbols),
            read=_logarithm_of_sum(one.read, known.read),
        )
    following[read] = one


def _logarithm_of_sum(one: float, other: float) -> float:
    low, high = (one, other) if one < other else (other, one)
    return high + math.log1p(math.exp(low - high))


def _chosen(done: _Begun) -> tuple[int, ...]:
    """The candidates of the best way, from the first one."""
    found: list[int] = []
    step: _Begun | None = done
    while step is not None and step.candidate >= 0:
        found.append(step.candidate)
        step = step.before
    return tuple(found[::-1])
