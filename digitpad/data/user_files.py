"""Drawings of somebody's own: folders of pictures, and files of strokes.

Each class is a folder of pictures, which gives the class its name. A file of strokes has the form
of Quick, Draw!, and the word of each drawing is its class. All become glyphs exactly as on the pad.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import FIELD
from digitpad.ink.picture import read_picture
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import read_strokes
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.ink.stroke_file import StrokeRecord

    Batch = tuple[NDArray[np.uint8], tuple[str, ...]]

T = TypeVar("T")

STROKE_SUFFIXES = (".ndjson", ".ndjson.gz")

_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})
"""Files that systems leave in folders of pictures; hidden ones are passed over as well."""


@dataclass(frozen=True, slots=True)
class PictureFolders:
    """A folder of class-named folders of pictures; a `digitpad.data.readers.Reader`."""

    source: Path
    piece: ClassVar[int] = 1
    classes: ClassVar[None] = None
    description: ClassVar[str] = "class-named folders of pictures"

    @property
    def title(self) -> str:
        """See `Reader`."""
        return f"Folder {self.source.resolve().name}"

    def count(self) -> int:
        """See `Reader`."""
        return sum(1 for _ in self.names())

    def names(self) -> Iterator[str]:
        """See `Reader`; no picture is opened."""
        for name, _ in self._pictures():
            yield name

    def batches(self, size: int, chosen: NDArray[np.int64] | None = None) -> Iterator[Batch]:
        """See `Reader`; only the chosen pictures are opened."""
        return batches_of(self._pictures(), picture_glyph, size, chosen)

    def _pictures(self) -> Iterator[tuple[str, Path]]:
        """The class and the path of each picture.

        Raises:
            DigitpadError: a folder cannot be read, or there is no picture.
        """
        empty = True
        for entry in _entries(self.source):
            if entry.is_dir():
                for path in pictures_in(entry):
                    empty = False
                    yield entry.name, path
        if empty:
            raise DigitpadError(
                "{folder} is no dataset: it has neither MNIST's files nor class-named folders with"
                " pictures.",
                folder=self.source,
            )


def pictures_in(folder: Path) -> Iterator[Path]:
    """Every file in a folder and those below it, sorted by name, hidden ones and clutter left out.

    Raises:
        DigitpadError: a folder cannot be read.
    """
    for entry in _entries(folder):
        if entry.is_dir():
            # A link to a folder above would never end.
            if not entry.is_symlink():
                yield from pictures_in(entry)
        else:
            yield entry


def check_folder(folder: Path) -> None:
    """Refuse what is no folder, or one in which nothing can be looked for.

    Raises:
        DigitpadError: so it is.
    """
    with _reading(folder):  # a name too long, or a folder around it that is closed
        is_there = folder.is_dir()
    if not is_there:
        raise DigitpadError("There is no folder {folder}: check its name.", folder=folder)
    if not os.access(folder, os.R_OK | os.X_OK):
        raise DigitpadError(
            "The folder {folder} cannot be read: check its permissions.", folder=folder
        )


def _entries(folder: Path) -> list[Path]:
    with _reading(folder):
        entries = sorted(folder.iterdir())
    return [
        entry
        for entry in entries
        if not entry.name.startswith(".") and entry.name.lower() not in _CLUTTER
    ]


def _reading(folder: Path) -> AbstractContextManager[None]:
    return os_errors("The folder {folder} cannot be read: {reason}.", folder=folder)


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


def drawing_glyph(drawing: Drawing, source: str) -> NDArray[np.uint8]:
    """The glyph of a drawing, uint8 (28, 28).

    Args:
        drawing: strokes or a picture, not empty.
        source: names the drawing in errors.

    Raises:
        DigitpadError: there is no ink.
    """
    try:
        return preprocess(drawing).glyph
    except DigitpadError as error:
        raise DigitpadError("{source}: {error}", source=source, error=error) from error


def picture_glyph(path: Path) -> NDArray[np.uint8]:
    """The glyph of a picture, uint8 (28, 28).

    Raises:
        DigitpadError: the file is no picture, or it shows no ink.
    """
    return drawing_glyph(Drawing(picture=read_picture(path)), str(path))


def batches_of(
    named: Iterable[tuple[str, T]],
    glyph: Callable[[T], NDArray[np.uint8]],
    size: int,
    chosen: NDArray[np.int64] | None,
) -> Iterator[Batch]:
    """Batches as `digitpad.data.readers.Reader` promises them.

    Args:
        named: the name of each drawing, and what its glyph is made of.
        glyph: makes it; asked for the chosen drawings only.
        size: drawings that make a batch.
        chosen: rising places of the drawings that are wanted; None wants all.
    """
    wanted = None if chosen is None else frozenset(chosen.tolist())
    glyphs: list[NDArray[np.uint8]] = []
    names: list[str] = []
    for place, (name, drawing) in enumerate(named, start=1):
        if wanted is None or place - 1 in wanted:
            glyphs.append(glyph(drawing))
            names.append(name)
        if place % size == 0:
            yield _stacked(glyphs), tuple(names)
            glyphs, names = [], []
    if glyphs:
        yield _stacked(glyphs), tuple(names)


def _stacked(glyphs: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return np.stack(glyphs) if glyphs else np.empty((0, FIELD, FIELD), dtype=np.uint8)
