"""What the user has: a folder with MNIST's files, pictures in folders, strokes in a file."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.datasets import PictureFolders, drawing_glyph, picture_glyph
from digitpad.data.drawings import DIGITS, Drawings, choose, index_words
from digitpad.data.idx import find_mnist, mnist_labels
from digitpad.data.idx_reading import read_glyphs
from digitpad.data.progress import Loading, Ticker
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.ink.stroke_file import read_strokes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from digitpad.ink.stroke_file import StrokeRecord

    Read = Generator[Loading, None, Drawings]

_HIGHEST = 9

# SHA-256 of all labels, one byte each, by which the two files are known whatever they are called.
_TRAIN_LABELS = "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"
_TEST_LABELS = "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"


def read_mnist_folder(folder: Path, count: int | None, seed: int) -> Read:
    """The training digits of a folder with MNIST's files, or with others in their form.

    The folder is not written to, and the files of the test digits are not opened.

    Args:
        folder: has the files itself, or in MNIST/raw.
        count: at most so many, at random; None takes all.
        seed: of the choice.

    Raises:
        DigitpadError: there are no such files, or they are damaged or swapped.
    """
    _check_folder(folder)
    files = find_mnist(folder, "train")
    if files is None:
        raise DigitpadError(
            "{folder} has no MNIST files: choose the folder with train-images-idx3-ubyte and"
            " train-labels-idx1-ubyte (or their .gz), or let them be downloaded.",
            folder=folder,
        )
    labels = mnist_labels(files, _HIGHEST)
    known = hashlib.sha256(labels.astype(np.uint8).tobytes()).hexdigest()
    if known == _TEST_LABELS:
        raise DigitpadError(
            "{labels} has the labels of MNIST's test digits, which are there to measure on"
            " and not to learn from: the files for training and for testing have been swapped.",
            labels=files.labels,
        )
    title = "MNIST" if known == _TRAIN_LABELS else f"Folder {folder.resolve().name}"
    # Somebody's own files may lack a digit.
    classes, indices = index_words([DIGITS[label] for label in labels], str(folder))
    chosen = choose(indices, count, seed)
    glyphs = yield from read_glyphs(files, _HIGHEST, len(labels), chosen)
    return Drawings(title, classes, glyphs, indices[chosen])


def read_pictures(folder: Path, count: int | None, seed: int) -> Read:
    """Pictures in class-named folders, as the pad would see them.

    Args:
        folder: has a folder for each class.
        count: at most so many, at random, the others are not opened; None takes all.
        seed: of the choice.

    Raises:
        DigitpadError: there are no pictures, a class is missing or too small, or a file is no
            picture.
    """
    _check_folder(folder)
    words: list[str] = []
    paths: list[Path] = []
    ticker = Ticker()
    for word, path in PictureFolders(folder).pictures():
        words.append(word)
        paths.append(path)
        if ticker.is_due():
            yield Loading("checking", len(words), None, "drawings")
    classes, labels = index_words(words, str(folder))
    chosen = choose(labels, count, seed)
    glyphs = np.empty((len(chosen), FIELD, FIELD), dtype=np.uint8)
    for done, index in enumerate(chosen.tolist()):
        if ticker.is_due():
            yield Loading("reading", done, len(chosen), "drawings")
        glyphs[done] = picture_glyph(paths[index])
    return Drawings(f"Folder {folder.resolve().name}", classes, glyphs, labels[chosen])


def read_stroke_file(path: Path, count: int | None, seed: int) -> Read:
    """Drawings of an ndjson file of strokes, as the pad would draw them.

    Args:
        path: of the file.
        count: at most so many, at random, the others are not drawn; None takes all.
        seed: of the choice.

    Raises:
        DigitpadError: it is no such file, a drawing has no word, or a class is missing or too
            small.
    """
    words: list[str] = []
    ticker = Ticker()
    # The file is read twice, so that nothing is drawn of what is not taken, and nothing kept but
    # words before it is known how much that is.
    for _, word in _worded(path):
        words.append(word)
        if ticker.is_due():
            yield Loading("checking", len(words), None, "drawings")
    classes, labels = index_words(words, str(path))
    chosen = choose(labels, count, seed)
    glyphs = np.empty((len(chosen), FIELD, FIELD), dtype=np.uint8)
    wanted = np.zeros(len(words), dtype=bool)
    wanted[chosen] = True
    done = 0
    for (record, _), is_wanted in zip(_worded(path), wanted.tolist(), strict=False):
        if ticker.is_due():
            yield Loading("reading", done, len(chosen), "drawings")
        if is_wanted:
            glyphs[done] = drawing_glyph(record.drawing, f"Line {record.line} of {path}")
            done += 1
    if done < len(chosen):
        raise DigitpadError("{path} was changed while it was read: try again.", path=path)
    return Drawings(f"Strokes {path.name}", classes, glyphs, labels[chosen])


def _check_folder(folder: Path) -> None:
    """Refuse what is no folder, or one in which nothing can be looked for."""
    try:
        is_there = folder.is_dir()
    except OSError as error:  # a name too long, or a folder around it that is closed
        raise DigitpadError(
            "The folder {folder} cannot be read: {reason}.",
            folder=folder,
            reason=error.strerror or error,
        ) from error
    if not is_there:
        raise DigitpadError("There is no folder {folder}: check its name.", folder=folder)
    if not os.access(folder, os.R_OK | os.X_OK):
        raise DigitpadError(
            "The folder {folder} cannot be read: check its permissions.", folder=folder
        )


def _worded(path: Path) -> Iterator[tuple[StrokeRecord, str]]:
    for record in read_strokes(path):
        if record.word is None:
            raise DigitpadError(
                'Line {line} of {path} has no "word" that says what it shows, so there is'
                " nothing to learn from it.",
                line=record.line,
                path=path,
            )
        yield record, record.word
