"""The recipe's data: MNIST's files, pen strokes and what is no digit, split as `splits` says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset, Source, TrainingData
from digitpad.data.forms.mnist_folder import find_mnist
from digitpad.data.synthetic.digits import synthetic_dataset
from digitpad.data.synthetic.not_digits import not_digits
from digitpad.errors import DigitpadError
from digitpad.learning.augmentation.redraw import Redrawing
from training.recipe.drawings import plain_dataset, plain_glyphs, read_drawings
from training.recipe.pieces import cut, merged
from training.recipe.redrawn import redrawn
from training.recipe.splits import (
    PEN_WRITERS,
    TEST_SIGNS,
    TEST_SITES,
    TEST_WRITERS,
    VALIDATION_SIGNS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
    HeldOut,
    site_of,
    split_symbols,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.forms.idx import Split
    from digitpad.ink.drawing import Drawing
    from training.recipe.drawings import Kind, Labelled
    from training.recipe.splits import Part

MNIST_VALIDATION = 5000
"""The last so many digits of MNIST's training file are for validation."""

SYNTHETIC = 60_000
"""Synthetic digits, where nothing else is learned from."""

_BANK = 15_000
"""Digits of MNIST that pieces of digits are compared with, beside all pen digits."""

_PIECES = 500
"""Pieces of digits of each family that are evaluated on."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of one ingredient is learned from.

    Attributes:
        copies: redrawings of each drawing, from which every epoch takes its own; for what is made
            and not redrawn, how many in all. 0 leaves the ingredient out.
        per_epoch: of them in an epoch.
    """

    copies: int
    per_epoch: int


NONE = Amount(0, 0)


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What the bundled model learns from, and how much of it.

    Attributes:
        pen: digits of the thirty pen writers.
        unipen: digits of UNIPEN, without fragments.
        synthetic: digits that the app draws itself.
        letters: letters and signs of UNIPEN's writers.
        characters: of other alphabets, without LOOKALIKES.
        symbols: of LaTeX.
        scribbles: drawings of no digit that the app makes itself.
        merged: neighbouring digits as one.
        cut: parts of digits.
        habits: whether synthetic digits have the habits of all schools, each as often.
        redrawing: how far redrawn drawings differ; None repeats them as they are.
        mnist_per_epoch: MNIST's digits in an epoch; None takes all.
        held_out: people and signs that nothing is learned from.
    """

    pen: Amount = Amount(16, 24_000)
    unipen: Amount = NONE
    synthetic: Amount = Amount(40_000, 12_000)
    letters: Amount = NONE
    characters: Amount = Amount(10, 7_000)
    symbols: Amount = NONE
    scribbles: Amount = Amount(40_000, 12_000)
    merged: Amount = NONE
    cut: Amount = NONE
    habits: bool = False
    redrawing: Redrawing | None = field(default_factory=Redrawing)
    mnist_per_epoch: int | None = None
    held_out: HeldOut = field(default_factory=HeldOut)

    def drawn(self) -> dict[Kind, Amount]:
        """The amounts of what people drew with a pen."""
        return {
            "pen": self.pen,
            "unipen": self.unipen,
            "letters": self.letters,
            "characters": self.characters,
            "symbols": self.symbols,
        }


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


def mnist_training(folder: Path) -> Dataset:
    """The first part of MNIST's training file, which is trained on."""
    return _mnist_parts(folder)[0]


def mnist_only(folder: Path) -> TrainingData:
    """MNIST's training file; validated on its last part and on the pen writers for validation."""
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


