"""The hands that numbers are composed of: all digits of one writer, of one part of the split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from training.recipe.drawings import read_drawings
from training.recipe.splits import (
    TEST_SITES,
    TEST_WRITERS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
    site_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from digitpad.ink.drawing import Drawing
    from training.recipe.drawings import Labelled

NumberPart = Literal["train", "validation", "test"]

NUMBER_SITES = frozenset({"apb", "art"})
"""Sites of UNIPEN whose people wrote the real numbers, too: nothing is composed of their digits.
Those of `apd` and `ape` wrote their single digits at `apb`."""

_LEAST = 10
"""Digits of a writer, at least."""


@dataclass(frozen=True, slots=True)
class Hand:
    """The digits of one writer.

    Attributes:
        writer: with the site before a slash, as in the files.
        digits: drawings with strokes for each class, "0" to "9", at least one; a writer may lack
            some classes.
    """

    writer: str
    digits: Mapping[str, Sequence[Drawing]]


def read_hands(folder: Path, part: NumberPart = "validation") -> list[Hand]:
    """The writers of one part with at least ten digits, by name.

    Args:
        folder: holds ``pen``.
        part: "train" has nobody of "validation" and "test", and nobody of `NUMBER_SITES`.

    Raises:
        DigitpadError: a file is missing or damaged.
    """
    found: dict[str, list[Labelled]] = {}
    for one in read_drawings(folder, "pen", lambda one: part_of_writer(one.writer) == part):
        found.setdefault(one.writer, []).append(one)
    for one in read_drawings(folder, "unipen", lambda one: part_of_site(one.writer) == part):
        if not one.is_fragment:
            found.setdefault(one.writer, []).append(one)
    return [_hand(name, found[name]) for name in sorted(found) if len(found[name]) >= _LEAST]


def part_of_writer(writer: str) -> NumberPart:
    """The part of a writer of the pen digits."""
    if writer in TEST_WRITERS:
        return "test"
    return "validation" if writer in VALIDATION_WRITERS else "train"


def part_of_site(writer: str) -> NumberPart | None:
    """The part of a writer of UNIPEN; None for people who wrote the real numbers."""
    site = site_of(writer)
    if site in NUMBER_SITES:
        return None
    if site in TEST_SITES:
        return "test"
    return "validation" if site in VALIDATION_SITES else "train"


def _hand(writer: str, drawings: list[Labelled]) -> Hand:
    digits: dict[str, list[Drawing]] = {}
    for one in drawings:
        digits.setdefault(one.word, []).append(one.drawing)
    return Hand(writer, {label: digits[label] for label in sorted(digits)})
