"""The recipe's data: MNIST's files and pen strokes, split by writer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.strokefile import read_strokes
from digitpad.learning.data import OUTLIER, GlyphSet, Source, TrainingData
from digitpad.learning.redraw import Redrawing, redraw
from digitpad.learning.synthetic import synthetic_digits
from digitpad.recognition.idx import Split, find_mnist, read_mnist

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

DIGITS = tuple("0123456789")

PEN_WRITERS = 30
"""Writers of the pen strokes; those that are not held out are trained on."""

TEST_WRITERS = frozenset(f"tra{i}" for i in range(26, 31))
VALIDATION_WRITERS = frozenset(f"tra{i}" for i in range(22, 26))
TEST_ALPHABETS = frozenset({"Greek"})
VALIDATION_ALPHABETS = frozenset({"Latin"})

MNIST_VALIDATION = 5000
"""The last so many digits of MNIST's training file are for validation."""

SYNTHETIC = 60_000
"""Synthetic digits, where nothing else is learnt from."""

PEN_COPIES, PEN_PER_EPOCH = 12, 24_000
OUTLIER_COPIES, OUTLIERS_PER_EPOCH = 8, 6_000


@dataclass(frozen=True, slots=True, eq=False)
class TestData:
    """What is touched once, at the end.

    Attributes:
        mnist: MNIST's test file.
        pen: drawings of the writers held out.
        others: drawings of alphabets held out: no digits.
    """

    mnist: GlyphSet
    pen: GlyphSet
    others: GlyphSet


def mnist(folder: Path, split: Split) -> GlyphSet:
    """One of MNIST's files, "train" or "test"."""
    files = find_mnist(folder / "mnist", split)
    if files is None:
        raise DigitpadError(f"{folder} holds no MNIST: its files belong into mnist/MNIST/raw.")
    parts = list(read_mnist(files, 10_000))
    return GlyphSet.of(
        np.concatenate([glyphs for glyphs, _ in parts]),
        np.concatenate([np.array(labels, dtype=np.int64) for _, labels in parts]),
    )


def mnist_only(folder: Path) -> TrainingData:
    """MNIST's training file, its last part for validation."""
    whole = mnist(folder, "train")
    training = GlyphSet(whole.glyphs[:-MNIST_VALIDATION], whole.labels[:-MNIST_VALIDATION])
    validation = GlyphSet(whole.glyphs[-MNIST_VALIDATION:], whole.labels[-MNIST_VALIDATION:])
    pen = _glyphs(*_pen(folder, VALIDATION_WRITERS.__contains__))
    return TrainingData(DIGITS, (Source(training),), {"mnist": validation, "pen": pen})


def synthetic_only(folder: Path, seed: int) -> TrainingData:
    """Digits that the app draws itself; what is measured on is real.

    Args:
        folder: holds ``mnist`` and ``pen`` for validation.
        seed: of the drawings.
    """
    parts = list(synthetic_digits(SYNTHETIC, seed))
    drawn = GlyphSet.of(*(np.concatenate(values) for values in zip(*parts, strict=True)))
    return TrainingData(DIGITS, (Source(drawn),), mnist_only(folder).validation)


def training_data(folder: Path, seed: int) -> TrainingData:
    """MNIST, redrawn pen strokes and outliers, without what is held out.

    Args:
        folder: holds ``mnist`` and ``pen``, see the model card.
        seed: of the redrawings.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    random = np.random.default_rng(seed)
    held_out = TEST_WRITERS | VALIDATION_WRITERS
    drawings, labels = _pen(folder, lambda writer: writer not in held_out)
    pen = redraw(drawings, PEN_COPIES, Redrawing(), random)
    held_out = TEST_ALPHABETS | VALIDATION_ALPHABETS
    characters = _others(folder, lambda alphabet: alphabet not in held_out)
    others = redraw(characters, OUTLIER_COPIES, Redrawing(), random)
    plain = mnist_only(folder)
    return TrainingData(
        DIGITS,
        (
            *plain.sources,
            Source(_flat(pen, labels), PEN_PER_EPOCH),
            Source(_flat(others, np.full(len(others), OUTLIER)), OUTLIERS_PER_EPOCH),
        ),
        plain.validation,
    )


def validation_others(folder: Path) -> GlyphSet:
    """Drawings that are no digits, for choosing."""
    drawings = _others(folder, VALIDATION_ALPHABETS.__contains__)
    return _glyphs(drawings, np.full(len(drawings), OUTLIER))


def test_data(folder: Path) -> TestData:
    """Everything held out for the end."""
    others = _others(folder, TEST_ALPHABETS.__contains__)
    return TestData(
        mnist(folder, "test"),
        _glyphs(*_pen(folder, TEST_WRITERS.__contains__)),
        _glyphs(others, np.full(len(others), OUTLIER)),
    )


def _pen(folder: Path, wanted: Callable[[str], bool]) -> tuple[list[Drawing], NDArray[np.int64]]:
    records = [
        record
        for record in read_strokes(folder / "pen" / "digits.ndjson.gz")
        if record.writer is not None and wanted(record.writer)
    ]
    if not records:
        raise DigitpadError(f"{folder} holds no pen strokes of the writers that are wanted.")
    for record in records:
        if record.word not in DIGITS:
            raise DigitpadError(f"Line {record.line} of the pen strokes in {folder} is no digit.")
    labels = np.array([int(record.word or "") for record in records], dtype=np.int64)
    return [record.drawing for record in records], labels


def _others(folder: Path, wanted: Callable[[str], bool]) -> list[Drawing]:
    found = [
        record.drawing
        for record in read_strokes(folder / "pen" / "not-digits.ndjson.gz")
        if wanted((record.word or "").partition("/")[0])
    ]
    if not found:
        raise DigitpadError(f"{folder} holds no drawings of the alphabets that are wanted.")
    return found


def _glyphs(drawings: list[Drawing], labels: NDArray[np.int64]) -> GlyphSet:
    glyphs = redraw(drawings, 1, Redrawing(), np.random.default_rng(0))
    return GlyphSet.of(glyphs[:, 0], labels)


def _flat(glyphs: NDArray[np.uint8], labels: NDArray[np.int64]) -> GlyphSet:
    copies = glyphs.shape[1]
    return GlyphSet.of(glyphs.reshape(-1, *glyphs.shape[2:]), np.repeat(labels, copies))
