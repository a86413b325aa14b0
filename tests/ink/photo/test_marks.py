"""Marks that are no symbols: a value on each side of every limit."""

from __future__ import annotations

import numpy as np
import pytest
from inked import drawn, ink_of, pieces_of, ring

from digitpad.ink.photo.components import find_components
from digitpad.ink.photo.marks import outlines, straight_lines, words
from digitpad.ink.photo.underline import without_underline

INNER = (105, 105, 30, 30)


def is_outline(mask: np.ndarray, *inner: tuple[float, float, float, float]) -> bool:
    return bool(outlines(find_components(ink_of(mask | drawn(*(inner or (INNER,))))))[0])


@pytest.mark.parametrize(("side", "found"), [(30, True), (14, False)])
def test_an_outline_has_something_in_it(side: int, found: bool) -> None:
    assert is_outline(ring(), (120 - side / 2, 105, side, side)) == found


@pytest.mark.parametrize(("thick", "found"), [(5, True), (13, True), (26, False)])
def test_an_outline_keeps_to_the_rim(thick: int, found: bool) -> None:
    assert is_outline(ring(60, thick)) == found


@pytest.mark.parametrize(("tail", "found"), [(26, True), (50, False)])
def test_an_outline_has_no_tail_to_its_inside(tail: int, found: bool) -> None:
    spur = drawn((120 + 66 - tail, 118, tail, 5))
    assert is_outline(ring(70, 5) | spur, (80, 100, 32, 32)) == found


@pytest.mark.parametrize(("flat", "found"), [(0.9, True), (0.7, False)])
def test_a_narrow_ring_is_a_nought(flat: float, found: bool) -> None:
    assert is_outline(ring(60, 5, flat=flat)) == found


def test_a_narrow_frame_is_a_frame() -> None:
    frame = drawn((90, 60, 60, 120)) & ~drawn((94, 64, 52, 112))
    assert is_outline(frame)


@pytest.mark.parametrize(("thick", "found"), [(9, True), (15, False)])
def test_a_line_is_thin(thick: int, found: bool) -> None:
    assert bool(straight_lines(pieces_of((50, 50, 100, thick))).is_line[0]) == found


def is_word(*letters: tuple[float, float, float, float], size: int = 100) -> bool:
    pieces = pieces_of(*letters)
    return bool(words(pieces, size, np.ones(pieces.count, bool)).all())


@pytest.mark.parametrize(("gap", "found"), [(6, True), (11, False)])
def test_letters_are_near_each_other(gap: int, found: bool) -> None:
    assert is_word(*((50 + i * (12 + gap), 60, 12, 20) for i in range(4))) == found


@pytest.mark.parametrize(("side", "found"), [(8, True), (5, False)])
def test_specks_make_no_word_of_a_stroke(side: int, found: bool) -> None:
    specks = ((59 - side, 70, side, side), (79, 70, side, side))
    assert is_word((60, 60, 18, 20), *specks) == found


@pytest.mark.parametrize(("size", "found"), [(37, True), (30, False)])
def test_a_word_is_smaller_than_the_digit(size: int, found: bool) -> None:
    assert is_word(*((50 + i * 18, 60, 12, 20) for i in range(4)), size=size) == found


@pytest.mark.parametrize(
    ("gap", "size", "found"), [(5, 54, True), (5, 46, False), (5, 200, True), (8, 200, False)]
)
def test_a_unit_is_set_tight(gap: int, size: int, found: bool) -> None:
    assert is_word((50, 60, 20, 40), (70 + gap, 60, 20, 40), size=size) == found


DIGIT = (100, 60, 30, 80)


def is_underlined(*line: tuple[float, float, float, float], digit=DIGIT) -> bool:
    mask = drawn(digit, *line)
    return bool(without_underline(mask).sum() < mask.sum())


@pytest.mark.parametrize(("thick", "found"), [(10, True), (16, False)])
def test_an_underline_is_thin(thick: int, found: bool) -> None:
    assert is_underlined((60, 138, 110, thick)) == found


@pytest.mark.parametrize(("beyond", "found"), [(22, True), (13, False)])
def test_an_underline_is_wider_than_the_digit(beyond: int, found: bool) -> None:
    # 100 long in all
    digit = (70 + beyond, 60, 100 - 2 * beyond, 80)
    assert is_underlined((70, 138, 100, 5), digit=digit) == found


@pytest.mark.parametrize(("height", "found"), [(80, True), (110, False)])
def test_an_underline_is_longer_than_the_digit_is_high(height: int, found: bool) -> None:
    assert is_underlined((65, 140, 100, 5), digit=(100, 142 - height, 30, height)) == found


@pytest.mark.parametrize(("below", "found"), [(0, True), (3, True), (8, False)])
def test_hardly_any_ink_is_below_an_underline(below: int, found: bool) -> None:
    assert is_underlined((60, 138, 110, 5), (110, 143, 12, 3 + below)) == found
