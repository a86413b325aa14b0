"""Drawings of no class: they look like none of the classes of a dataset.

For digits these are signs, letters, scribbles, and digits that are struck out. Of other classes it
is not known what they look like: a letter or a heart may be one of them. So for letters only
scribbles and signs of no alphabet are taken, and for all others only scribbles. In any case a
drawing that is similar to a sample of a class is thrown away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from digitpad.data.dataset import OUTLIER
from digitpad.data.synthetic import scribbles, signs
from digitpad.data.synthetic.not_digits import KINDS, blurred, digit_bank, shapes, unlike
from digitpad.recognition.prediction import are_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.data.synthetic.not_digits import Maker
    from digitpad.data.synthetic.shapes import Shape

Purpose = Literal["learn", "calibrate"]

_UNSEEN_SHAPES = {scribbles.ornate, scribbles.knot, signs.house, signs.sun, signs.grid}
_UNSEEN_KINDS = {"digits struck out"}
"""Families that no training learns from. They show how well a network rejects what it has not
seen."""

_UNSEEN_SHARE = 0.5
"""Share of these families among the drawings that help to find a threshold."""

_OF_NO_ALPHABET = {
    signs.specks,
    signs.spiral,
    signs.heart,
    signs.star,
    signs.house,
    signs.grid,
    signs.face,
    signs.sun,
    signs.figure,
}
"""Signs that look like no letter or character of any script."""

_LIKE_LETTERS = {scribbles.strokes_anywhere}
"""Scribbles that now and then look like a letter."""

_BANK = 3000
"""Largest number of samples of the classes that a drawing is compared with."""

_FEW = 1000
"""Fewer samples of digits do not show all ways to write them, so synthetic ones are added."""


def no_class_glyphs(
    known: Dataset, count: int, seed: int, purpose: Purpose, batch: int = 250
) -> Iterator[NDArray[np.uint8]]:
    """Make glyphs of none of the classes of a dataset, by MNIST's rule.

    The same arguments give the same glyphs, byte for byte with the same numpy. They are made while
    they are taken, about 1000 a second.

    Args:
        known: samples of the classes.
        count: number of glyphs in all, at least 0.
        seed: at least 0. The two purposes give different glyphs for the same seed.
        purpose: "learn" leaves some families out; "calibrate" takes half of its glyphs from these.
        batch: number of glyphs at a time, at least 1.

    Yields:
        Glyphs, uint8 (n, 28, 28); fewer in all than `count` if the classes look like scribbles.
    """
    if purpose == "learn":
        kinds = _kinds(known.classes, unseen=False)
    else:
        parts = (_kinds(known.classes, unseen=True), _kinds(known.classes, unseen=False))
        shares = (_UNSEEN_SHARE, 1 - _UNSEEN_SHARE)
        kinds = [
            (share * weight / sum(w for w, _ in part), maker)
            for share, part in zip(shares, parts, strict=True)
            for weight, maker in part
        ]
    bank = _bank(known)
    random = np.random.default_rng([seed, ("learn", "calibrate").index(purpose)])
    return unlike(kinds, lambda: bank, count, random, batch)


def _kinds(classes: tuple[str, ...], *, unseen: bool) -> list[tuple[float, Maker]]:
    """The kinds of drawings for these classes: the families to learn from, or the unseen ones."""

    def some(every: Sequence[tuple[float, Shape]]) -> Maker:
        return shapes([entry for entry in every if (entry[1] in _UNSEEN_SHAPES) is unseen])

    if not are_digits(classes):
        wild = [entry for entry in scribbles.SCRIBBLES if entry[1] not in _LIKE_LETTERS]
        found = [(1.0, some(wild))]
        if all(len(name) == 1 and name.isalnum() for name in classes):
            alien = [entry for entry in signs.SIGNS if entry[1] in _OF_NO_ALPHABET]
            found.append((1.0, some(alien)))
        return found
    made = {
        "signs": some(signs.SIGNS),
        "characters": some(scribbles.CHARACTERS),
        "scribbles": some(scribbles.SCRIBBLES),
    }
    return [
        (weight, made.get(name, maker))
        for name, (weight, maker) in KINDS.items()
        if name in made or (name in _UNSEEN_KINDS) is unseen
    ]


def _bank(known: Dataset) -> NDArray[np.float64]:
    own = known.take(np.flatnonzero(known.labels != OUTLIER)[:_BANK]).glyphs
    # A blank glyph cannot be compared.
    vectors = blurred(own[own.any(axis=(1, 2))])
    if are_digits(known.classes) and len(vectors) < _FEW:
        vectors = np.concatenate((vectors, digit_bank()))
    return vectors
