"""Everything that models are measured on: plain, under harder conditions, as pictures, no digits.

The figures of the card are of the part "test", which is touched once, at the end. While something
is still to be chosen the part is "validation", which has the same sets of other people's drawings.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import trace_strokes
from digitpad.ink.strokefile import read_strokes
from digitpad.learning.data import OUTLIER, GlyphSet
from digitpad.learning.scribbles import not_digits
from training.conditions import CONDITIONS, changed_drawings, changed_glyphs
from training.data import (
    LOOKALIKES,
    MNIST_VALIDATION,
    TEST_ALPHABETS,
    TEST_WRITERS,
    UNSEEN_SEED,
    VALIDATION_ALPHABETS,
    VALIDATION_WRITERS,
    mnist,
)
from training.pasted import KINDS, picture_glyphs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from digitpad.ink.strokefile import StrokeRecord

Part = Literal["validation", "test"]

PICTURES = 2000
"""Digits that are made into pictures of each kind, chosen at random, the same for every kind: a
picture takes some thirty milliseconds."""

SCRIBBLES = 4000
"""Drawings of no digit that the app makes itself."""

_SEEDS = {"validation": UNSEEN_SEED, "test": UNSEEN_SEED + 1}
"""No training has them."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredSets:
    """Sets by their names.

    Attributes:
        digits: "mnist" and "pen"; each with "_turned", "_slanted" and "_shaking"; "picture_plain"
            for some of MNIST's digits as they are, and "picture_" with each of `KINDS` for the same
            digits found in pictures. A glyph without ink is one where none was found.
        outliers: "others" for the characters of the alphabet held out, "others_clear" for those of
            them that are nobody's digits, and "scribbles".
    """

    digits: dict[str, GlyphSet]
    outliers: dict[str, GlyphSet]


class _Drawn(NamedTuple):
    """Drawings of digits, and what they show."""

    drawings: list[Drawing]
    labels: NDArray[np.int64]


def measured_sets(folder: Path, part: Part, work: Path, pictures: int = PICTURES) -> MeasuredSets:
    """Make all sets, or read those that were made before and are still what would be made.

    Args:
        folder: holds ``mnist`` and ``pen``, see the model card.
        part: of the data.
        work: the glyphs are kept here.
        pictures: digits that are made into pictures of each kind.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    kept = work / f"sets-{part}-{_state(folder, pictures)}.npz"
    if kept.exists():
        return _read(kept)
    seed = _SEEDS[part]
    digits = _digits(folder, part, seed, pictures)
    alphabets = TEST_ALPHABETS if part == "test" else VALIDATION_ALPHABETS
    outliers = {
        "others": _outliers(_characters(folder, alphabets, lookalikes=True)),
        "others_clear": _outliers(_characters(folder, alphabets, lookalikes=False)),
        "scribbles": _outliers(np.concatenate(list(not_digits(SCRIBBLES, seed)))),
    }
    work.mkdir(parents=True, exist_ok=True)
    _write(kept, digits | outliers)
    return MeasuredSets(digits, outliers)


def _digits(folder: Path, part: Part, seed: int, pictures: int) -> dict[str, GlyphSet]:
    plain = _mnist(folder, part)
    glyphs, labels = plain.glyphs.numpy(), plain.labels.numpy()
    pen = _pen(folder, TEST_WRITERS if part == "test" else VALIDATION_WRITERS)
    redrawn = np.stack([trace_strokes(drawing).glyph for drawing in pen.drawings])
    sets = {"mnist": plain, "pen": GlyphSet.of(redrawn, pen.labels)}
    for condition in CONDITIONS:
        changed = changed_glyphs(glyphs, condition, seed)
        sets[f"mnist_{condition}"] = GlyphSet.of(changed, labels)
        changed = changed_drawings(pen.drawings, condition, seed)
        sets[f"pen_{condition}"] = GlyphSet.of(changed, pen.labels)
    some = np.random.default_rng(seed).permutation(len(labels))[:pictures]
    sets["picture_plain"] = GlyphSet.of(glyphs[some], labels[some])
    for kind in KINDS:
        found = picture_glyphs(glyphs[some], kind, seed)
        sets[f"picture_{kind}"] = GlyphSet.of(found, labels[some])
    return sets


def _mnist(folder: Path, part: Part) -> GlyphSet:
    if part == "test":
        return mnist(folder, "test")
    whole = mnist(folder, "train")
    return GlyphSet(whole.glyphs[-MNIST_VALIDATION:], whole.labels[-MNIST_VALIDATION:])


def _pen(folder: Path, writers: frozenset[str]) -> _Drawn:
    records = _records(folder / "pen" / "digits.ndjson.gz", lambda record: record.writer in writers)
    labels = np.array([int(record.word or "") for record in records], dtype=np.int64)
    return _Drawn([record.drawing for record in records], labels)


def _characters(folder: Path, alphabets: frozenset[str], *, lookalikes: bool) -> NDArray[np.uint8]:
    def wanted(record: StrokeRecord) -> bool:
        alphabet, _, character = (record.word or "").partition("/character")
        is_lookalike = int(character) in LOOKALIKES.get(alphabet, ()) if character else False
        return alphabet in alphabets and (lookalikes or not is_lookalike)

    records = _records(folder / "pen" / "not-digits.ndjson.gz", wanted)
    return np.stack([trace_strokes(record.drawing).glyph for record in records])


def _records(path: Path, wanted: Callable[[StrokeRecord], bool]) -> list[StrokeRecord]:
    found = [record for record in read_strokes(path) if wanted(record)]
    if not found:
        raise DigitpadError(f"{path} holds none of the drawings that are wanted.")
    return found


def _outliers(glyphs: NDArray[np.uint8]) -> GlyphSet:
    return GlyphSet.of(glyphs, np.full(len(glyphs), OUTLIER, dtype=np.int64))


def _state(folder: Path, pictures: int) -> str:
    """A name for all that the sets depend on: the data's files and the program's texts."""
    root = Path(__file__).resolve().parent.parent
    texts = sorted((root / "digitpad" / "ink").glob("*.py"))
    for pattern in ("scribble*.py", "digit_*.py", "synthetic.py"):
        texts += sorted((root / "digitpad" / "learning").glob(pattern))
    texts += [root / "training" / f"{name}.py" for name in ("conditions", "pasted", "sets", "data")]
    digest = hashlib.sha256(str(pictures).encode())
    for path in texts:
        digest.update(path.read_bytes())
    for path in sorted(folder.rglob("*.gz")):
        digest.update(f"{path.relative_to(folder)} {path.stat().st_size}".encode())
    return digest.hexdigest()[:12]


def _write(path: Path, sets: dict[str, GlyphSet]) -> None:
    arrays = {f"{name} glyphs": part.glyphs.numpy() for name, part in sets.items()}
    arrays |= {f"{name} labels": part.labels.numpy() for name, part in sets.items()}
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(partial, **arrays)  # type: ignore[arg-type]
    partial.replace(path)


def _read(path: Path) -> MeasuredSets:
    digits: dict[str, GlyphSet] = {}
    outliers: dict[str, GlyphSet] = {}
    with np.load(path) as arrays:
        for key in arrays:
            name, _, what = key.partition(" ")
            if what == "glyphs":
                part = GlyphSet.of(arrays[key], arrays[f"{name} labels"])
                target = outliers if int(part.labels[0]) == OUTLIER else digits
                target[name] = part
    return MeasuredSets(digits, outliers)
