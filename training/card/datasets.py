"""All data that models are evaluated on: plain, under harder conditions, as pictures, no digits.

The metrics of the card are of the split "test", which is touched once, at the end. While something
is still to be chosen the part is "validation", which has the same sets of other people's drawings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset
from training.card.conditions import CONDITIONS, changed_drawings, changed_glyphs
from training.card.pictures import KINDS, picture_glyphs
from training.recipe.data import (
    characters,
    mnist,
    mnist_validation,
    outlier_families,
    pen_drawings,
    scribbles,
)
from training.recipe.drawings import plain_dataset, plain_glyphs, read_drawings
from training.recipe.splits import (
    TEST_ALPHABETS,
    TEST_SIGNS,
    TEST_SITES,
    TEST_WRITERS,
    UNSEEN_SEED,
    VALIDATION_ALPHABETS,
    VALIDATION_SIGNS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
    site_of,
)
from training.sources import key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from training.recipe.splits import Part

PICTURES = 2000
"""Digits that are made into pictures of each kind, chosen at random, the same for every kind: a
picture takes some thirty milliseconds."""

SCRIBBLES = 4000
"""Drawings of no digit that the app makes itself; hardly any is taken for a digit, so that many are
needed."""

PIECES = 1000
"""Neighbouring digits as one, and as many parts of digits."""

RAW = "_raw"
"""Ends the name of a set of UNIPEN's digits that has its fragments, too."""

TOLD_APART: Mapping[Part, tuple[str, ...]] = {
    "validation": tuple(sorted(VALIDATION_SIGNS)),
    "test": (*sorted(TEST_SIGNS), *sorted(VALIDATION_SIGNS))[:10],
}
"""Letters and signs, none of which was ever learned from, that features must tell apart. Those for
the test are too few for ten, so the first for validation stand beside them."""

_LETTERS = "letters_told_apart"

_SEEDS = {"validation": UNSEEN_SEED, "test": UNSEEN_SEED + 1}
"""No training has them."""


@dataclass(frozen=True, slots=True, eq=False)
class CardDatasets:
    """Sets by their names.

    Attributes:
        digits: "mnist", "pen" and "unipen", the digits of its sites for the part without fragments;
            each with "_turned", "_slanted" and "_shaking"; "unipen_" with the name of each of these
            sites; all of UNIPEN's unchanged sets a second time with fragments, "_raw";
            "picture_plain" for some of MNIST's digits as they are, and "picture_" with each of
            `KINDS` for the same digits found in pictures. A glyph without ink is one where none was
            found.
        outliers: "others" for the characters of the alphabet held out, "others_clear" for those of
            them that are nobody's digits, "scribbles", and the other `outlier_families`.
        letters: what TOLD_APART names, labelled by its words; None where that is not measured.
    """

    digits: dict[str, Dataset]
    outliers: dict[str, Dataset]
    letters: Dataset | None = None

    def counts(self) -> dict[str, int]:
        """How many drawings each set of digits and of no digits has."""
        return {name: len(part) for name, part in (self.digits | self.outliers).items()}


