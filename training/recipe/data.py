"""The recipe's data: MNIST's files and pen strokes, split by writer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset, Source, TrainingData
from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.synthetic.digits import synthetic_dataset
from digitpad.data.synthetic.not_digits import not_digits
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import preprocess_strokes
from digitpad.ink.stroke_file import read_strokes
from digitpad.learning.augmentation.redraw import Redrawing, redraw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.forms.idx import Split
    from digitpad.ink.drawing import Drawing
    from digitpad.ink.stroke_file import StrokeRecord

PEN_WRITERS = 30
"""Writers of the pen strokes; those that are not held out are trained on."""

TEST_WRITERS = frozenset(f"tra{i}" for i in range(26, 31))
VALIDATION_WRITERS = frozenset(f"tra{i}" for i in range(22, 26))
TEST_ALPHABETS = frozenset({"Greek"})
VALIDATION_ALPHABETS = frozenset({"Latin"})

MNIST_VALIDATION = 5000
"""The last so many digits of MNIST's training file are for validation."""

LOOKALIKES: Mapping[str, frozenset[int]] = {
    "Balinese": frozenset({5}),
    "Early_Aramaic": frozenset({2, 3, 4, 6, 12, 16, 17, 20}),
    "Korean": frozenset({21, 22, 27, 33, 37}),
    "Latin": frozenset({2, 7, 12, 15, 17, 19, 26}),
    "Greek": frozenset({9, 15}),
}
"""Characters that many people would write for a digit: a ring, a bar, a 7 with another name.

A 0 should not be rejected because it is a letter elsewhere, so none of them is trained on as an
outlier. Measured on they are, like all others, and a second time without them. Those of the
alphabet held out were named before it was looked at: iota and omicron.
"""

SYNTHETIC = 60_000
"""Synthetic digits, where nothing else is learned from."""

UNSEEN_SEED = 10_000
"""Seed of generated drawings that are measured on; no training has it."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What the bundled model learns from besides MNIST, and how much of it.

    Attributes:
        pen_copies: redrawings of each pen digit, from which every epoch takes its own; 0 leaves
            the pen strokes out.
        pen_per_epoch: redrawn pen digits an epoch.
        redrawing: how far they differ; None repeats the drawings as they are.
        synthetic: digits that the app draws itself, in all; 0 leaves them out.
        synthetic_per_epoch: of them an epoch.
        character_copies: redrawings of each character of other alphabets; 0 leaves them out.
        characters_per_epoch: of them an epoch.
        scribbles: drawings of no digit that the app makes itself, in all; 0 leaves them out.
        scribbles_per_epoch: of them an epoch.
        mnist_per_epoch: MNIST's digits an epoch; None takes all.
        held_out_alphabets: whose characters are not learned from.
    """

    pen_copies: int = 16
    pen_per_epoch: int = 24_000
    redrawing: Redrawing | None = field(default_factory=Redrawing)
    synthetic: int = 40_000
    synthetic_per_epoch: int = 12_000
    character_copies: int = 10
    characters_per_epoch: int = 7_000
    scribbles: int = 40_000
    scribbles_per_epoch: int = 12_000
    mnist_per_epoch: int | None = None
    held_out_alphabets: frozenset[str] = TEST_ALPHABETS | VALIDATION_ALPHABETS


def mnist(folder: Path, split: Split) -> Dataset:
    """One of MNIST's files, "train" or "test"."""
    files = find_mnist(folder / "mnist", split)
    if files is None:
        raise DigitpadError(
            "{folder} holds no MNIST: its files belong into mnist/MNIST/raw.", folder=folder
        )
    glyphs = np.concatenate([batch.glyphs for batch in files.batches(10_000)])
    return Dataset(glyphs, files.indices().astype(np.int64), DIGITS)


def mnist_validation(folder: Path) -> Dataset:
    """The last part of MNIST's training file, which is never trained on."""
    return _mnist_parts(folder)[1]


