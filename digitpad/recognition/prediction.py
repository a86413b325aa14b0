"""What a network thinks of a glyph. Free of torch, so that widgets can hold it."""

from __future__ import annotations

from dataclasses import dataclass

CLOSE_RATIO = 0.2
"""A runner-up with at least this share of the best probability is close enough to be named."""


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
    def runner_up(self) -> int | None:
        """Index of the second class where it is close (see CLOSE_RATIO), else None."""
        best = self.best
        others = [i for i in range(len(self.classes)) if i != best]
        if not others:
            return None
        second = max(others, key=self.probabilities.__getitem__)
        close = self.probabilities[second] >= CLOSE_RATIO * self.probabilities[best]
        return second if close else None
