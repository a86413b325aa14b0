"""The best division of a drawing into symbols.

Over-segmentation and a best path, as readers of zip codes and cheques have it (Bengio, LeCun and
others 1995; LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document
recognition", graph transformer networks): every set of pieces that may be one symbol is predicted,
and of all ways to divide the pieces among such candidates the most probable one is taken. How
probable a division is follows a conditional random field (Lafferty, McCallum and Pereira 2001) over
the features of its parts: the probability of a division is the exponential of the sum of its parts'
worths, as a share of the same of all divisions. It is fitted in `training/numbers`, so that the
confidence of a whole number can be relied on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.division.candidates import FEATURES as SHAPE
from digitpad.recognition.division.weights import OTHER, SYMBOL
from digitpad.recognition.prediction import best_two

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.candidates import Candidate
    from digitpad.recognition.prediction import Prediction

    Floats = NDArray[np.float64]

_MOST_STATES = 20_000
"""So many states are looked at; ink so entangled is one symbol, or none."""


FEATURES = ("constant", *SHAPE, "confidence", "margin", "above 0", "above 2", "above 4")
"""Names of the features of a part."""


class Division(NamedTuple):
    """A division of linked pieces.

    Attributes:
        chosen: numbers of the candidates in it.
        log_probability: of this division among all, at most 0.
    """

    chosen: tuple[int, ...]
    log_probability: float


@dataclass(frozen=True, slots=True)
class _Rest:
    """How the pieces that are left can be divided: logarithms of the sum and of the best."""

    total: float
    best: float
    candidate: int
    following: int


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
            margin = _logit(best_two(one.probabilities)) - _logit(reject_below)
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


def worths(shape: Floats, recognized: Floats) -> Floats:
    """What each candidate adds to a division, float64 (n,): as a symbol, or as something else.

    Args:
        shape: float64 (n, shape features) of the candidates.
        recognized: float64 (n, recognition features) of their predictions.
    """
    features = features_of_parts(shape, recognized)
    found: Floats = np.logaddexp(features @ SYMBOL, features @ OTHER)
    return found


def features_of_parts(shape: Floats, recognized: Floats) -> Floats:
    """Both together, with a constant: float64 (n, len(FEATURES))."""
    return np.concatenate((np.ones((len(shape), 1)), shape, recognized), axis=1)


def best_division(
    members: Sequence[int], candidates: Sequence[Candidate], worth: Floats
) -> Division:
    """The most probable division of linked pieces.

    Args:
        members: numbers of the pieces, in an order in which neighbours are near each other.
        candidates: sets of them; each piece is in one that has no other.
        worth: float64 (n,), what each candidate adds.
    """
    place = {piece: i for i, piece in enumerate(members)}
    sets = [sum(1 << place[i] for i in candidate.members) for candidate in candidates]
    starting: list[list[int]] = [[] for _ in members]
    for number, bits in enumerate(sets):
        starting[(bits & -bits).bit_length() - 1].append(number)
    everything = (1 << len(members)) - 1
    known: dict[int, _Rest] = {everything: _Rest(0.0, 0.0, -1, -1)}
    waiting = [0]
    while waiting:
        state = waiting[-1]
        if state in known:
            waiting.pop()
            continue
        if len(known) > _MOST_STATES:
            return Division(tuple(_singly(candidates, everything, sets)), 0.0)
        lowest = (~state & (state + 1)).bit_length() - 1
        # A candidate begins at its lowest piece: those before are taken already.
        ways = [i for i in starting[lowest] if not sets[i] & state]
        missing = [state | sets[i] for i in ways if state | sets[i] not in known]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        totals = [float(worth[i]) + known[state | sets[i]].total for i in ways]
        bests = [float(worth[i]) + known[state | sets[i]].best for i in ways]
        first = max(range(len(ways)), key=bests.__getitem__)
        peak = max(totals)
        total = peak + math.log(sum(math.exp(one - peak) for one in totals))
        known[state] = _Rest(total, bests[first], ways[first], state | sets[ways[first]])
    chosen, state = [], 0
    while state != everything:
        chosen.append(known[state].candidate)
        state = known[state].following
    return Division(tuple(chosen), min(known[0].best - known[0].total, 0.0))


def _singly(candidates: Sequence[Candidate], everything: int, sets: Sequence[int]) -> list[int]:
    """All pieces as one symbol."""
    del candidates
    return [sets.index(everything)]