def mnist_only(folder: Path) -> TrainingData:
    """MNIST's training file, its last part for validation."""
    return _mnist_and_pen(folder, VALIDATION_WRITERS)


def _mnist_and_pen(folder: Path, validation_writers: frozenset[str]) -> TrainingData:
    training, validation = _mnist_parts(folder)
    pen = pen_digits(folder, validation_writers)
    return TrainingData(DIGITS, (Source(training),), {"mnist": validation, "pen": pen})


def _mnist_parts(folder: Path) -> tuple[Dataset, Dataset]:
    whole = mnist(folder, "train")
    first, last = slice(None, -MNIST_VALIDATION), slice(-MNIST_VALIDATION, None)
    return whole.take(first), whole.take(last)


def synthetic_only(folder: Path, seed: int) -> TrainingData:
    """Digits that the app draws itself; what is measured on is real.

    Args:
        folder: holds ``mnist`` and ``pen`` for validation.
        seed: of the drawings.
    """
    return TrainingData(
        DIGITS, (Source(synthetic_dataset(SYNTHETIC, seed)),), mnist_only(folder).validation
    )


def training_data(folder: Path, seed: int, ingredients: Ingredients | None = None) -> TrainingData:
    """MNIST, redrawn pen strokes, synthetic digits and outliers, without what is held out.

    Args:
        folder: holds ``mnist`` and ``pen``, see the model card.
        seed: of everything that is drawn at random.
        ingredients: what is learned from; the bundled model's.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    held_out = TEST_WRITERS | VALIDATION_WRITERS
    plain = mnist_only(folder)
    return _mixed(folder, seed, ingredients or Ingredients(), held_out, plain)


def fold_data(
    folder: Path, seed: int, held_out: frozenset[str], ingredients: Ingredients | None = None
) -> TrainingData:
    """As `training_data`, without other writers.

    Three of the writers that are left serve as validation data, dealt out evenly; neither they
    nor the writers held out are learned from.

    Args:
        folder: holds ``mnist`` and ``pen``.
        seed: of everything that is drawn at random.
        held_out: writers to measure on later.
        ingredients: what is learned from; the bundled model's.
    """
    left = [name for i in range(1, PEN_WRITERS + 1) if (name := f"tra{i:02}") not in held_out]
    validation = frozenset(left[len(left) // 6 :: len(left) // 3][:3])
    plain = _mnist_and_pen(folder, validation)
    return _mixed(folder, seed, ingredients or Ingredients(), held_out | validation, plain)


def _mixed(
    folder: Path,
    seed: int,
    ingredients: Ingredients,
    held_out: frozenset[str],
    plain: TrainingData,
) -> TrainingData:
    random = np.random.default_rng(seed)
    sources = [Source(plain.sources[0].data, ingredients.mnist_per_epoch)]
    if ingredients.pen_copies:
        drawings, labels = pen_drawings(folder, lambda writer: writer not in held_out)
        pen = _redrawn(drawings, labels, ingredients.pen_copies, ingredients.redrawing, random)
        sources.append(Source(pen, ingredients.pen_per_epoch))
    if ingredients.synthetic:
        digits = synthetic_dataset(ingredients.synthetic, seed)
        sources.append(Source(digits, ingredients.synthetic_per_epoch))
    if ingredients.character_copies:
        held_out_alphabets = ingredients.held_out_alphabets
        drawn = character_drawings(
            folder, lambda name: name not in held_out_alphabets, lookalikes=False
        )
        nothing = np.full(len(drawn), OUTLIER)
        copies, redrawing = ingredients.character_copies, ingredients.redrawing
        others = _redrawn(drawn, nothing, copies, redrawing, random)
        sources.append(Source(others, ingredients.characters_per_epoch))
    if ingredients.scribbles:
        scribbled = scribbles(ingredients.scribbles, seed)
        sources.append(Source(scribbled, ingredients.scribbles_per_epoch))
    return TrainingData(DIGITS, tuple(sources), plain.validation)


def scribbles(count: int, seed: int) -> Dataset:
    """Drawings of no digit that the app makes itself."""
    glyphs = np.concatenate(list(not_digits(count, seed)))
    return Dataset(glyphs, np.full(count, OUTLIER), DIGITS)


def pen_digits(folder: Path, writers: frozenset[str]) -> Dataset:
    """The pen digits of some writers, as the pad would see them."""
    drawings, labels = pen_drawings(folder, writers.__contains__)
    return Dataset(plain_glyphs(drawings), labels, DIGITS)


def characters(folder: Path, alphabets: frozenset[str], *, lookalikes: bool = True) -> Dataset:
    """The characters of some alphabets as outliers; with LOOKALIKES or without."""
    drawings = character_drawings(folder, alphabets.__contains__, lookalikes=lookalikes)
    return Dataset(plain_glyphs(drawings), np.full(len(drawings), OUTLIER), DIGITS)


def plain_glyphs(drawings: list[Drawing]) -> NDArray[np.uint8]:
    """Drawings as the pad would see them, uint8 (n, 28, 28)."""
    return np.stack([preprocess_strokes(drawing).glyph for drawing in drawings])


def pen_drawings(
    folder: Path, wanted: Callable[[str], bool]
) -> tuple[list[Drawing], NDArray[np.int64]]:
    """Pen digits as strokes, and what they show.

    Args:
        folder: holds ``pen``.
        wanted: of a writer's name.

    Raises:
        DigitpadError: there is none of them, one is no digit, or the file cannot be read.
    """
    records = _records(
        folder / "pen" / "digits.ndjson.gz",
        lambda record: record.writer is not None and wanted(record.writer),
    )
    for record in records:
        if record.word not in DIGITS:
            raise DigitpadError(
                "Line {line} of the pen strokes in {folder} is no digit.",
                line=record.line,
                folder=folder,
            )
    labels = np.array([int(record.word or "") for record in records], dtype=np.int64)
    return [record.drawing for record in records], labels


def character_drawings(
    folder: Path, wanted: Callable[[str], bool], *, lookalikes: bool = True
) -> list[Drawing]:
    """Characters as strokes.

    Args:
        folder: holds ``pen``.
        wanted: of an alphabet's name.
        lookalikes: whether LOOKALIKES are among them.

    Raises:
        DigitpadError: there is none of them, or the file cannot be read.
    """
    records = _records(
        folder / "pen" / "not-digits.ndjson.gz",
        lambda record: (
            wanted((record.word or "").partition("/")[0])
            and (lookalikes or not _is_lookalike(record.word or ""))
        ),
    )
    return [record.drawing for record in records]


def _records(path: Path, wanted: Callable[[StrokeRecord], bool]) -> list[StrokeRecord]:
    found = [record for record in read_strokes(path) if wanted(record)]
    if not found:
        raise DigitpadError("{path} holds none of the drawings that are wanted.", path=path)
    return found


def _is_lookalike(word: str) -> bool:
    """Whether a character, ``alphabet/character07``, is one of LOOKALIKES."""
    alphabet, _, character = word.partition("/")
    number = character.removeprefix("character")
    return number.isdecimal() and int(number) in LOOKALIKES.get(alphabet, ())


def _redrawn(
    drawings: list[Drawing],
    labels: NDArray[np.int64],
    copies: int,
    redrawing: Redrawing | None,
    random: np.random.Generator,
) -> Dataset:
    if redrawing is None:
        glyphs = np.repeat(redraw(drawings, 1, Redrawing(), random), copies, axis=1)
    else:
        glyphs = redraw(drawings, copies, redrawing, random)
    return Dataset(glyphs.reshape(-1, *glyphs.shape[2:]), np.repeat(labels, copies), DIGITS)
