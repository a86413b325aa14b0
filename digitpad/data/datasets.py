"""Labelled drawings on disk, read as glyphs a batch at a time.

Three forms: a folder of MNIST's files, whose glyphs are taken as they are; a folder of class-named
folders of pictures; and strokes as ndjson. Pictures and strokes take exactly the pad's way to a
glyph. Nothing is kept, so a set of a million drawings needs no more memory than one of a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from digitpad.data.idx import MnistFiles, Split, find_mnist, mnist_count, read_mnist
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import read_picture
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import read_strokes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

STROKE_SUFFIXES = (".ndjson", ".ndjson.gz")

_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})
"""Files that systems leave in folders of pictures; hidden ones are passed over as well."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledBatch:
    """Some drawings of a data set.

    Attributes:
        glyphs: uint8 (n, 28, 28), ink 255 on 0; n >= 1.
        words: what each is said to show, n names.
    """

    glyphs: NDArray[np.uint8]
    words: tuple[str, ...]


class Dataset(Protocol):
    """Labelled drawings that can be read from the start any number of times."""

    @property
    def description(self) -> str:
        """What kind of data this is, for a person."""

    def count(self) -> int | None:
        """Number of drawings, where it can be known without reading them all."""

    def batches(self, size: int) -> Iterator[LabelledBatch]:
        """The drawings in their own order, `size` at a time.

        Raises:
            DigitpadError: one of them cannot be read.
        """


def open_dataset(path: Path, split: Split | None = None) -> Dataset:
    """Recognise the form of a data set.

    Args:
        path: a folder or an ndjson file of strokes.
        split: of MNIST's files; None is the test split.

    Raises:
        DigitpadError: there is nothing there, it is in none of the forms, or a split is asked of
            a set that has none.
    """
    if path.is_dir():
        files = find_mnist(path, split or "test")
        if files is not None:
            return MnistSet(files, split or "test")
        dataset: Dataset = PictureFolders(path)
    elif not path.exists():
        raise DigitpadError("There is no file or folder '{path}'.", path=path)
    elif is_stroke_file(path):
        dataset = StrokeFile(path)
    else:
        raise DigitpadError(
            "{path} is no data set: it takes a folder of MNIST's files, a folder of class-named"
            " folders of pictures, or an .ndjson file of strokes.",
            path=path,
        )
    if split is not None:
        raise DigitpadError(
            "{path} has no {split} split: only MNIST's folders have splits.", path=path, split=split
        )
    return dataset


@dataclass(frozen=True, slots=True)
class MnistSet:
    """Glyphs in MNIST's files, as they are."""

    files: MnistFiles
    split: Split

    @property
    def description(self) -> str:
        """See `Dataset`."""
        return f"MNIST files, {self.split} split"

    def count(self) -> int:
        """See `Dataset`."""
        return mnist_count(self.files)

    def batches(self, size: int) -> Iterator[LabelledBatch]:
        """See `Dataset`."""
        for glyphs, labels in read_mnist(self.files, size):
            yield LabelledBatch(glyphs, tuple(str(label) for label in labels))


@dataclass(frozen=True, slots=True)
class PictureFolders:
    """A folder of class-named folders of pictures."""

    folder: Path

    @property
    def description(self) -> str:
        """See `Dataset`."""
        return "class-named folders of pictures"

    def count(self) -> int:
        """See `Dataset`."""
        return sum(1 for _ in self.pictures())

    def batches(self, size: int) -> Iterator[LabelledBatch]:
        """See `Dataset`."""
        return _batches(((picture_glyph(path), word) for word, path in self.pictures()), size)

    def pictures(self) -> Iterator[tuple[str, Path]]:
        """The class and the path of each picture, none of which is opened.

        Raises:
            DigitpadError: a folder cannot be read, or there is no picture.
        """
        empty = True
        for entry in _entries(self.folder):
            if entry.is_dir():
                for path in pictures_in(entry):
                    empty = False
                    yield entry.name, path
        if empty:
            raise DigitpadError(
                "{folder} is no data set: it has neither MNIST's files nor class-named"
                " folders with pictures.",
                folder=self.folder,
            )


@dataclass(frozen=True, slots=True)
class StrokeFile:
    """Drawings in an ndjson file."""

    path: Path

    @property
    def description(self) -> str:
        """See `Dataset`."""
        return "strokes"

    def count(self) -> None:
        """See `Dataset`: only reading the file would tell."""

    def batches(self, size: int) -> Iterator[LabelledBatch]:
        """See `Dataset`."""
        return _batches(self._drawings(), size)

    def _drawings(self) -> Iterator[tuple[NDArray[np.uint8], str]]:
        for record in read_strokes(self.path):
            if record.word is None:
                raise DigitpadError(
                    "Line {line} of {path} has no word that says what it shows, so"
                    " there is nothing to compare with.",
                    line=record.line,
                    path=self.path,
                )
            yield drawing_glyph(record.drawing, f"Line {record.line} of {self.path}"), record.word


def is_stroke_file(path: Path) -> bool:
    """Whether a file's name says that it holds strokes."""
    return path.name.lower().endswith(STROKE_SUFFIXES)


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


def picture_glyph(path: Path) -> NDArray[np.uint8]:
    """The glyph of a picture, uint8 (28, 28), by the pad's own way.

    Raises:
        DigitpadError: the file is no picture, or it shows no ink.
    """
    return drawing_glyph(Drawing(picture=read_picture(path)), str(path))


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


def _batches(
    drawings: Iterable[tuple[NDArray[np.uint8], str]], size: int
) -> Iterator[LabelledBatch]:
    glyphs: list[NDArray[np.uint8]] = []
    words: list[str] = []
    for glyph, word in drawings:
        glyphs.append(glyph)
        words.append(word)
        if len(glyphs) == size:
            yield LabelledBatch(np.stack(glyphs), tuple(words))
            glyphs, words = [], []
    if glyphs:
        yield LabelledBatch(np.stack(glyphs), tuple(words))


def _entries(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DigitpadError(
            "The folder {folder} cannot be read: {reason}.",
            folder=folder,
            reason=error.strerror or error,
        ) from error
    return [
        entry
        for entry in entries
        if not entry.name.startswith(".") and entry.name.lower() not in _CLUTTER
    ]
