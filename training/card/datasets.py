"""All data that models are evaluated on: plain, under harder conditions, as pictures, no digits.

The metrics of the card are of the split "test", which is touched once, at the end. While something
is still to be chosen the part is "validation", which has the same sets of other people's drawings.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset
from training.card.conditions import CONDITIONS, changed_drawings, changed_glyphs
from training.card.pictures import KINDS, picture_glyphs
from training.recipe.data import characters, mnist, mnist_validation, pen_drawings, scribbles
from training.recipe.drawings import plain_glyphs
from training.recipe.splits import (
    TEST_ALPHABETS,
    TEST_WRITERS,
    UNSEEN_SEED,
    VALIDATION_ALPHABETS,
    VALIDATION_WRITERS,
)
from training.sources import sources

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Part = Literal["validation", "test"]

PICTURES = 2000
"""Digits that are made into pictures of each kind, chosen at random, the same for every kind: a
picture takes some thirty milliseconds."""

SCRIBBLES = 4000
"""Drawings of no digit that the app makes itself."""

_SEEDS = {"validation": UNSEEN_SEED, "test": UNSEEN_SEED + 1}
"""No training has them."""


@dataclass(frozen=True, slots=True, eq=False)
class CardDatasets:
    """Sets by their names.

    Attributes:
        digits: "mnist" and "pen"; each with "_turned", "_slanted" and "_shaking"; "picture_plain"
            for some of MNIST's digits as they are, and "picture_" with each of `KINDS` for the same
            digits found in pictures. A glyph without ink is one where none was found.
        outliers: "others" for the characters of the alphabet held out, "others_clear" for those of
            them that are nobody's digits, and "scribbles".
    """

    digits: dict[str, Dataset]
    outliers: dict[str, Dataset]


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
    kept = work / f"datasets-{part}-{_key(folder, pictures)}.npz"
    if kept.exists():
        return _read(kept)
    seed = _SEEDS[part]
    digits = _digits(folder, part, seed, pictures)
    alphabets = TEST_ALPHABETS if part == "test" else VALIDATION_ALPHABETS
    outliers = {
        "others": characters(folder, alphabets),
        "others_clear": characters(folder, alphabets, lookalikes=False),
        "scribbles": scribbles(SCRIBBLES, seed),
    }
    work.mkdir(parents=True, exist_ok=True)
    _write(kept, digits | outliers)
    return CardDatasets(digits, outliers)


def _digits(folder: Path, part: Part, seed: int, pictures: int) -> dict[str, Dataset]:
    plain = mnist(folder, "test") if part == "test" else mnist_validation(folder)
    glyphs, labels = plain.glyphs, plain.labels
    writers = TEST_WRITERS if part == "test" else VALIDATION_WRITERS
    drawings, shown = pen_drawings(folder, writers)
    sets = {"mnist": plain, "pen": Dataset(plain_glyphs(drawings), shown, DIGITS)}
    for condition in CONDITIONS:
        changed = changed_glyphs(glyphs, condition, seed)
        sets[f"mnist_{condition}"] = Dataset(changed, labels, DIGITS)
        changed = changed_drawings(drawings, condition, seed)
        sets[f"pen_{condition}"] = Dataset(changed, shown, DIGITS)
    some = np.random.default_rng(seed).permutation(len(labels))[:pictures]
    sets["picture_plain"] = Dataset(glyphs[some], labels[some], DIGITS)
    for kind in KINDS:
        found = picture_glyphs(glyphs[some], kind, seed)
        sets[f"picture_{kind}"] = Dataset(found, labels[some], DIGITS)
    return sets


def _key(folder: Path, pictures: int) -> str:
    """A name for all that the datasets depend on: the data's files, and the program that reads."""
    digest = hashlib.sha256(str(pictures).encode())
    for path in sources(__name__):
        digest.update(path.read_bytes())
    for path in sorted(folder.rglob("*.gz")):
        digest.update(f"{path.relative_to(folder)} {path.stat().st_size}".encode())
    return digest.hexdigest()[:12]


def _write(path: Path, sets: dict[str, Dataset]) -> None:
    arrays: dict[str, NDArray[Any]] = {f"{name} glyphs": part.glyphs for name, part in sets.items()}
    arrays |= {f"{name} labels": part.labels for name, part in sets.items()}
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(partial, **arrays)  # type: ignore[arg-type]
    partial.replace(path)


def _read(path: Path) -> CardDatasets:
    digits: dict[str, Dataset] = {}
    outliers: dict[str, Dataset] = {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays:
            name, _, what = key.partition(" ")
            if what == "glyphs":
                part = Dataset(arrays[key], arrays[f"{name} labels"], DIGITS)
                target = outliers if int(part.labels[0]) == OUTLIER else digits
                target[name] = part
    return CardDatasets(digits, outliers)
