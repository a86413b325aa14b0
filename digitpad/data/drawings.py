"""Drawings in memory, and which of them are taken. Free of torch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.recognition.model_info import MAX_CLASSES, MAX_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LEAST = 2
"""Drawings of a class: one to learn from and one to measure on."""


DIGITS: tuple[str, ...] = tuple("0123456789")
"""Names of the classes of every set of digits; labels index them."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawings:
    """Glyphs with their classes.

    Attributes:
        title: what the set is called.
        classes: their names; labels index them.
        glyphs: uint8 (n, 28, 28), ink 255 on 0.
        labels: int64 (n,).
    """

    title: str
    classes: tuple[str, ...]
    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int64]


def index_words(words: Sequence[str], source: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Classes from the words for drawings: sorted, numbers by their value and before other names.

    Args:
        words: one a drawing.
        source: what they come from, for errors.

    Returns:
        The classes, and for each drawing the index of its class, int64 (n,).

    Raises:
        DigitpadError: there are fewer than two classes, or more than a model takes; a class has
            fewer than two drawings, or a name that a model does not take.
    """
    counts = Counter(words)
    classes = tuple(sorted(counts, key=_order))
    if len(classes) < 2:
        found = f"the class {classes[0]!r} alone" if classes else "no class at all"
        raise DigitpadError(
            "{source} has {found}, and telling apart takes at least two classes.",
            source=source,
            found=found,
        )
    if len(classes) > MAX_CLASSES:
        raise DigitpadError(
            "{source} has {count} classes, and a network takes at most {max_classes}.",
            source=source,
            count=len(classes),
            max_classes=MAX_CLASSES,
        )
    for name in classes:
        if not name.strip() or len(name) > MAX_NAME:
            raise DigitpadError(
                "{source} has a class with the name {name!r}, and a name has 1 to {max_name}"
                " characters.",
                source=source,
                name=name[:40],
                max_name=MAX_NAME,
            )
        if counts[name] < _LEAST:
            raise DigitpadError(
                "{source} has one drawing of {name!r}, and a class needs at least two: one to"
                " learn from and one to measure on.",
                source=source,
                name=name,
            )
    indices = {name: index for index, name in enumerate(classes)}
    return classes, np.array([indices[word] for word in words], dtype=np.int64)


def choose(labels: NDArray[np.int64], count: int | None, seed: int) -> NDArray[np.int64]:
    """Which drawings are taken: at random, but two of each class at least, where it has two.

    Args:
        labels: int64 (n,), all of them.
        count: how many; None takes all.
        seed: the same one chooses the same drawings.

    Returns:
        int64 (k,), indices in rising order; k is the smaller of n and the count.

    Raises:
        DigitpadError: so few drawings cannot have two of each class.
    """
    if count is None or count >= len(labels):
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    # A stable sort keeps the random order within each class.
    by_class = order[np.argsort(labels[order], kind="stable")]
    first = np.ones(len(labels), dtype=bool)
    first[_LEAST:] = labels[by_class[_LEAST:]] != labels[by_class[:-_LEAST]]
    needed = by_class[first]
    if len(needed) > count:
        raise DigitpadError(
            "{count} drawings are too few for {classes} classes: take at least {needed}.",
            count=count,
            classes=len(np.unique(labels)),
            needed=len(needed),
        )
    others = order[np.isin(order, needed, invert=True)]
    return np.sort(np.concatenate((needed, others[: count - len(needed)])))


def _order(name: str) -> tuple[bool, int, str]:
    # int() takes other scripts' digits too, but not everything that looks like a number.
    is_number = name.isdecimal() and len(name) < 20
    return (not is_number, int(name) if is_number else 0, name)
