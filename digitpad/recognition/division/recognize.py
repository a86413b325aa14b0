"""From what a drawing may be divided into to its recognition: the candidates are predicted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.division.order import reading_order
from digitpad.ink.division.signs import SIGNS
from digitpad.ink.preprocessing import preprocess_part
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
        Collection,
        Hashable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from typing import TypeAlias

    from numpy.typing import NDArray

    from digitpad.ink.division.proposal import Cluster, Proposal, View
    from digitpad.ink.division.signs import Sign
    from digitpad.recognition.division.best import LikeliestText
    from digitpad.recognition.recognition import Recognition, RecognizedPart

    Floats = NDArray[np.float64]

    Predict: TypeAlias = Callable[[NDArray[np.uint8]], Iterable[Prediction]]
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
    """
    asking = _Asking(predict, reject_below, Memo() if memo is None else memo, most)
    return asking.recognize(recognitions)


def predict_finest(
    clusters: Sequence[Cluster], predict: Predict, reject_below: float, rate: Rate | None = None
) -> list[tuple[Cluster, list[Prediction]]]:
    """The clusters as they are divided in the end, with the predictions of their candidates.

    Args:
        clusters: with nothing cut.
        predict: see `recognize`.
        reject_below: see `recognize`.
        rate: what the candidates are worth; None for what the rating network says.

    Returns:
        For each, the cluster with its doubtful strokes cut, and the predictions of its candidates
        that are no ligatures.
    """
    asking = _Asking(predict, reject_below, Memo(), None, rate)
    finer = asking.divide(clusters)[1]
    finest = [finer.get(id(cluster), cluster) for cluster in clusters]
    return [(cluster, asking.predictions(cluster)) for cluster in finest]


