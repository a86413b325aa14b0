"""What the model is asked for: the candidates that may be symbols, those that it does not know yet.

Before it reads the candidates of a cluster, the rating network sees them. Most of what was cut is
no whole symbol, as it tells at once, and then the model, which takes most of the time, is not
asked.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.preprocessing import preprocess_parts
from digitpad.recognition.division.doubtful import all_pieces
from digitpad.recognition.prediction import are_digits
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

    from digitpad.ink.division.proposal import Cluster, View
    from digitpad.ink.parts import Part
    from digitpad.recognition.division.memo import Memo
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.recognition import RecognizedPart

    Looks = NDArray[np.float32]

    Predict: TypeAlias = Callable[[NDArray[np.uint8]], Iterable[Prediction]]

_NO_SYMBOL = 0.98
"""A model of digits is not asked for what was cut, if the rating network finds it as probable that
it is no whole symbol. Of 9000 candidates that were cut out of strokes of validation writers, that
was so of half; none of these was part of the best division when the model was asked for all."""


class Asking:
    """Asks a model for candidates, and remembers what it says.

    Args:
        predict: see `recognize`.
        memo: what the model has been asked for.
        most: how many glyphs are predicted at most; None for all.
        with_views: whether the rating network sees candidates, too.
    """

    def __init__(
        self, predict: Predict, memo: Memo, most: int | None, *, with_views: bool = True
    ) -> None:
        self._predict = predict
        self.memo = memo
        self._left = math.inf if most is None else most
        self._is_looking = with_views

    def ask_all(self, clusters: Collection[Cluster]) -> None:
        """Let all candidates be seen, and predict those that may be symbols.

        Where no more glyphs may be predicted, nothing more is looked at either.
        """
        rest = list(clusters)
        while rest and self._left > 0:
            count, candidates = 0, 0
            while count < len(rest) and candidates < self._left:
                candidates += len(rest[count].candidates)
                count += 1
            some, rest = rest[:count], rest[count:]
            if self._is_looking:
                self._look(some)
            self.ask({cluster: self._wanted(cluster) for cluster in some})

    def hopeless(self, cluster: Cluster) -> set[int]:
        """Numbers of the candidates that are no whole symbol, as far as they were looked at.

        None where a model knows other classes: the network never saw joined letters.
        """
        cut = [i for i, one in enumerate(cluster.candidates) if one.is_cut and not one.is_ligature]
        if not cut or not self._is_looking or not self.has_seen(cluster):
            return set()
        # All ink together was asked for first.
        whole = self.memo.get(cluster.ink.key(all_pieces(cluster)))
        if whole is None or whole.prediction is None or not are_digits(whole.prediction.classes):
            return set()
        # The window opens before torch is there.
        from digitpad.recognition.division.rating import no_symbol

        shares = no_symbol(self.looks(cluster)[cut]).tolist()
        return {i for i, share in zip(cut, shares, strict=True) if share > _NO_SYMBOL}

    def has_seen(self, cluster: Cluster) -> bool:
        """Whether the rating network has seen all candidates, if it is to see them."""
        return not self._is_looking or all(view.key in self.memo.seen for view in cluster.views)

    def looks(self, cluster: Cluster) -> Looks:
        """What it sees of them, float32 (n, SEEN); it `has_seen` them."""
        return np.stack([self.memo.seen[view.key] for view in cluster.views])

    def predictions(self, cluster: Cluster) -> list[Prediction]:
        """Of all candidates that are no ligatures, as far as they are known."""
        return [
            part.prediction
            for one, key in zip(cluster.candidates, cluster.keys, strict=True)
            if not one.is_ligature
            and (part := self.memo.get(key)) is not None
            and part.prediction is not None
        ]

    def ask(
        self,
        wanted: Mapping[Cluster, Sequence[tuple[int, ...]]],
        whole: Sequence[RecognizedPart] = (),
    ) -> Iterator[Prediction]:
        """Predict candidates that are not known, and whole drawings; the latter's predictions.

        Args:
            wanted: the pieces of each candidate.
            whole: preprocessed.
        """
        wished: dict[Hashable, Part] = {}
        for cluster, sets in wanted.items():
            for members in sets:
                if self._left <= 0:
                    break
                key = cluster.ink.key(members)
                if key not in wished and self.memo.get(key) is None:
                    wished[key] = cluster.ink.part(members)
                    self._left -= 1
        every_stages = preprocess_parts(list(wished.values()))
        unknown = {
            key: recognized_part(ink, stages)
            for (key, ink), stages in zip(wished.items(), every_stages, strict=True)
        }
        glyphs = [part.stages.glyph for part in (*whole, *unknown.values())]
        predictions = list(self._predict(np.stack(glyphs))) if glyphs else []
        pairs = zip(unknown.items(), predictions[len(whole) :], strict=True)
        for (key, part), prediction in pairs:
            self.memo.add(key, replace(part, prediction=prediction))
        self.memo.asked += len(glyphs)
        return iter(predictions[: len(whole)])

    def _wanted(self, cluster: Cluster) -> list[tuple[int, ...]]:
        hopeless = self.hopeless(cluster)
        return [
            one.members
            for i, one in enumerate(cluster.candidates)
            if not one.is_ligature and i not in hopeless
        ]

    def _look(self, clusters: Iterable[Cluster]) -> None:
        """Let the rating network see all candidates."""
        # The window opens before torch is there.
        from digitpad.recognition.division.rating import looks_of

        known = self.memo.seen
        unknown: dict[Hashable, View] = {}
        for cluster in clusters:
            for view in cluster.views:
                if view.key in known:
                    known.move_to_end(view.key)
                else:
                    unknown[view.key] = view
        looks = looks_of([view.shown() for view in unknown.values()])
        known.update(zip(unknown, looks, strict=True))
