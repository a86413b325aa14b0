"""From what a drawing may be divided into to its recognition: the candidates are predicted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from digitpad.ink.division.order import reading_order
from digitpad.ink.division.signs import SIGNS
from digitpad.ink.preprocessing import preprocess_part
from digitpad.recognition.division.asking import Asking
from digitpad.recognition.division.best import Worth, judge, likeliest
from digitpad.recognition.division.divided import DividedCluster, is_read
from digitpad.recognition.division.doubtful import (
    SINGLE,
    all_pieces,
    doubtful_sources,
    may_be_single,
    width_of,
)
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import recognized_part

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Mapping,
        Sequence,
    )
    from typing import TypeAlias

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster, Proposal
    from digitpad.ink.division.signs import Sign
    from digitpad.recognition.division.asking import Predict
    from digitpad.recognition.division.best import LikeliestText
    from digitpad.recognition.recognition import Recognition, RecognizedPart

    Floats = NDArray[np.float64]

    Rate: TypeAlias = Callable[[Cluster, Sequence[Prediction]], Worth]

_STAYS = 3.0
"""Added to the worth of what was read before, a logarithm: the first stroke of the next digit is
seldom part of one that is finished."""

_NARROW_NUMBER = 1.7
"""Width of narrow ink as a share of its height, at most."""

_ONE, _HARDLY, _LEAST_OF_ONE = 0.7, 0.4, math.log(0.985)
"""Linked ink that is so narrow, as a share of its height, and whose two best classes have so much
together as one symbol, is one, unless it is at least so probable that it is a number: hardly
anybody writes two digits in the room of one."""


def recognize(
    recognitions: Sequence[Recognition],
    predict: Predict,
    reject_below: float = 0.0,
    memo: Memo | None = None,
    most: int | None = None,
    *,
    is_open: bool = False,
) -> list[Recognition]:
    """The same recognitions with new predictions, all from few batches of glyphs.

    Args:
        recognitions: preprocessed drawings.
        predict: gives a prediction for each glyph, uint8 (n, 28, 28), as `Recognizer.predict` does.
            It is not called without a glyph.
        reject_below: the model's own threshold; 0 for one that rejects nothing.
        memo: candidates that this model has been asked for; new ones are added.
        most: how many glyphs are predicted at most. Where there are more, the recognition is not
            complete, and should be asked for again with the same memo.
        is_open: whether the last stroke is still being drawn. It is not cut yet, for that takes
            most of the time, and it would be cut elsewhere with its next point.
    """
    asking = Asking(predict, Memo() if memo is None else memo, most)
    return _Dividing(asking, reject_below).recognize(recognitions, is_open=is_open)


def predict_finest(
    clusters: Sequence[Cluster], predict: Predict, reject_below: float, rate: Rate
) -> list[tuple[Cluster, list[Prediction]]]:
    """The clusters as they are divided in the end, with the predictions of their candidates.

    Args:
        clusters: with nothing cut.
        predict: see `recognize`.
        reject_below: see `recognize`.
        rate: what the candidates are worth, in place of what the rating network says.

    Returns:
        For each, the cluster with its doubtful strokes cut, and the predictions of its candidates
        that are no ligatures.
    """
    asking = Asking(predict, Memo(), None, with_views=False)
    finer = _Dividing(asking, reject_below, rate).divide(clusters)[1]
    finest = [finer.get(id(cluster), cluster) for cluster in clusters]
    return [(cluster, asking.predictions(cluster)) for cluster in finest]


class _Weighed(NamedTuple):
    """What all divisions of a cluster are worth.

    Attributes:
        parts: its candidates for symbols, as the model reads them; None where it was not asked.
        predictions: of these.
        worth: of all candidates.
        read: what those for symbols are read as among the ink around them.
        likeliest: the best of the divisions; it has no candidate that was not asked for.
    """

    parts: Sequence[RecognizedPart | None]
    predictions: Sequence[Prediction]
    worth: Worth
    read: Sequence[Prediction]
    likeliest: LikeliestText


class _Dividing:
    def __init__(self, asking: Asking, reject_below: float, rate: Rate | None = None) -> None:
        self._asking = asking
        self._memo = asking.memo
        self._reject_below = reject_below
        self._rate = rate
        self._open: dict[int, int] = {}
        """The source that is not cut yet, by the cluster's id."""
        self._uncut: set[int] = set()
        """Clusters that should have been cut there."""

    def recognize(self, recognitions: Sequence[Recognition], *, is_open: bool) -> list[Recognition]:
        clusters = [
            cluster
            for one in recognitions
            if one.proposal is not None
            for cluster in one.proposal.clusters
        ]
        whole = [part for one in recognitions if one.proposal is None for part in one.parts]
        if is_open:
            self._open = {
                id(cluster): len(one.drawing.strokes) - 1
                for one in recognitions
                if one.proposal is not None
                for cluster in one.proposal.clusters
            }
        known = self._memo.divided
        keys = {id(cluster): cluster.key for cluster in clusters}
        divided: dict[int, DividedCluster | None] = {}
        for number, key in keys.items():
            remembered = known.pop(key, None)
            if remembered is not None:
                # Under the new key, whose strokes are found again without comparing their points.
                known[key] = divided[number] = remembered
        fresh = [cluster for cluster in clusters if id(cluster) not in divided]
        own = self._memo.has_own_symbols
        single = [
            cluster for cluster in fresh if may_be_single(cluster, math.inf if own else SINGLE)
        ]
        wanted = {cluster: [all_pieces(cluster)] for cluster in single}
        predictions = self._asking.ask(wanted, whole)
        divided |= {id(cluster): self._as_one(cluster) for cluster in single}
        undivided = [cluster for cluster in fresh if divided.get(id(cluster)) is None]
        divided |= self.divide(undivided)[0]
        known.update(
            (keys[number], one)
            for number, one in divided.items()
            if one is not None and number not in self._uncut
        )
        self._memo.trim()
        complete = [one for one in divided.values() if one is not None]
        # What is still drawn is no reason to leave it whole when it is finished.
        if len(complete) == len(divided) and not self._uncut:
            self._memo.settled = frozenset(key for one in complete for key in one.settled())
        return [
            self._assembled(one, one.proposal, divided)
            if one.proposal is not None
            else one.with_predictions([next(predictions) for _ in one.parts])
            for one in recognitions
        ]

    def divide(
        self, clusters: Sequence[Cluster]
    ) -> tuple[dict[int, DividedCluster | None], dict[int, Cluster]]:
        """The best divisions, by the clusters' ids, and the clusters of which strokes were cut."""
        finer = self._cut_at_once(clusters)
        coarse = [cluster for cluster in clusters if id(cluster) not in finer]
        self._asking.ask_all(coarse)
        divided = {id(cluster): self._divide(cluster) for cluster in coarse}
        finer |= self._finer(coarse, divided)
        if finer:
            self._asking.ask_all(finer.values())
            divided |= {number: self._divide(cluster) for number, cluster in finer.items()}
        return divided, finer

    def _cut_at_once(self, clusters: Iterable[Cluster]) -> dict[int, Cluster]:
        """Clusters that are one doubtful stroke, cut: without a cut there is but one division."""
        alone = [one for one in clusters if len(one.members) == 1 and not one.signs]
        self._asking.ask({cluster: [cluster.members] for cluster in alone})
        found = {}
        for cluster in alone:
            predictions = self._asking.predictions(cluster)
            doubtful = doubtful_sources(cluster, (0,), predictions) if predictions else ()
            finer = self._cut(cluster, doubtful)
            if finer is not None:
                found[id(cluster)] = finer
        return found

    def _as_one(self, cluster: Cluster) -> DividedCluster | None:
        """The cluster as one symbol, if it is clearly one."""
        part = self._memo.get(cluster.ink.key(all_pieces(cluster)))
        prediction = None if part is None else part.prediction
        if part is None or prediction is None or prediction.rejected or not prediction.is_sure:
            return None
        keys = () if cluster.ink.is_picture else (cluster.ink.key(all_pieces(cluster)),)
        return DividedCluster((part,), (), 0.0, keys=keys)

    def _stays(self, cluster: Cluster) -> Floats:
        """What is added to the worth of candidates that were read before, float64 (n,)."""
        settled = self._memo.settled
        is_settled = [
            not one.is_ligature and key in settled
            for one, key in zip(cluster.candidates, cluster.keys, strict=True)
        ]
        return _STAYS * np.array(is_settled, np.float64)

    def _judge(
        self, cluster: Cluster, predictions: Sequence[Prediction]
    ) -> tuple[Worth, Sequence[Prediction]]:
        """What candidates are worth, and what they are read as."""
        if self._rate is not None:
            return self._rate(cluster, predictions), predictions
        return judge(cluster, predictions, self._asking.looks(cluster), self._reject_below)

    def _weighed(self, cluster: Cluster) -> _Weighed | None:
        """What the divisions are worth; None if not all that has to be was seen and asked for."""
        symbols = [one.members for one in cluster.candidates if not one.is_ligature]
        hopeless = self._asking.hopeless(cluster)
        while True:
            parts = [
                None if i in hopeless else self._memo.get(key)
                for i, key in enumerate(cluster.keys[: len(symbols)])
            ]
            known = [part.prediction for part in parts if part and part.prediction]
            if len(known) + len(hopeless) < len(symbols) or not self._asking.has_seen(cluster):
                return None
            nothing = _nothing(known[0].classes)
            predictions = [
                part.prediction if part and part.prediction else nothing for part in parts
            ]
            worth, read = self._judge(cluster, predictions)
            found = self._likeliest(cluster, worth, read)
            unasked = hopeless.intersection(found.chosen)
            if not unasked:
                return _Weighed(parts, predictions, worth, read, found)
            # Whatever is known already: what is read depends on the ink alone.
            self._asking.ask({cluster: [symbols[i] for i in sorted(unasked)]})
            hopeless -= unasked

    def _divide(self, cluster: Cluster) -> DividedCluster | None:
        """The best division; None if not all that has to be was seen and asked for."""
        weighed = self._weighed(cluster)
        if weighed is None:
            return None
        parts, predictions, worth, read, (every, log_read, log_number) = weighed
        count = len(cluster.candidates)
        chosen = [i for i in every if i < count and not cluster.candidates[i].is_ligature]
        doubtful = doubtful_sources(cluster, chosen, predictions)
        found = [_read_as(part, read[i]) for i in chosen if (part := parts[i]) is not None]
        keys = [cluster.keys[i] for i in chosen]
        # With the confidence of its parts, a division has the probability of its text.
        log_probability = min(log_read - float(worth.read[chosen].sum()), 0.0)
        is_several = len(found) > 1 and max(every) < count
        width = width_of(cluster, cluster.members)
        all_ink = [one.members for one in cluster.candidates].index(all_pieces(cluster))
        # The rating network learned from pictures of digits as near to each other as that.
        is_picture = cluster.ink.is_picture
        # What has all ink is cut out of nothing, and was asked for.
        whole = cast("RecognizedPart", parts[all_ink])
        may_be_one = width <= _ONE and predictions[all_ink].best_two >= _HARDLY and not is_picture
        log_symbols = (worth.symbol - worth.any)[chosen].tolist()
        if is_several and may_be_one and log_number < _LEAST_OF_ONE:
            found, log_symbols = [whole], []
            keys = [cluster.keys[all_ink]]
            log_probability = math.log1p(-math.exp(log_number))
            is_several = False
        found.extend(
            self._sign(cluster, cluster.signs[i - count], cluster.members_of_signs[i - count])
            for i in every
            if i >= count
        )
        is_narrow = not is_picture and width <= _NARROW_NUMBER
        divided = DividedCluster(
            tuple(found),
            tuple(doubtful),
            log_probability,
            log_number if is_several else 0.0,
            is_narrow,
            # What is no symbol was not among the pictures that it learned from.
            () if is_picture else tuple(log_symbols),
            () if is_picture else tuple(keys),
        )
        if self._memo.has_own_symbols and not is_read(divided.judged(is_alone=True)):
            return DividedCluster((whole,), divided.doubtful, 0.0)
        return divided

    def _likeliest(
        self, cluster: Cluster, worth: Worth, read: Sequence[Prediction]
    ) -> LikeliestText:
        """Of the divisions into candidates and, numbered behind them, signs."""
        sets = [*(one.members for one in cluster.candidates), *cluster.members_of_signs]
        of_signs = np.array([sign.worth for sign in cluster.signs])
        ligatures = len(cluster.candidates) - len(read)
        texts = [one.text for one in read] + [""] * ligatures
        texts += [SIGNS[int(np.argmax(sign.probabilities))] for sign in cluster.signs]
        nothing = np.zeros(len(of_signs))
        added = Worth(*map(np.append, worth, (of_signs, of_signs, nothing)))
        stays = np.append(self._stays(cluster), nothing)
        return likeliest(cluster.members, sets, texts, added, stays)

    def _sign(self, cluster: Cluster, sign: Sign, members: tuple[int, ...]) -> RecognizedPart:
        """A sign as a part; no model is asked for it."""
        key = ("sign", cluster.ink.key(members))
        part = self._memo.get(key)
        if part is None:
            ink = cluster.ink.part(members)
            part = recognized_part(ink, preprocess_part(ink))
            self._memo.add(key, part)
        return replace(part, prediction=Prediction(SIGNS, sign.probabilities))

    def _finer(
        self, clusters: Sequence[Cluster], divided: Mapping[int, DividedCluster | None]
    ) -> dict[int, Cluster]:
        """Clusters with their doubtful strokes cut."""
        found = {}
        for cluster in clusters:
            coarse = divided[id(cluster)]
            finer = self._cut(cluster, coarse.doubtful) if coarse else None
            if finer is not None:
                found[id(cluster)] = finer
        return found

    def _cut(self, cluster: Cluster, doubtful: Sequence[int]) -> Cluster | None:
        """The cluster with these sources cut but for one that is still drawn; None if not cut."""
        still_drawn = self._open.get(id(cluster))
        if still_drawn in doubtful:
            self._uncut.add(id(cluster))
        sources = [source for source in doubtful if source != still_drawn]
        return cluster.cut(sources) if sources else None

    @staticmethod
    def _assembled(
        recognition: Recognition, proposal: Proposal, divided: Mapping[int, DividedCluster | None]
    ) -> Recognition:
        """The recognition with the parts of all clusters in the order of reading."""
        found = [divided[id(cluster)] for cluster in proposal.clusters]
        known = [one for one in found if one is not None]
        read = [is_read(one.judged(is_alone=True)) for one in known]
        parts = [
            part
            for i, one in enumerate(known)
            for part in one.judged(is_alone=not any(read[:i] + read[i + 1 :]))
        ]
        signs = {i for i, part in enumerate(parts) if part.is_sign}
        order = reading_order([part.bounds for part in parts], signs)
        return replace(
            recognition,
            parts=tuple(replace(parts[i], before=before) for i, before in order),
            division=math.exp(sum(one.log_probability for one in known)),
            is_complete=len(known) == len(found),
        )


def _nothing(classes: tuple[str, ...]) -> Prediction:
    """Of what no model was asked for: each class is as probable, and none is meant."""
    return Prediction(classes, (1 / len(classes),) * len(classes), rejected=True)


def _read_as(part: RecognizedPart, prediction: Prediction) -> RecognizedPart:
    if prediction is part.prediction:
        return part
    return replace(part, prediction=prediction, of_glyph=part.prediction)
