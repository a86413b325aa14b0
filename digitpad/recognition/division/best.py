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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.division.shapes import FEATURES as SHAPE
from digitpad.recognition.division.rating import ratings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster
    from digitpad.recognition.prediction import Prediction

    Floats = NDArray[np.float64]
    Looks = NDArray[np.float32]

_MOST = 64
"""Ways to have taken all pieces before the first that is left; only entangled ink has more."""

_MOST_PROBABLE = math.log(0.5)
"""No other reading is more probable than one that is at least so probable."""

_NEVER = 1e3
"""Taken from the worth of what is not to be chosen."""

_RECOGNIZED = ("confidence", "margin", "above 0", "above 2", "above 4")

FEATURES = ("constant", *SHAPE, *_RECOGNIZED, "picture")
"""Names of the features of a part."""


class Division(NamedTuple):
    """A division of linked pieces.

    Attributes:
        chosen: numbers of the candidates in it.
        best: logarithm of its worth.
        total: logarithm of the sum of the worths of all divisions, at least `best`.
    """

    chosen: tuple[int, ...]
    best: float
    total: float


class _Begun(NamedTuple):
    """How some pieces can be divided: logarithms of the sum and of the best, and the best way."""

    total: float
    best: float
    before: _Begun | None
    candidate: int


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


def alike(cluster: Cluster, chosen: Sequence[int], predictions: Sequence[Prediction]) -> list[int]:
    """The candidates of all divisions that read as a given one does, ascending.

    They differ in inner sections of strokes alone: where one symbol ends and the ligature to the
    next begins is often as good in one place as in another.

    Args:
        cluster: has the candidates.
        chosen: numbers of those in the given division.
        predictions: of those that are no ligatures.
    """
    inner = {one.members[0] for one in cluster.candidates if one.is_ligature}
    given = [(set(cluster.candidates[i].members), i) for i in chosen]
    free = {piece for members, _ in given if len(members) > 1 for piece in members} & inner
    free |= {piece for members, i in given if i >= len(predictions) for piece in members}
    found = set(chosen)
    for i, one in enumerate(cluster.candidates):
        if one.is_ligature:
            if one.members[0] in free:
                found.add(i)
            continue
        for members, other in given:
            is_alike = (
                other < len(predictions)
                and predictions[i].text == predictions[other].text
                and members.symmetric_difference(one.members) <= inner
                and not members.isdisjoint(one.members)
            )
            if is_alike:
                found.add(i)
    return sorted(found)


class Reading(NamedTuple):
    """A division, with all that read as it does.

    Attributes:
        chosen: see `Division`.
        same: numbers of the candidates of all these divisions, ascending.
        summed: logarithm of the sum of their worths.
        total: see `Division`.
    """

    chosen: tuple[int, ...]
    same: list[int]
    summed: float
    total: float


def likeliest(
    cluster: Cluster,
    sets: Sequence[Sequence[int]],
    worth: Floats,
    predictions: Sequence[Prediction],
) -> Reading:
    """The division that reads as the most probable ones together do.

    Where a stroke may be cut in many places, the right reading is that of many divisions, of which
    each may be less probable than a single wrong one.

    Args:
        cluster: has the candidates.
        sets: the pieces of these, and of signs after them.
        worth: float64 (n,), what each of these adds.
        predictions: of the candidates that are no ligatures.
    """
    count = len(cluster.candidates)
    first = best_division(cluster.members, sets, worth)
    if len(predictions) == count:
        return Reading(first.chosen, [*first.chosen], first.best, first.total)
    found = _reading(cluster, sets, worth, predictions, first)
    # A seam of a picture is in one place: hardly any divisions of it read alike.
    if cluster.ink.is_picture or found.summed >= first.total + _MOST_PROBABLE:
        return found
    readings = [found]
    for one in first.chosen:
        if one < len(predictions):
            # What reads otherwise in this place.
            without = worth.copy()
            without[_in_place_of(cluster, one, found.same, predictions)] -= _NEVER
            rival = best_division(cluster.members, sets, without)
            readings.append(_reading(cluster, sets, worth, predictions, rival))
    best = max(readings, key=lambda reading: reading.summed)
    return best._replace(total=max(first.total, best.summed))


def _reading(
    cluster: Cluster,
    sets: Sequence[Sequence[int]],
    worth: Floats,
    predictions: Sequence[Prediction],
    division: Division,
) -> Reading:
    count = len(cluster.candidates)
    same = alike(cluster, [i for i in division.chosen if i < count], predictions)
    same.extend(i for i in division.chosen if i >= count)
    summed = best_division(cluster.members, [sets[i] for i in same], worth[same]).total
    return Reading(division.chosen, same, summed, division.total)


def _in_place_of(
    cluster: Cluster, one: int, same: Sequence[int], predictions: Sequence[Prediction]
) -> list[int]:
    """Those of some candidates that read as one of them does, and share ink with it."""
    members = set(cluster.candidates[one].members)
    return [
        i
        for i in same
        if i < len(predictions)
        and predictions[i].text == predictions[one].text
        and not members.isdisjoint(cluster.candidates[i].members)
    ]


def best_division(
    members: Sequence[int], candidates: Sequence[Sequence[int]], worth: Floats
) -> Division:
    """The most probable division of linked pieces.

    Args:
        members: numbers of the pieces, in an order in which neighbours are near each other.
        candidates: sets of them, each ascending; each piece is in one that has no other.
        worth: float64 (n,), what each candidate adds.
    """
    place = {piece: i for i, piece in enumerate(members)}
    sets = [sum(1 << place[i] for i in candidate) for candidate in candidates]
    values = worth.tolist()
    beginning: list[list[int]] = [[] for _ in members]
    for number, bits in enumerate(sets):
        beginning[(bits & -bits).bit_length() - 1].append(number)
    # For each first piece that is left, which pieces are taken so far, and how.
    waiting: list[dict[int, _Begun]] = [{} for _ in range(len(members) + 1)]
    waiting[0][0] = _Begun(0.0, 0.0, None, -1)
    for first, begun in enumerate(waiting[:-1]):
        for taken, so_far in sorted(begun.items(), key=lambda pair: -pair[1].best)[:_MOST]:
            for number in beginning[first]:
                if sets[number] & taken:
                    continue
                then = taken | sets[number]
                following = waiting[(~then & (then + 1)).bit_length() - 1]
                total, best = so_far.total + values[number], so_far.best + values[number]
                known = following.get(then)
                if known is not None:
                    total = float(np.logaddexp(total, known.total))
                    if best <= known.best:
                        following[then] = known._replace(total=total)
                        continue
                following[then] = _Begun(total, best, so_far, number)
    (done,) = waiting[-1].values()
    chosen: list[int] = []
    step: _Begun | None = done
    while step is not None and step.candidate >= 0:
        chosen.append(step.candidate)
        step = step.before
    return Division(tuple(chosen[::-1]), done.best, max(done.total, done.best))
