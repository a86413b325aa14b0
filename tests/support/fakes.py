"""A predictor that needs no network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition, preprocess_drawing, undivided

SEVEN = Drawing.of([[[-200, -300], [200, -300], [-50, 300]], [[-100, 0], [150, 0]]])
DIGITS = tuple("0123456789")


def prediction(best: int = 7, share: float = 0.99, classes: tuple[str, ...] = DIGITS, **kwargs):
    rest = (1 - share) / (len(classes) - 1)
    return Prediction(
        classes, tuple(share if i == best else rest for i in range(len(classes))), **kwargs
    )


def recognition(*predictions: Prediction, drawing: Drawing = SEVEN) -> Recognition:
    """What is read of a drawing; without a prediction no model was asked."""
    prepared = preprocess_drawing(drawing, as_one=True)
    return prepared.with_predictions(predictions) if predictions else prepared


def number(*predictions: Prediction, before: str = "") -> Recognition:
    """What is read of a row of sevens.

    Args:
        predictions: of each of them.
        before: what separates each from the one before: one character for each, and a dot for
            nothing.
    """
    apart = [
        Drawing(
            tuple(
                Stroke(stroke.points * 0.4 + (260 * i - 400, 0), stroke.pressures, 30.0)
                for stroke in SEVEN.strokes
            )
        )
        for i in range(len(predictions))
    ]
    parts = [
        replace(undivided(Recognition(one)).parts[0], prediction=said)
        for one, said in zip(apart, predictions, strict=True)
    ]
    for i, mark in enumerate(before):
        parts[i] = replace(parts[i], before=mark.replace(".", ""))
    drawing = Drawing(tuple(stroke for one in apart for stroke in one.strokes))
    return Recognition(drawing, tuple(parts))


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
