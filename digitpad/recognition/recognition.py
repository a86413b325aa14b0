"""The recognition of a whole drawing. Without Qt and torch, so that widgets can hold it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.ink.division.proposal import StrokeInk, propose
from digitpad.ink.division.signs import SIGNS
from digitpad.ink.parts import whole_drawing
from digitpad.ink.preprocessing import preprocess_part
from digitpad.recognition.prediction import SURE, are_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digitpad.ink.division.proposal import Proposal
    from digitpad.ink.drawing import Drawing, Stroke
    from digitpad.ink.parts import Bounds, Part
    from digitpad.ink.photo.preprocessing import PictureInk
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
        ink: its strokes, or its share of the picture.
        before: what separates it from the part before it: nothing, a space or a line break.
        of_glyph: what the model says of the glyph, where the prediction knows the ink around it,
            too; None where it does not.
    """

    bounds: Bounds
    stages: Stages
    prediction: Prediction | None = None
    is_alone: bool = True
    ink: tuple[Stroke, ...] | PictureInk = ()
    before: str = ""
    of_glyph: Prediction | None = None

    @property
    def is_sign(self) -> bool:
        """Whether it is a sign within a number, whose "classes" are the signs."""
        return self.prediction is not None and self.prediction.classes == SIGNS

    @property
    def is_read_otherwise(self) -> bool:
        """Whether the ink around it makes it another class than the model sees in the glyph."""
        glyph, whole = self.of_glyph, self.prediction
        return glyph is not None and whole is not None and glyph.text != whole.text

    @property
    def by_model(self) -> RecognizedPart:
        """The part as the model reads it, which sees its glyph and nothing around it."""
        if self.of_glyph is None:
            return self
        return replace(self, prediction=self.of_glyph, of_glyph=None)


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """The recognition of a drawing: its parts with their predictions, and the text.

    Attributes:
        drawing: the drawing.
        parts: in the order of the text; none if the drawing has no ink. Either all parts have
            predictions or, before a model was asked, none. What may have several parts has none
            before.
        problem: why a picture has no parts; None if it has.
        proposal: what the drawing may be divided into; None if it is read as one symbol.
        division: probability of this division into parts among all.
        is_complete: whether every candidate has been predicted.
        signs: whether signs within numbers are read, too.
    """

    drawing: Drawing
    parts: tuple[RecognizedPart, ...] = ()
    problem: DigitpadError | None = None
    proposal: Proposal | None = None
    division: float = 1.0
    is_complete: bool = True
    signs: bool = False

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """The predictions of all parts; empty before a model was asked."""
        return tuple(part.prediction for part in self.parts if part.prediction is not None)

    @property
    def classes(self) -> tuple[str, ...]:
        """Those of the model; empty before it was asked."""
        found = [part.prediction.classes for part in self.parts if part.prediction is not None]
        return next((one for one in found if one != SIGNS), found[0] if found else ())

    @property
    def text(self) -> str:
        """The most probable class of each part, with spaces and line breaks between them."""
        return self.text_of([one.text for one in self.predictions])

    def text_of(self, names: Sequence[str]) -> str:
        """The text where the parts, in their order, are called so.

        A name of several letters is a word of its own: "alpha beta".
        """
        text, last = "", ""
        for part, name in zip(self.parts, names, strict=False):
            is_word = bool(last) and max(len(last), len(name)) > 1
            text += (part.before or (" " if is_word else "")) + name
            last = name
        return text

    @property
    def confidence(self) -> float:
        """Probability that the whole text is right; 0 without any.

        It is the probability of the division times that of each part's class.
        """
        predictions = self.predictions
        if not predictions:
            return 0.0
        return self.division * math.prod(one.confidence for one in predictions)

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
        return replace(
            self, parts=tuple(replace(part, prediction=one, of_glyph=None) for part, one in pairs)
        )


def preprocess_drawing(
    drawing: Drawing, *, as_one: bool = False, signs: bool = False
) -> Recognition:
    """Find what the parts of a drawing may be; what is one symbol is preprocessed.

    Args:
        drawing: the drawing.
        as_one: whether it is one symbol, whatever it looks like.
        signs: whether signs within numbers are read, too: points, commas, minus signs and colons.

    Raises:
        DigitpadError: a picture has no ink.
    """
    if drawing.is_empty:
        return Recognition(drawing, signs=signs)
    proposal = None if as_one else _proposed(drawing, signs=signs)
    started = Recognition(drawing, proposal=proposal, signs=signs)
    return undivided(started) if proposal is None else started


def _proposed(drawing: Drawing, *, signs: bool) -> Proposal | None:
    if drawing.picture is None:
        return propose(StrokeInk(drawing.strokes), signs=signs)
    # Pictures need scipy, which strokes and the start of the program do without.
    from digitpad.ink.division.picture import InkOfPicture

    return propose(InkOfPicture(drawing.picture), signs=signs)


def undivided(recognition: Recognition) -> Recognition:
    """The recognition with all ink as one part, before a model is asked.

    Raises:
        DigitpadError: a picture has no ink.
    """
    if recognition.drawing.is_empty or recognition.parts or recognition.problem is not None:
        return recognition
    whole = whole_drawing(recognition.drawing)
    return replace(recognition, parts=(recognized_part(whole, preprocess_part(whole)),))


def recognized_part(part: Part, stages: Stages) -> RecognizedPart:
    """A part with the stages of its preprocessing, before it is predicted."""
    return RecognizedPart(part.bounds, stages, is_alone=part.is_alone, ink=part.ink)


def preprocessed(drawing: Drawing, *, as_one: bool = False, signs: bool = False) -> Recognition:
    """As `preprocess_drawing`, but for a picture without ink the error becomes the `problem`."""
    try:
        return preprocess_drawing(drawing, as_one=as_one, signs=signs)
    except DigitpadError as error:
        return Recognition(drawing, problem=error.with_traceback(None), signs=signs)
