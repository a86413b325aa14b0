"""What a network thinks of a glyph. Free of torch, so that widgets can hold it."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SURE = 0.9
"""Confidence from which on an answer is given without doubt. Of the validation digits (MNIST and
pen strokes) that a bundled model read with less, one in four was misread; with more, fewer than
one in five hundred."""

CLOSE_RATIO = 0.1
"""A runner-up with at least this share of the best probability is close enough to be named: among
doubtful validation digits, one further behind was never the right one."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A calibrated probability for every class of a model.

    Attributes:
        classes: names of the classes, in the order of the model.
        probabilities: one for each class, each in [0, 1], their sum 1 within rounding.
        rejected: whether the model takes the drawing for none of its classes.
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
        """Whether the answer is to be given without doubt (see SURE)."""
        return self.confidence >= SURE

    @property
    def runner_up(self) -> int | None:
        """Index of the second class in a doubtful answer, where it is close (see CLOSE_RATIO).

        None where the answer is sure, or where its doubt is shared out among many classes.
        """
        others = [i for i in range(len(self.classes)) if i != self.best]
        if self.is_sure or not others:
            return None
        second = max(others, key=self.probabilities.__getitem__)
        return second if self.probabilities[second] >= CLOSE_RATIO * self.confidence else None

    @property
    def best_two(self) -> float:
        """What the two most probable classes have together, see `best_two`."""
        return best_two(self.probabilities)

    def refused_below(self, threshold: float) -> Prediction:
        """The same prediction, refused where its `best_two` is below a threshold in [0, 1]."""
        return replace(self, rejected=self.best_two < threshold)


def best_two(probabilities: Sequence[float]) -> float:
    """What the two most probable classes have together; by it a drawing is refused.

    A drawing between two classes is an answer in doubt, and its probability lies with both of
    them. One that is none of the classes is like none of them, and its probability lies with all.
    On validation data this tells digits from other drawings at least as well as the best
    probability alone or the entropy, and it leaves a 7 that may be a 1 to the person who sees it.
    Of one or two classes the best counts alone, since two of two would never be refused.
    """
    if len(probabilities) <= 2:
        return max(probabilities)
    first, second = heapq.nlargest(2, probabilities)
    return first + second


def are_digits(classes: Sequence[str]) -> bool:
    """Whether all classes are single digits, so that what is none of them is no digit."""
    return all(len(name) == 1 and name.isdecimal() for name in classes)
