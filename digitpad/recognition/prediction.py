"""The prediction for a glyph. Without torch, so that widgets can hold it."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SURE = 0.9
"""Least confidence of a sure prediction. On validation digits (MNIST and pen strokes), one in four
predictions of a bundled model with less confidence was wrong; with more, fewer than one in 500."""

CLOSE_RATIO = 0.1
"""A runner-up with at least this share of the best probability is named. Among validation digits
without a sure prediction, one with less was never right."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The calibrated probabilities of a glyph for the classes of a model.

    Attributes:
        classes: names of the classes, in the order of the model.
        probabilities: for each class, in [0, 1]. Their sum is 1, but for rounding.
        rejected: whether the model says that the glyph is none of its classes.
    """

    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    rejected: bool = False

    @property
    def best(self) -> int:
        """Index of the most probable class."""
        return max(range(len(self.classes)), key=self.probabilities.__getitem__)

    @property
    def text(self) -> str:
        """Name of the most probable class."""
        return self.classes[self.best]

    @property
    def confidence(self) -> float:
        """Probability of the most probable class."""
        return self.probabilities[self.best]

    @property
    def is_sure(self) -> bool:
        """Whether the prediction is sure (see SURE)."""
        return self.confidence >= SURE

    @property
    def runner_up(self) -> int | None:
        """Index of the second most probable class, if it is close to the best (see CLOSE_RATIO).

        None if the prediction is sure, or if no other class is close.
        """
        others = [i for i in range(len(self.classes)) if i != self.best]
        if self.is_sure or not others:
            return None
        second = max(others, key=self.probabilities.__getitem__)
        return second if self.probabilities[second] >= CLOSE_RATIO * self.confidence else None

    @property
    def best_two(self) -> float:
        """Probability of the two most probable classes together; see `best_two`."""
        return best_two(self.probabilities)

    def rejected_below(self, threshold: float) -> Prediction:
        """The same prediction, rejected if its `best_two` is below a threshold in [0, 1]."""
        return replace(self, rejected=self.best_two < threshold)


def best_two(probabilities: Sequence[float]) -> float:
    """The probability of the two most probable classes together, which decides about a rejection.

    A drawing between two classes has most of its probability in these two. That of a drawing of no
    class is spread over all classes. On validation data this separates digits from other drawings
    at least as well as the best probability alone or the entropy do, and it does not reject a 7
    that may be a 1. With one or two classes only the best one counts: two would never be rejected.
    """
    if len(probabilities) <= 2:
        return max(probabilities)
    first, second = heapq.nlargest(2, probabilities)
    return first + second


def predictions_of(
    rows: Iterable[Sequence[float]], classes: tuple[str, ...], reject_below: float
) -> list[Prediction]:
    """A prediction for each row of probabilities, one a class.

    Args:
        rows: one a glyph.
        classes: their names.
        reject_below: a glyph is rejected if its two best classes have less together.
    """
    return [Prediction(classes, tuple(row), rejected=best_two(row) < reject_below) for row in rows]


def are_digits(classes: Sequence[str]) -> bool:
    """Whether all classes are single digits."""
    return all(len(name) == 1 and name.isdecimal() for name in classes)
