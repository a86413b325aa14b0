"""The recognition of a whole drawing. Without Qt and torch, so that widgets can hold it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.parts import split_drawing
from digitpad.ink.preprocessing import preprocess_part
from digitpad.recognition.prediction import SURE, are_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from digitpad.ink.parts import Bounds
    from digitpad.ink.preprocessing import Stages
    from digitpad.recognition.prediction import Prediction


@dataclass(frozen=True, slots=True, eq=False)
class RecognizedPart:
    """A part of a drawing, with its prediction.

    Attributes:
        bounds: left, top, right and bottom of its ink; see `digitpad.ink.parts.Part`.
        stages: of its preprocessing. They have its glyph.
        prediction: None before a model has predicted it.
        is_alone: see `digitpad.ink.parts.Part`.
    """

    bounds: Bounds
    stages: Stages
    prediction: Prediction | None = None
    is_alone: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """The recognition of a drawing: its parts with their predictions, and the text.

    Attributes:
        drawing: the drawing.
        parts: in the order of the text; none if the drawing has no ink. Either all parts have
            predictions or, before a model was asked, none.
        problem: why a picture has no parts; None if it has.
    """

    drawing: Drawing
    parts: tuple[RecognizedPart, ...] = ()
    problem: DigitpadError | None = None

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """The predictions of all parts; empty before a model was asked."""
        return tuple(part.prediction for part in self.parts if part.prediction is not None)

    @property
    def text(self) -> str:
        """The most probable class of each part, one after the other."""
        return "".join(prediction.text for prediction in self.predictions)

    @property
    def confidence(self) -> float:
        """Probability that the whole text is right, if the parts are independent; 0 without any."""
        predictions = self.predictions
        return math.prod(one.confidence for one in predictions) if predictions else 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the text is sure (see SURE)."""
        return self.confidence >= SURE

    @property
    def has_more_digits(self) -> bool:
        """Whether a picture shows more than its parts, and the model knows digits alone.

        Other symbols may consist of separate pieces, so more ink means nothing there.
        """
        return any(
            not part.is_alone
            and part.prediction is not None
            and are_digits(part.prediction.classes)
            for part in self.parts
        )

    @property
    def rejected(self) -> bool:
        """Whether a part is rejected, or the picture shows more digits."""
        return self.has_more_digits or any(one.rejected for one in self.predictions)

    @property
    def answer(self) -> str:
        """The text; "" if it is rejected."""
        return "" if self.rejected else self.text

    @property
    def first(self) -> RecognizedPart | None:
        """The first part, for views that show one symbol."""
        return self.parts[0] if self.parts else None

    def with_predictions(self, predictions: Iterable[Prediction]) -> Recognition:
        """The same recognition with these predictions, one for each part."""
        pairs = zip(self.parts, predictions, strict=True)
        return replace(self, parts=tuple(replace(part, prediction=one) for part, one in pairs))


def preprocess_drawing(drawing: Drawing) -> Recognition:
    """Find the parts of a drawing, and preprocess them.

    Raises:
        DigitpadError: a picture has no ink.
    """
    if drawing.is_empty:
        return Recognition(drawing)
    parts = (
        RecognizedPart(one.bounds, preprocess_part(one), is_alone=one.is_alone)
        for one in split_drawing(drawing)
    )
    return Recognition(drawing, tuple(parts))


def preprocessed(drawing: Drawing) -> Recognition:
    """As `preprocess_drawing`, but for a picture without ink the error becomes the `problem`."""
    try:
        return preprocess_drawing(drawing)
    except DigitpadError as error:
        return Recognition(drawing, problem=error.with_traceback(None))


def recognize(
    recognitions: Sequence[Recognition],
    predict: Callable[[NDArray[np.uint8]], Iterable[Prediction]],
) -> list[Recognition]:
    """The same recognitions with new predictions, all from one batch of glyphs.

    Args:
        recognitions: preprocessed drawings.
        predict: gives a prediction for each glyph, uint8 (n, 28, 28), as `Recognizer.predict` does.
            It is not called without a glyph.
    """
    glyphs = [part.stages.glyph for one in recognitions for part in one.parts]
    predictions = iter(predict(np.stack(glyphs)) if glyphs else ())
    return [one.with_predictions([next(predictions) for _ in one.parts]) for one in recognitions]
