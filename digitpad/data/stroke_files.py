"""Files of strokes: drawings in the form of Quick, Draw!, the word of each is its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from digitpad.data.glyphs import batches_of, drawing_glyph
from digitpad.errors import DigitpadError
from digitpad.ink.stroke_file import read_strokes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.data.glyphs import Batch
    from digitpad.ink.stroke_file import StrokeRecord

STROKE_SUFFIXES = (".ndjson", ".ndjson.gz")


def is_stroke_file(path: Path) -> bool:
    """Whether a file's name says that it holds strokes."""
    return path.name.lower().endswith(STROKE_SUFFIXES)


@dataclass(frozen=True, slots=True)
class StrokeFile:
    """Drawings in an ndjson file; a `digitpad.data.readers.Reader`."""

    source: Path
    piece: ClassVar[int] = 1
    classes: ClassVar[None] = None
    description: ClassVar[str] = "strokes"

    @property
    def title(self) -> str:
        """See `Reader`."""
        return f"Strokes {self.source.name}"

    def count(self) -> None:
        """See `Reader`: only reading the file would tell."""

    def names(self) -> Iterator[str]:
        """See `Reader`; nothing is drawn."""
        for name, _ in self._records():
            yield name

    def batches(self, size: int, chosen: NDArray[np.int64] | None = None) -> Iterator[Batch]:
        """See `Reader`; only the chosen drawings are drawn."""
        return batches_of(self._records(), self._glyph, size, chosen)

    def _glyph(self, record: StrokeRecord) -> NDArray[np.uint8]:
        return drawing_glyph(record.drawing, f"Line {record.line} of {self.source}")

    def _records(self) -> Iterator[tuple[str, StrokeRecord]]:
        for record in read_strokes(self.source):
            if record.word is None:
                raise DigitpadError(
                    'Line {line} of {path} has no "word" that says what it shows: give every'
                    " drawing one.",
                    line=record.line,
                    path=self.source,
                )
            yield record.word, record
