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
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.division.shapes import FEATURES as SHAPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """

    any: Floats
    symbol: Floats


def worths(
    cluster: Cluster, predictions: Sequence[Prediction], looks: Looks, reject_below: float
) -> Worth:
    """What each candidate adds to a division: as a symbol, or as something else.

    Args:
        cluster: has the candidates.
        predictions: of those that are no ligatures.
        looks: float32 (n, SEEN), of all, see `rating`.
        reject_below: the threshold of the model.
    """
    # The window opens before torch is there.
    from digitpad.recognition.division.rating import ratings_of

    each = ratings_of(looks, features_of_parts(cluster, predictions, reject_below))
    is_ligature = np.array([one.is_ligature for one in cluster.candidates])
    as_part = np.logaddexp(each[:, 0], each[:, 1])
    return Worth(
        np.where(is_ligature, each[:, 2], as_part),
        np.where(is_ligature, each[:, 2], each[:, 0]),
    )


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
        summed: logarithm of the sum of their worths.
        of_symbols: likewise, where all parts are symbols.
        total: logarithm of the sum of the worths of all divisions, at least `summed`.
    """

    chosen: tuple[int, ...]
    summed: float
    of_symbols: float
    total: float


class _Begun(NamedTuple):
    """How some pieces can be read in one way.

    Attributes:
        score: logarithm of the sum of what the ways to divide them are chosen by.
        any: likewise, of their worths.
        symbols: likewise, of their worths as symbols.
        best: what the best way is chosen by.
        before: what that one goes on from.
        candidate: its last one.
    """

    score: float
    any: float
    symbols: float
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
    added = list(zip(worth.any.tolist(), worth.symbol.tolist(), stays.tolist(), strict=True))
    beginning: list[list[int]] = [[] for _ in members]
    for number, bits in enumerate(sets):
        beginning[(bits & -bits).bit_length() - 1].append(number)
    # For each first piece that is left: which pieces are taken so far, what is read, and how.
    waiting: list[dict[int, dict[tuple[str, ...], _Begun]]] = [{} for _ in range(len(members) + 1)]
    waiting[0][0] = {(): _Begun(0.0, 0.0, 0.0, 0.0, None, -1)}
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
                for read, so_far in ways:
                    _go_on(following, (*read, *own), so_far, number, added[number])
    (done,) = waiting[-1].values()
    best = max(done.values(), key=lambda one: one.score)
    total = reduce(_logarithm_of_sum, (one.any for one in done.values()))
    return LikeliestText(_chosen(best), best.any, best.symbols, max(total, best.any))


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
    added: tuple[float, float, float],
) -> None:
    """Add what follows from a way to read some pieces."""
    as_any, as_symbol, stays = added
    one = _Begun(
        so_far.score + as_any + stays,
        so_far.any + as_any,
        so_far.symbols + as_symbol,
        so_far.best + as_any + stays,
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
