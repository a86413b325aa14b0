"""The glyphs of the plane: digits of the excerpt, or the user's own samples."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import DIGITS
from digitpad.data.public.excerpt import excerpt_files
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.inside.plane import balanced
from digitpad.samples.store import SampleStore

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_COUNT = 500
_OF_A_CLASS = 50
_LEAST = 10
"""Fewer samples make no plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Glyphs with their classes.

    Attributes:
        glyphs: uint8 (n, 28, 28).
        labels: numbers of their classes, int64 (n,).
        names: of the classes.
        are_foreign: whether the network knows none of these classes.
    """

    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    are_foreign: bool = False


def points_for(classes: tuple[str, ...], samples: Path | None) -> Points:
    """Some 500 glyphs for a network with these classes.

    For each class that is a digit they are digits of the test split of the MNIST excerpt; for
    the others they are the user's newest samples. Where there is next to nothing of either, they
    are digits all the same, and none of the network's classes.

    Args:
        classes: names, in the order of the outputs.
        samples: the file of the user's samples; None if there is none.

    Raises:
        DigitpadError: the installation is damaged.
    """
    # No network has learned from this split.
    digits = excerpt_files("test")
    pictures = np.concatenate([batch.glyphs for batch in digits.batches(digits.piece)])
    drawn = np.array([int(digit) for digit in digits.indices()], np.int64)
    number_of = {name: number for number, name in enumerate(classes)}
    of_digits = np.array([number_of.get(name, -1) for name in DIGITS], np.int64)
    labels = of_digits[drawn]
    chosen = balanced(labels, _OF_A_CLASS * int((of_digits >= 0).sum()))
    glyphs, numbers = [pictures[chosen]], [labels[chosen]]
    own = _samples(samples, {name for name in classes if name not in DIGITS})
    for name, found in own.items():
        glyphs.append(np.stack(found))
        numbers.append(np.full(len(found), number_of[name], np.int64))
    points = Points(np.concatenate(glyphs), np.concatenate(numbers), classes)
    if len(points.labels) >= _LEAST:
        return points
    chosen = balanced(drawn, _COUNT)
    return Points(pictures[chosen], drawn[chosen], DIGITS, are_foreign=True)


def _samples(path: Path | None, names: set[str]) -> dict[str, list[NDArray[np.uint8]]]:
    """The newest glyphs of these classes among the user's samples."""
    found: dict[str, list[NDArray[np.uint8]]] = defaultdict(list)
    if path is None or not names or not path.exists():
        return found
    # Samples that cannot be read are told of where they are used.
    with suppress(DigitpadError):
        for sample in reversed(SampleStore(path).list()):
            if sample.label in names and len(found[sample.label]) < _OF_A_CLASS:
                found[sample.label].append(sample.glyph.reshape(FIELD, FIELD))
    return found