def card_datasets(folder: Path, part: Part, work: Path, pictures: int = PICTURES) -> CardDatasets:
    """Make all sets, or read those that were made before and are still what would be made.

    Args:
        folder: holds ``mnist`` and ``pen``, see the model card.
        part: of the data.
        work: the glyphs are kept here.
        pictures: digits that are made into pictures of each kind.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    kept = work / f"datasets-{part}-{key(pictures, [__name__], folder)}.npz"
    if kept.exists():
        return _read(kept, part)
    seed = _SEEDS[part]
    digits = _digits(folder, part, seed, pictures)
    alphabets = TEST_ALPHABETS if part == "test" else VALIDATION_ALPHABETS
    outliers = {
        "others": characters(folder, alphabets),
        "others_clear": characters(folder, alphabets, lookalikes=False),
        **outlier_families(folder, part, seed, PIECES),
        "scribbles": scribbles(SCRIBBLES, seed),
    }
    letters = _letters(folder, part)
    work.mkdir(parents=True, exist_ok=True)
    _write(kept, digits | outliers | {_LETTERS: letters})
    return CardDatasets(digits, outliers, letters)


def _digits(folder: Path, part: Part, seed: int, pictures: int) -> dict[str, Dataset]:
    plain = mnist(folder, "test") if part == "test" else mnist_validation(folder)
    glyphs, labels = plain.glyphs, plain.labels
    writers = TEST_WRITERS if part == "test" else VALIDATION_WRITERS
    pen, shown = pen_drawings(folder, writers)
    unipen, cleaned, sets_of_sites = _unipen(folder, part)
    sets = {"mnist": plain, "pen": Dataset(plain_glyphs(pen), shown, DIGITS), **sets_of_sites}
    for condition in CONDITIONS:
        changed = changed_glyphs(glyphs, condition, seed)
        sets[f"mnist_{condition}"] = Dataset(changed, labels, DIGITS)
        for name, drawings, digits in (("pen", pen, shown), ("unipen", unipen, cleaned)):
            changed = changed_drawings(drawings, condition, seed)
            sets[f"{name}_{condition}"] = Dataset(changed, digits, DIGITS)
    some = np.random.default_rng(seed).permutation(len(labels))[:pictures]
    sets["picture_plain"] = Dataset(glyphs[some], labels[some], DIGITS)
    for kind in KINDS:
        found = picture_glyphs(glyphs[some], kind, seed)
        sets[f"picture_{kind}"] = Dataset(found, labels[some], DIGITS)
    return sets


def _unipen(
    folder: Path, part: Part
) -> tuple[list[Drawing], NDArray[np.int64], dict[str, Dataset]]:
    """Digits without fragments as strokes, with what they show, and all sets of the sites."""
    sites = TEST_SITES if part == "test" else VALIDATION_SITES
    found = read_drawings(folder, "unipen", lambda one: site_of(one.writer) in sites)
    every = plain_dataset(found)
    site = np.array([site_of(one.writer) for one in found])
    whole = np.array([not one.is_fragment for one in found])
    sets: dict[str, Dataset] = {}
    for name, theirs in (
        ("unipen", np.ones_like(whole)),
        *((f"unipen_{one}", site == one) for one in sorted(sites)),
    ):
        sets[name] = every.take(np.flatnonzero(theirs & whole))
        sets[f"{name}{RAW}"] = every.take(np.flatnonzero(theirs))
    drawings = [one.drawing for one, kept in zip(found, whole.tolist(), strict=True) if kept]
    return drawings, sets["unipen"].labels, sets


def _letters(folder: Path, part: Part) -> Dataset:
    words = TOLD_APART[part]
    found = read_drawings(folder, "letters", lambda one: one.word in words)
    labels = np.array([words.index(one.word) for one in found], dtype=np.int64)
    return Dataset(plain_glyphs([one.drawing for one in found]), labels, words)


def _write(path: Path, sets: dict[str, Dataset]) -> None:
    arrays: dict[str, NDArray[Any]] = {f"{name} glyphs": part.glyphs for name, part in sets.items()}
    arrays |= {f"{name} labels": part.labels for name, part in sets.items()}
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(partial, **arrays)  # type: ignore[arg-type]
    partial.replace(path)


def _read(path: Path, part: Part) -> CardDatasets:
    digits: dict[str, Dataset] = {}
    outliers: dict[str, Dataset] = {}
    letters = None
    with np.load(path, allow_pickle=False) as arrays:
        for array in arrays:
            name, _, what = array.partition(" ")
            if what != "glyphs":
                continue
            glyphs, labels = arrays[array], arrays[f"{name} labels"]
            if name == _LETTERS:
                letters = Dataset(glyphs, labels, TOLD_APART[part])
            else:
                target = outliers if int(labels[0]) == OUTLIER else digits
                target[name] = Dataset(glyphs, labels, DIGITS)
    return CardDatasets(digits, outliers, letters)
