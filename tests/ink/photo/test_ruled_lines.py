"""Lines on the paper: a value on each side of every limit."""

from __future__ import annotations

import numpy as np
import pytest
from inked import Box, drawn

from digitpad.ink.photo.ruled_lines import ruled_lines

SIDE = 300
DIGIT = (130, 130, 24, 40)


def page(*boxes: Box, at: tuple[int, ...] = (60, 240), thick: int = 2) -> np.ndarray:
    """A digit and lines right across."""
    lines = ((0, y, SIDE, thick) for y in at)
    return drawn(*(boxes or (DIGIT,)), *lines, side=SIDE)


def found(mask: np.ndarray) -> bool:
    return bool(ruled_lines(mask).any())


@pytest.mark.parametrize(("height", "is_found"), [(85, False), (120, True)])
def test_a_tiny_picture_has_no_lines(height: int, is_found: bool) -> None:
    assert found(page(at=(120, 180))[150 - height // 2 : 150 + height // 2]) == is_found


@pytest.mark.parametrize(("thick", "is_found"), [(4, True), (7, False)])
def test_lines_are_thin(thick: int, is_found: bool) -> None:
    assert found(page(thick=thick)) == is_found


@pytest.mark.parametrize(("share", "is_found"), [(0.82, True), (0.68, False)])
def test_lines_go_right_across(share: float, is_found: bool) -> None:
    mask = page()
    mask[[60, 61, 240, 241], round(share * SIDE) :] = False
    assert found(mask) == is_found


@pytest.mark.parametrize(("seen", "is_found"), [(0.6, True), (0.42, False)])
def test_most_of_a_line_is_seen(seen: float, is_found: bool) -> None:
    # The rest of it is behind the digit.
    width = round((1 - seen) * SIDE)
    assert found(page((SIDE // 2 - width // 2, 40, width, 220))) == is_found


def bent(heights: np.ndarray) -> np.ndarray:
    """The digit between two lines that go up and down with x."""
    mask, x = drawn(DIGIT, side=SIDE), np.arange(SIDE)
    for y in (60, 240):
        rows = np.rint(y + heights).astype(int)
        mask[rows, x] = mask[rows + 1, x] = True
    return mask


@pytest.mark.parametrize(("slope", "is_found"), [(0.1, True), (0.17, False)])
def test_lines_are_not_steep(slope: float, is_found: bool) -> None:
    assert found(bent(slope * (np.arange(SIDE) - SIDE / 2))) == is_found


@pytest.mark.parametrize(("rise", "is_found"), [(2.4, True), (5.5, False)])
def test_lines_are_hardly_bent(rise: float, is_found: bool) -> None:
    assert found(bent(rise * np.sin(np.arange(SIDE) / SIDE * 20))) == is_found


@pytest.mark.parametrize(("apart", "is_found"), [(7, True), (3, False)])
def test_a_page_of_thin_runs_is_noise(apart: int, is_found: bool) -> None:
    mask = page((20, 20, 40, 60), at=tuple(range(100, SIDE - 2, apart)), thick=1)
    assert found(mask) == is_found


@pytest.mark.parametrize(("room", "is_found"), [(11, False), (20, True)])
def test_strokes_to_the_edge_belong_to_the_line(room: int, is_found: bool) -> None:
    assert found(page((100, room, 30, SIDE - 2 * room), at=(150,))) == is_found


@pytest.mark.parametrize(("side", "is_found"), [(11, False), (20, True)])
def test_a_digit_is_left(side: int, is_found: bool) -> None:
    assert found(page((130, 130, side, side))) == is_found


def test_a_page_full_of_lines_comes_to_an_end() -> None:
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    every = (y % 14 < 2) | (x % 14 < 2)
    lines = ruled_lines(every | drawn((100, 100, 60, 90), side=SIDE))
    assert lines.sum() > 0.2 * every.sum()
