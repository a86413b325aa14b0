"""Drawings that are none of the classes that a network is to tell apart, whatever these are.

Beside digits nearly everything is no class: signs, letters, scribbles, digits struck out. Of other
classes nobody knows what they look like. A letter or a heart may be one of them, so that scribbling
alone is left, and for letters and the like those signs that no alphabet has. What comes near to a
drawing of a class is thrown away in any case.
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
"""Families that nothing is learned from: how surely a network rejects what it has not met is found
by these, too."""

_UNSEEN_SHARE = 0.5
"""Share of them in what a threshold is found by."""

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
"""Signs that are not like a letter or a character of any script."""

_LIKE_LETTERS = {scribbles.strokes_anywhere}
"""Scribbles that now and then come out as one."""

_BANK = 3000
"""Drawings of the classes that a drawing is compared with."""

_FEW = 1000
"""Fewer drawings of digits do not show all ways to write them: synthetic ones help out."""


def no_class_glyphs(
    known: Dataset, count: int, seed: int, purpose: Purpose, batch: int = 250
) -> Iterator[NDArray[np.uint8]]:
    """Make glyphs that are none of the classes of a dataset, by MNIST's rule.

    The same dataset, count, seed and purpose give the same glyphs, byte for byte with the same
    numpy. They are made while they are asked for, about 1000 a second.

    Args:
        known: drawings of the classes.
        count: how many in all, at least 0.
        seed: at least 0; the glyphs of the two purposes differ with the same one.
        purpose: "learn" leaves some families out, half of the glyphs to "calibrate" are of these.
        batch: glyphs at a time, at least 1.

    Yields:
        Glyphs uint8 (n, 28, 28); fewer in all than asked for where the classes are scribbles, too.
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
    """What may be drawn beside these classes, of the families that are learned from or not."""

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
    # Nothing is like a blank glyph.
    vectors = blurred(own[own.reshape(len(own), -1).any(axis=1)])
    if are_digits(known.classes) and len(vectors) < _FEW:
        vectors = np.concatenate((vectors, digit_bank()))
    return vectors
