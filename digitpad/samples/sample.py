"""One drawing of one symbol, with its label: a lesson, or what was collected or imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from digitpad.ink.glyph import FIELD
from digitpad.ink.preprocessing import preprocess
from digitpad.samples.pictures import small

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

Origin: TypeAlias = Literal["correction", "confirmation", "collected", "imported"]
"""How a sample came here: the answer was wrong, it was right, the program asked for it, or it was
in a file."""

ORIGINS: tuple[Origin, ...] = get_args(Origin)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of a drawing, before it was taught.

    Attributes:
        text: the most probable class.
        confidence: its probability, in [0, 1].
        rejected: whether the model said that it is none of its classes.
        model: name of the model.
    """

    text: str
    confidence: float
    rejected: bool
    model: str


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A drawing of one symbol and what it is.

    Attributes:
        label: what it is, as the user says.
        drawing: strokes, or a picture of the symbol alone; not empty.
        glyph: uint8 (28, 28), as it was recognized; read-only.
        answer: what a model said of it; None where none was asked.
        origin: how it came here.
        is_flagged: whether it contradicts what is known, so that it may be a slip.
        symbols: name of the user's own set of symbols that the label belongs to; "" for the
            classes of models that were trained.
        created: when it was confirmed, with a time zone.
        id: number in the store, from 1; never given to another sample. 0 before it is stored.
    """

    label: str
    drawing: Drawing
    glyph: NDArray[np.uint8]
    answer: Answer | None = None
    origin: Origin = "correction"
    is_flagged: bool = False
    symbols: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: int = 0

    def __post_init__(self) -> None:
        glyph = np.array(self.glyph)
        if glyph.shape != (FIELD, FIELD) or glyph.dtype != np.uint8:
            raise ValueError("glyph must be uint8 of the shape (28, 28)")
        if self.drawing.is_empty:
            raise ValueError("a sample has ink")
        glyph.setflags(write=False)
        object.__setattr__(self, "glyph", glyph)

    @classmethod
    def of(cls, label: str, drawing: Drawing, *, origin: Origin = "collected") -> Sample:
        """A sample of a drawing of one symbol; a `DigitpadError` if its picture has no ink.

        A large picture is cut to its ink and reduced.
        """
        return cls(label, small(drawing), preprocess(drawing).glyph, origin=origin)

    @property
    def was_right(self) -> bool | None:
        """Whether the model's answer was the label; None where no model was asked."""
        return None if self.answer is None else self.answer.text == self.label
