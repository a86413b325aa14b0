"""A predictor that needs no network."""

from __future__ import annotations

import numpy as np

from digitpad.recognition.prediction import Prediction

DIGITS = tuple("0123456789")


def prediction(best: int = 7, share: float = 0.99, classes: tuple[str, ...] = DIGITS, **kwargs):
    rest = (1 - share) / (len(classes) - 1)
    return Prediction(
        classes, tuple(share if i == best else rest for i in range(len(classes))), **kwargs
    )


class FakePredictor:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer = prediction()
        self.glyphs: list[np.ndarray] = []

    def predict(self, glyphs: np.ndarray) -> list[Prediction]:
        assert glyphs.dtype == np.uint8
        assert glyphs.shape[1:] == (28, 28)
        self.glyphs.extend(glyphs)
        return [self.answer] * len(glyphs)