def training_data(
    folder: Path,
    seed: int,
    ingredients: Ingredients | None = None,
    kept: Path | None = None,
) -> TrainingData:
    """MNIST, redrawn strokes, synthetic digits and outliers, without what is held out.

    Where UNIPEN is learned from, its sites for validation are validated on, too.

    Args:
        folder: holds ``mnist`` and ``pen``, see the model card.
        seed: of everything that is drawn at random.
        ingredients: what is learned from; the first cycle's.
        kept: folder where what is redrawn is kept for other trainings; None keeps nothing.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    ingredients = ingredients or Ingredients()
    plain = mnist_only(folder)
    validation = dict(plain.validation)
    if ingredients.unipen.copies and ingredients.held_out.sites >= VALIDATION_SITES:
        validation["unipen"] = unipen_digits(folder, VALIDATION_SITES)
    return _mixed(folder, seed, ingredients, plain.sources[0].data, validation, kept)


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
        ingredients: what is learned from; the first cycle's.
    """
    left = [name for i in range(1, PEN_WRITERS + 1) if (name := f"tra{i:02}") not in held_out]
    validation = frozenset(left[len(left) // 6 :: len(left) // 3][:3])
    plain = _mnist_and_pen(folder, validation)
    chosen = ingredients or Ingredients()
    changed = replace(chosen, held_out=replace(chosen.held_out, writers=held_out | validation))
    return _mixed(folder, seed, changed, plain.sources[0].data, plain.validation)


def _mixed(
    folder: Path,
    seed: int,
    ingredients: Ingredients,
    digits: Dataset,
    validation: Mapping[str, Dataset],
    kept: Path | None = None,
) -> TrainingData:
    sources = [Source(digits, ingredients.mnist_per_epoch)]
    wanted = _learned(folder, ingredients.held_out)
    for kind, amount in ingredients.drawn().items():
        if amount.copies:
            copies = redrawn(folder, kind, amount.copies, seed, ingredients.redrawing, kept)
            sources.append(Source(copies.dataset(wanted[kind]), amount.per_epoch))
    if ingredients.synthetic.copies:
        made = synthetic_dataset(ingredients.synthetic.copies, seed, habits=ingredients.habits)
        sources.append(Source(made, ingredients.synthetic.per_epoch))
    if ingredients.scribbles.copies:
        made = scribbles(ingredients.scribbles.copies, seed)
        sources.append(Source(made, ingredients.scribbles.per_epoch))
    if ingredients.merged.copies or ingredients.cut.copies:
        drawings = digit_drawings(folder, ingredients.held_out)
        bank = digit_bank(folder)
        for make, amount in ((merged, ingredients.merged), (cut, ingredients.cut)):
            if amount.copies:
                pieces = outliers(make(drawings, amount.copies, seed, bank))
                sources.append(Source(pieces, amount.per_epoch))
    return TrainingData(DIGITS, tuple(sources), validation)


def learned_digits(folder: Path, held_out: HeldOut) -> dict[str, Dataset]:
    """The digits that may be learned from, as they are: MNIST's, the pen writers', UNIPEN's."""
    wanted = _learned(folder, held_out)
    kinds: tuple[Kind, ...] = ("pen", "unipen")
    return {
        "mnist": _mnist_parts(folder)[0],
        **{kind: plain_dataset(read_drawings(folder, kind, wanted[kind])) for kind in kinds},
    }


def _learned(folder: Path, held_out: HeldOut) -> Mapping[Kind, Callable[[Labelled], bool]]:
    """Which drawings of each kind may be learned from."""
    symbols: frozenset[str] = frozenset().union(
        *(symbols_of(folder, part) for part in held_out.symbols)
    )

    def elsewhere(one: Labelled) -> bool:
        return site_of(one.writer) not in held_out.sites

    return {
        "pen": lambda one: one.writer not in held_out.writers,
        "unipen": lambda one: elsewhere(one) and not one.is_fragment,
        "letters": lambda one: elsewhere(one) and one.word not in held_out.signs,
        "characters": lambda one: one.alphabet not in held_out.alphabets and not one.is_lookalike,
        "symbols": lambda one: one.word not in symbols and not one.is_lookalike,
    }


def symbols_of(folder: Path, part: Part) -> frozenset[str]:
    """The symbols of a part of the data."""
    test, validation = split_symbols(one.word for one in read_drawings(folder, "symbols"))
    return test if part == "test" else validation


def digit_drawings(folder: Path, held_out: HeldOut) -> list[Drawing]:
    """The pen digits and those of UNIPEN that may be learned from."""
    wanted = _learned(folder, held_out)
    kinds: tuple[Kind, ...] = ("pen", "unipen")
    return [
        one.drawing for kind in kinds for one in read_drawings(folder, kind) if wanted[kind](one)
    ]


def digit_bank(folder: Path) -> NDArray[np.uint8]:
    """Glyphs (n, 28, 28) of many people's digits, which a piece of a digit is not to be like."""
    kinds: tuple[Kind, ...] = ("pen", "unipen")
    drawn = [one.drawing for kind in kinds for one in read_drawings(folder, kind)]
    return np.concatenate((mnist(folder, "train").glyphs[:_BANK], plain_glyphs(drawn)))


def outlier_families(
    folder: Path, part: Part, seed: int, count: int = _PIECES
) -> dict[str, Dataset]:
    """Families of drawings of no digit; nothing of them is learned from before they are evaluated.

    Args:
        folder: holds ``pen``.
        part: "validation" or "test".
        seed: of what is made and not drawn by people.
        count: how many of these.

    Returns:
        "letters": those of the sites held out that were learned from other sites; "new_letters":
        letters and signs that were never learned; "symbols": likewise, and "symbols_clear" without
        LOOKALIKE_SYMBOLS; "merged" and "cut": of the digits of the people held out.
    """
    is_test = part == "test"
    signs = TEST_SIGNS if is_test else VALIDATION_SIGNS
    symbols = symbols_of(folder, part)
    writers = TEST_WRITERS if is_test else VALIDATION_WRITERS
    sites = TEST_SITES if is_test else VALIDATION_SITES
    drawings = [one.drawing for one in read_drawings(folder, "pen", lambda d: d.writer in writers)]
    drawings += [
        one.drawing
        for one in read_drawings(folder, "unipen", lambda d: site_of(d.writer) in sites)
        if not one.is_fragment
    ]
    bank = digit_bank(folder)
    return {
        "letters": plain_dataset(
            read_drawings(
                folder,
                "letters",
                lambda d: (
                    site_of(d.writer) in sites and d.word not in TEST_SIGNS | VALIDATION_SIGNS
                ),
            )
        ),
        "new_letters": plain_dataset(read_drawings(folder, "letters", lambda d: d.word in signs)),
        "symbols": plain_dataset(read_drawings(folder, "symbols", lambda d: d.word in symbols)),
        "symbols_clear": plain_dataset(
            read_drawings(folder, "symbols", lambda d: d.word in symbols and not d.is_lookalike)
        ),
        "merged": outliers(merged(drawings, count, seed, bank)),
        "cut": outliers(cut(drawings, count, seed, bank)),
    }


def outliers(glyphs: NDArray[np.uint8]) -> Dataset:
    """Glyphs uint8 (n, 28, 28) that show no digit."""
    return Dataset(glyphs, np.full(len(glyphs), OUTLIER, dtype=np.int64), DIGITS)


def scribbles(count: int, seed: int) -> Dataset:
    """Drawings of no digit that the app makes itself."""
    return outliers(np.concatenate(list(not_digits(count, seed))))


def pen_digits(folder: Path, writers: frozenset[str]) -> Dataset:
    """The pen digits of some writers, as the pad would see them."""
    return plain_dataset(read_drawings(folder, "pen", lambda one: one.writer in writers))


def pen_drawings(folder: Path, writers: frozenset[str]) -> tuple[list[Drawing], NDArray[np.int64]]:
    """The pen digits of some writers as strokes, and what they show, int64 (n,)."""
    found = read_drawings(folder, "pen", lambda one: one.writer in writers)
    return [one.drawing for one in found], np.array([one.label for one in found], dtype=np.int64)


def unipen_digits(folder: Path, sites: frozenset[str], *, fragments: bool = False) -> Dataset:
    """UNIPEN's digits of some sites, as the pad would see them; with their fragments or without."""
    return plain_dataset(
        read_drawings(
            folder,
            "unipen",
            lambda one: site_of(one.writer) in sites and (fragments or not one.is_fragment),
        )
    )


def characters(folder: Path, alphabets: frozenset[str], *, lookalikes: bool = True) -> Dataset:
    """The characters of some alphabets as outliers; with LOOKALIKES or without."""
    return plain_dataset(
        read_drawings(
            folder,
            "characters",
            lambda one: one.alphabet in alphabets and (lookalikes or not one.is_lookalike),
        )
    )