class _Asking:
    def __init__(
        self,
        predict: Predict,
        reject_below: float,
        memo: Memo,
        most: int | None,
        rate: Rate | None = None,
    ) -> None:
        self._predict = predict
        self._reject_below = reject_below
        self._memo = memo
        self._rate = rate
        self._left = math.inf if most is None else most

    def recognize(self, recognitions: Sequence[Recognition]) -> list[Recognition]:
        clusters = [
            cluster
            for one in recognitions
            if one.proposal is not None
            for cluster in one.proposal.clusters
        ]
        whole = [part for one in recognitions if one.proposal is None for part in one.parts]
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
        predictions = self._ask({cluster: [all_pieces(cluster)] for cluster in single}, whole)
        divided |= {id(cluster): self._as_one(cluster) for cluster in single}
        open_ones = [cluster for cluster in fresh if divided.get(id(cluster)) is None]
        divided |= self.divide(open_ones)[0]
        known.update({keys[number]: one for number, one in divided.items() if one is not None})
        self._memo.trim()
        complete = [one for one in divided.values() if one is not None]
        if len(complete) == len(divided):
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
        self._ask_all(clusters)
        divided = {id(cluster): self._divide(cluster) for cluster in clusters}
        finer = self._finer(clusters, divided)
        if finer:
            self._ask_all(finer.values())
            divided |= {number: self._divide(cluster) for number, cluster in finer.items()}
        return divided, finer

    def predictions(self, cluster: Cluster) -> list[Prediction]:
        """Of all candidates that are no ligatures, as far as they are known."""
        return [
            part.prediction
            for one in cluster.candidates
            if not one.is_ligature
            and (part := self._memo.get(cluster.ink.key(one.members))) is not None
            and part.prediction is not None
        ]

    def _ask_all(self, clusters: Collection[Cluster]) -> None:
        """Predict all candidates of clusters for symbols, and let all be seen."""
        wanted = {
            cluster: [one.members for one in cluster.candidates if not one.is_ligature]
            for cluster in clusters
        }
        self._ask(wanted, ())
        if self._rate is None:
            # Where some are not predicted yet, nothing is divided yet.
            self._look(cluster for cluster in clusters if self._is_predicted(cluster))

    def _is_predicted(self, cluster: Cluster) -> bool:
        # A ligature has the ink of a symbol.
        return all(key in self._memo.known for key in cluster.keys)

    def _look(self, clusters: Iterable[Cluster]) -> None:
        """Let the rating network see all candidates."""
        # The window opens before torch is there.
        from digitpad.recognition.division.rating import looks_of

        known = self._memo.seen
        unknown: dict[Hashable, View] = {}
        for cluster in clusters:
            for view in cluster.views:
                if view.key in known:
                    known.move_to_end(view.key)
                else:
                    unknown[view.key] = view
        looks = looks_of([view.shown() for view in unknown.values()])
        known.update(zip(unknown, looks, strict=True))

    def _judge(
        self, cluster: Cluster, predictions: list[Prediction]
    ) -> tuple[Worth, list[Prediction]]:
        """What candidates are worth, and what they are read as."""
        if self._rate is not None:
            return self._rate(cluster, predictions), predictions
        looks = np.stack([self._memo.seen[view.key] for view in cluster.views])
        return judge(cluster, predictions, looks, self._reject_below)

    def _ask(
        self,
        wanted: Mapping[Cluster, Sequence[tuple[int, ...]]],
        whole: Sequence[RecognizedPart],
    ) -> Iterator[Prediction]:
        """Predict candidates that are not known, and whole drawings; the latter's predictions."""
        unknown: dict[Hashable, RecognizedPart] = {}
        for cluster, sets in wanted.items():
            for members in sets:
                if self._left <= 0:
                    break
                key = cluster.ink.key(members)
                if key not in unknown and self._memo.get(key) is None:
                    ink = cluster.ink.part(members)
                    unknown[key] = recognized_part(ink, preprocess_part(ink))
                    self._left -= 1
        glyphs = [part.stages.glyph for part in (*whole, *unknown.values())]
        predictions = list(self._predict(np.stack(glyphs))) if glyphs else []
        pairs = zip(unknown.items(), predictions[len(whole) :], strict=True)
        for (key, part), prediction in pairs:
            self._memo.add(key, replace(part, prediction=prediction))
        self._memo.asked += len(glyphs)
        return iter(predictions[: len(whole)])

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

    def _divide(self, cluster: Cluster) -> DividedCluster | None:
        """The best division; None if not all candidates have been predicted."""
        symbols = [one for one in cluster.candidates if not one.is_ligature]
        known = [self._memo.get(key) for key in cluster.keys[: len(symbols)]]
        parts = [part for part in known if part is not None]
        if len(parts) < len(known):
            return None
        predictions = [part.prediction for part in parts if part.prediction is not None]
        worth, read = self._judge(cluster, predictions)
        sets = [*(one.members for one in cluster.candidates), *cluster.members_of_signs]
        every, log_read, log_number = self._likeliest(cluster, sets, worth, read)
        count = len(cluster.candidates)
        chosen = [i for i in every if i < count and not cluster.candidates[i].is_ligature]
        doubtful = doubtful_sources(cluster, chosen, predictions)
        found = [_read_as(parts[i], read[i]) for i in chosen]
        keys = [cluster.keys[i] for i in chosen]
        # With the confidence of its parts, a division has the probability of its text.
        log_probability = min(log_read - float(worth.read[chosen].sum()), 0.0)
        is_several = len(found) > 1 and max(every) < count
        width = width_of(cluster, cluster.members)
        all_ink = [one.members for one in symbols].index(all_pieces(cluster))
        # The rating network learned from pictures of digits as near to each other as that.
        is_picture = cluster.ink.is_picture
        may_be_one = width <= _ONE and predictions[all_ink].best_two >= _HARDLY and not is_picture
        log_symbols = (worth.symbol - worth.any)[chosen].tolist()
        if is_several and may_be_one and log_number < _LEAST_OF_ONE:
            found, log_symbols = [parts[all_ink]], []
            keys = [cluster.keys[all_ink]]
            log_probability = math.log1p(-math.exp(log_number))
            is_several = False
        found.extend(
            self._sign(cluster, cluster.signs[i - count], sets[i]) for i in every if i >= count
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
            return DividedCluster((parts[all_ink],), divided.doubtful, 0.0)
        return divided

    def _likeliest(
        self,
        cluster: Cluster,
        sets: Sequence[Sequence[int]],
        worth: Worth,
        read: Sequence[Prediction],
    ) -> LikeliestText:
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
            finer = cluster.cut(coarse.doubtful) if coarse and coarse.doubtful else None
            if finer is not None:
                found[id(cluster)] = finer
        return found

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


def _read_as(part: RecognizedPart, prediction: Prediction) -> RecognizedPart:
    if prediction is part.prediction:
        return part
    return replace(part, prediction=prediction, of_glyph=part.prediction)
