"""The sets of numbers that are measured on: real ones, composed ones, pictures, single digits.

All are of one part of the split. "validation" is what everything is chosen by; "test" is read once,
at the end: other writers, other sites, MNIST's test file, and the real numbers of other sites.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.photo.preprocessing import place_ink
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import read_strokes
from training.card.pictures import KINDS, pasted
from training.numbers.compose import compose
from training.numbers.hands import part_of_site, part_of_writer, read_hands
from training.numbers.others import compose_others, read_others
from training.numbers.pictures import mnist_rows, photo_of
from training.recipe.data import mnist, mnist_validation
from training.recipe.drawings import plain_glyphs, read_drawings
from training.recipe.splits import UNSEEN_SEED, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from training.numbers.hands import NumberPart
    from training.numbers.pictures import NumberPicture
    from training.numbers.truth import ComposedNumber
    from training.recipe.drawings import Labelled
    from training.recipe.splits import Part

    Glyphs = NDArray[np.uint8]

REAL_SITES: Mapping[Part, frozenset[str]] = {
    "validation": frozenset({"ape"}),
    "test": frozenset({"apd", "art"}),
}
"""Sites of the real numbers."""

_SEEDS: Mapping[Part, int] = {"validation": UNSEEN_SEED + 2, "test": UNSEEN_SEED + 3}


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A drawing to read.

    Attributes:
        drawing: strokes or a picture.
        text: what it says; None for what is no number.
        glyphs: of its parts with the true borders, uint8 (n, 28, 28); None where these are not
            known. A part without ink has an empty glyph.
        traits: what is special about it.
    """

    drawing: Drawing
    text: str | None
    glyphs: Glyphs | None = None
    traits: tuple[str, ...] = ()


def real(folder: Path, part: Part) -> Iterator[Case]:
    """The real numbers of the sites of this part; the borders of their digits are not known."""
    for record in read_strokes(folder / "pen" / "unipen-numbers.ndjson.gz"):
        site = site_of(record.writer)
        if site in REAL_SITES[part]:
            yield Case(record.drawing, record.word, traits=(site,))


def composed(folder: Path, part: Part) -> Iterator[Case]:
    """Composed numbers, as strokes."""
    yield from map(_of_strokes, composed_numbers(folder, part))


def composed_numbers(folder: Path, part: Part) -> Iterator[ComposedNumber]:
    """The numbers of `composed`."""
    return compose(read_hands(folder, part), _SEEDS[part])


def around(folder: Path, part: Part) -> Iterator[Case]:
    """Composed groups, lines, numbers with other symbols, single digits and single symbols."""
    hands, others = read_hands(folder, part), read_others(folder, part)
    yield from map(_of_strokes, compose_others(hands, others, _SEEDS[part]))


def photos(folder: Path, part: Part) -> Iterator[Case]:
    """Photos of composed numbers; other numbers than those of `composed`."""
    seed = _SEEDS[part] + 10
    for at, number in enumerate(compose(read_hands(folder, part), seed)):
        shown = photo_of(number, np.random.default_rng([seed, at]))
        look = shown.look
        traits = () if look == "mnist" else (look.surface, look.tool)
        yield _of_picture(shown, (*_traits(number), *traits))


def rows(folder: Path, part: Part) -> Iterator[Case]:
    """MNIST's digits side by side, of the test file or of the last part of the training file."""
    yield from map(_of_picture, mnist_rows(_mnist(folder, part), _SEEDS[part]))


def pen_digits(folder: Path, part: Part) -> Iterator[Case]:
    """Single digits of the pen writers."""
    return map(_of_single, single_digits(folder, "pen", part))


def unipen_digits(folder: Path, part: Part) -> Iterator[Case]:
    """Single digits of UNIPEN's sites, without fragments."""
    return map(_of_single, single_digits(folder, "unipen", part))


def mnist_pictures(folder: Path, part: Part) -> Iterator[Case]:
    """Single digits of MNIST in pictures of all kinds, each digit once, without end of kinds."""
    digits = _mnist(folder, part)
    order = np.random.default_rng(_SEEDS[part]).permutation(len(digits.labels)).tolist()
    for at, index in enumerate(order):
        kind = KINDS[at % len(KINDS)]
        random = np.random.default_rng([_SEEDS[part], at])
        drawing = Drawing(picture=pasted(digits.glyphs[index], kind, random))
        yield Case(drawing, str(digits.labels[index]), _whole(drawing), (kind,))


SETS: Mapping[str, tuple[str, Callable[[Path, Part], Iterable[Case]], int]] = {
    "real": ("Real numbers", real, 1000),
    "composed": ("Composed numbers, as strokes", composed, 2000),
    "around": ("Groups, lines, other symbols", around, 1000),
    "photos": ("Composed numbers, as photos", photos, 600),
    "rows": ("MNIST's digits side by side", rows, 2000),
    "pen": ("Single digits, pen", pen_digits, 100_000),
    "unipen": ("Single digits, UNIPEN", unipen_digits, 100_000),
    "mnist": ("Single digits, MNIST in pictures", mnist_pictures, 1200),
}
"""Title, cases and how many are measured, by the name of each set."""


def cases(folder: Path, part: Part, name: str, count: int | None = None) -> Iterator[Case]:
    """The cases of a set, which are always the same.

    Args:
        folder: holds ``mnist`` and ``pen``.
        part: of the split.
        name: of `SETS`.
        count: at most so many; None for as many as `SETS` says.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    _, make, usual = SETS[name]
    return islice(make(folder, part), usual if count is None else count)


def _mnist(folder: Path, part: Part) -> Dataset:
    return mnist(folder, "test") if part == "test" else mnist_validation(folder)


def _traits(number: ComposedNumber) -> tuple[str, ...]:
    found: set[str] = {joint for joint in number.joints if joint != "apart"}
    if not found:
        found.add("apart")
    if number.delayed:
        found.add("delayed")
    if number.reaching:
        found.add("reaching")
    if number.kind != "number":
        found.add(number.kind)
    return tuple(sorted(found))


def _of_strokes(number: ComposedNumber) -> Case:
    each = [number.true_drawing(at) for at in range(len(number.parts))]
    return Case(number.drawing, number.text, plain_glyphs(each), _traits(number))


def _of_picture(shown: NumberPicture, traits: tuple[str, ...] = ()) -> Case:
    inks = [part.ink.astype(np.float32) / 255.0 for part in shown.parts]
    glyphs = np.stack([place_ink(ink).glyph for ink in inks])
    return Case(Drawing(picture=shown.picture), shown.text, glyphs, traits)


def single_digits(
    folder: Path, kind: Literal["pen", "unipen"], part: NumberPart
) -> Iterator[Labelled]:
    """Single digits of one part of the split, without fragments."""
    part_of = part_of_writer if kind == "pen" else part_of_site
    for one in read_drawings(folder, kind, lambda one: part_of(one.writer) == part):
        if kind == "pen" or not one.is_fragment:
            yield one


def _of_single(one: Labelled) -> Case:
    return Case(one.drawing, one.word, _whole(one.drawing))


def _whole(drawing: Drawing) -> Glyphs:
    """The glyph of all ink as one symbol; empty without ink."""
    try:
        return preprocess(drawing).glyph[None]
    except DigitpadError:
        return np.zeros((1, 28, 28), dtype=np.uint8)
