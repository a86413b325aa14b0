"""Printed lines that touch what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inked import Box, drawn, ink_of

from digitpad.ink.photo.numbers.frames import frame_lines

if TYPE_CHECKING:
    import numpy as np

THIN = 3

CORNERS = 0.02
"""Where lines meet, specks are left."""


def frame(left: float, top: float, width: float, height: float) -> tuple[Box, ...]:
    return (
        (left, top, width, THIN),
        (left, top + height - THIN, width, THIN),
        (left, top, THIN, height),
        (left + width - THIN, top, THIN, height),
    )


def body(left: float, top: float, size: float = 1.0) -> tuple[Box, ...]:
    """What is no straight line: a foot, and a stem on it."""
    return (left, top, 8 * size, 50 * size), (left, top + 42 * size, 30 * size, 8 * size)


def hook(left: float, top: float) -> tuple[Box, ...]:
    """A stem under a bar."""
    return (left, top, 8, 50), (left, top, 30, 8)


def left_by(*boxes: Box) -> np.ndarray:
    mask = drawn(*boxes)
    return mask & ~frame_lines(ink_of(mask), 256)


def is_left(rest: np.ndarray, box: Box) -> float:
    """How much of a rectangle is left."""
    return float(rest[drawn(box)].mean())


@pytest.mark.parametrize("top", [95, 140 - 50])
def test_a_box_that_a_digit_touches(top: int) -> None:
    digit = body(90, top)
    rest = left_by(*frame(60, 60, 90, 80), *digit)
    assert is_left(rest, digit[0]) > 0.9
    assert is_left(rest, (60, 60, 25, 80)) < CORNERS
    assert is_left(rest, (125, 60, 25, 80)) < CORNERS


def test_a_comb_field_and_a_one_in_it() -> None:
    separators = [(40 + 50 * i, 80, THIN, 70) for i in range(1, 3)]
    stroke, digit = (65, 90, 6, 48), body(100, 100)
    rest = left_by(*frame(40, 80, 150, 70), *separators, stroke, *digit)
    assert is_left(rest, stroke) == 1
    for one in separators:
        assert is_left(rest, one) < 0.1


def test_a_box_around_what_does_not_touch_it() -> None:
    digit = body(90, 75)
    rest = left_by(*frame(60, 60, 90, 80), *digit)
    assert is_left(rest, (60, 60, 90, 3)) < 0.1
    assert is_left(rest, digit[0]) == 1


def test_an_empty_box_alone_may_be_a_nought() -> None:
    box = frame(60, 60, 60, 80)
    assert is_left(left_by(*box), box[0]) == 1


@pytest.mark.parametrize(("height", "is_gone"), [(80, True), (40, False)])
def test_an_empty_box_beside_a_like_one(height: int, is_gone: bool) -> None:
    empty = frame(20, 60, 70, height)
    rest = left_by(*frame(110, 60, 70, 80), *empty, *body(130, 75))
    assert (is_left(rest, empty[0]) < 0.1) == is_gone


def test_two_empty_boxes_may_be_noughts() -> None:
    first = frame(20, 60, 70, 80)
    assert is_left(left_by(*first, *frame(110, 60, 70, 80)), first[0]) == 1


@pytest.mark.parametrize(
    ("beyond", "thick", "is_gone"), [(20, 6, True), (0, 3, True), (0, 8, False)]
)
def test_a_line_under_several(beyond: int, thick: int, is_gone: bool) -> None:
    digits = [stroke for x in (50, 100, 150) for stroke in hook(x, 100)]
    line = (50 - beyond, 146, 130 + 2 * beyond, thick)
    rest = left_by(*digits, line)
    assert (is_left(rest, (83, 148, 14, 1)) == 0) == is_gone
    assert is_left(rest, digits[0]) > 0.85


def test_the_bars_of_digits_are_none() -> None:
    seven = (60, 60, 50, 6), (104, 60, 6, 80)
    assert left_by(*seven)[62, 80]
    joined = (60, 60, 100, 6), (104, 60, 6, 80), (154, 60, 6, 80)
    assert left_by(*joined)[62, 80]
