"""Whether strokes are whole: a value on each side of every limit."""

from __future__ import annotations

import numpy as np
import pytest
from inked import drawn, ink_of, level_of
from scipy import ndimage

from digitpad.ink.photo.whole_strokes import is_wide, stands_out

STROKE = (80, 60, 20, 120)


@pytest.mark.parametrize(("width", "is_too_wide"), [(24, False), (34, True)])
def test_a_stroke_fills_less_than_the_window(width: int, is_too_wide: bool) -> None:
    mask = drawn((80, 60, width, 120))
    assert is_wide(level_of(mask, window=41), ink_of(mask), mask) == is_too_wide


def is_free(mask: np.ndarray, grey: np.ndarray) -> bool:
    level = level_of(mask)._replace(grey=grey.astype(np.float32))
    return stands_out(level, ink_of(mask), mask)


@pytest.mark.parametrize(("paper", "free"), [(130, True), (60, False)])
def test_paper_beside_a_stroke_is_brighter(paper: int, free: bool) -> None:
    # From 20 to 240 the limit is 97.
    mask = drawn(STROKE)
    assert is_free(mask, np.where(mask, 20, paper)) == free


@pytest.mark.parametrize(("length", "free"), [(25, True), (75, False)])
def test_most_of_the_outline_is_free(length: int, free: bool) -> None:
    # Of an outline of 300 pixels or so.
    mask = drawn(STROKE)
    assert is_free(mask, np.where(mask | drawn((100, 70, 60, length)), 20, 240)) == free


@pytest.mark.parametrize(("apart", "free"), [(5, True), (1, False)])
def test_what_lies_farther_away_does_not_matter(apart: int, free: bool) -> None:
    mask = drawn(STROKE)
    assert is_free(mask, np.where(mask | drawn((100 + apart, 60, 40, 120)), 20, 240)) == free


def test_soft_edges_are_no_surroundings() -> None:
    mask = drawn(STROKE)
    apart = ndimage.distance_transform_cdt(~mask, "chessboard")
    assert is_free(mask, 20 + 220 * np.clip((apart - 2) / 2, 0, 1))
