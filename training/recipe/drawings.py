"""The drawings that the recipe learns from and evaluates on, as strokes, each with its group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import preprocess_strokes
from digitpad.ink.stroke_file import read_strokes
from training.recipe.fragments import is_fragment
from training.recipe.splits import LOOKALIKE_SYMBOLS, LOOKALIKES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from digitpad.ink.stroke_file import StrokeRecord

Kind = Literal["pen", "unipen", "letters", "characters", "symbols"]

_FILES: Mapping[Kind, str] = {
    "pen": "digits",
    "unipen": "unipen-digits",
    "letters": "unipen-not-digits",
    "characters": "not-digits",
    "symbols": "symbols-not-digits",
}

_DIGITS: tuple[Kind, ...] = ("pen", "unipen")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A drawing and what is known of it.

    Attributes:
        drawing: with strokes.
        label: 0 to 9, or OUTLIER.
        writer: who drew it, with the site before a slash; empty where the file does not say.
        word: what it shows.
        key_id: the file's name for it.
    """

    drawing: Drawing
    label: int
    writer: str
    word: str
    key_id: str

    @property
    def alphabet(self) -> str:
        """The part of the word before the slash."""
        return self.word.partition("/")[0]

    @property
    def is_lookalike(self) -> bool:
        """Whether it is one of LOOKALIKES or LOOKALIKE_SYMBOLS."""
        if self.word.removeprefix("latex/") in LOOKALIKE_SYMBOLS:
            return True
        alphabet, _, character = self.word.partition("/")
        number = character.removeprefix("character")
        return number.isdecimal() and int(number) in LOOKALIKES.get(alphabet, ())

    @property
    def is_fragment(self) -> bool:
        """Whether its ink is no whole digit, see `is_fragment`."""
        return is_fragment([stroke.points for stroke in self.drawing.strokes])


def read_drawings(
    folder: Path, kind: Kind, wanted: Callable[[Labelled], bool] | None = None
) -> list[Labelled]:
    """The drawings of one file, in its order.

    Args:
        folder: holds ``pen``.
        kind: names the file.
        wanted: whether a drawing is taken; all are.

    Raises:
        DigitpadError: there is none of them, a digit is none, or the file cannot be read.
    """
    path = folder / "pen" / f"{_FILES[kind]}.ndjson.gz"
    every = (_labelled(record, kind, folder) for record in read_strokes(path))
    found = [one for one in every if wanted is None or wanted(one)]
    if not found:
        raise DigitpadError("{path} holds none of the drawings that are wanted.", path=path)
    return found


def _labelled(record: StrokeRecord, kind: Kind, folder: Path) -> Labelled:
    word = record.word or ""
    label = OUTLIER
    if kind in _DIGITS:
        if word not in DIGITS:
            raise DigitpadError(
                "Line {line} of the pen strokes in {folder} is no digit.",
                line=record.line,
                folder=folder,
            )
        label = int(word)
    return Labelled(record.drawing, label, record.writer or "", word, record.key_id or "")


def plain_glyphs(drawings: list[Drawing]) -> NDArray[np.uint8]:
    """Drawings as the pad would see them, uint8 (n, 28, 28)."""
    return np.stack([preprocess_strokes(drawing).glyph for drawing in drawings])


def plain_dataset(drawings: list[Labelled]) -> Dataset:
    """Drawings as the pad would see them, with their labels."""
    glyphs = plain_glyphs([one.drawing for one in drawings])
    return Dataset(glyphs, np.array([one.label for one in drawings], dtype=np.int64), DIGITS)
