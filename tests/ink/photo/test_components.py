"""Components and sheets: a value on each side of every limit."""

from __future__ import annotations

import numpy as np
import pytest
from inked import drawn, pieces_of, ring

from digitpad.ink.photo.components import find_sheet


def test_a_page_of_specks_is_cut_short() -> None:
    many = pieces_of(*((12 * x, 12 * y, 3, 3) for x in range(1, 19) for y in range(1, 19)))
    assert 100 <= many.count <= 200


@pytest.mark.parametrize(("width", "is_along"), [(40, True), (22, False)])
def test_what_lies_along_the_edge(width: int, is_along: bool) -> None:
    # Of a width and height of 62 together.
    assert bool(pieces_of((90, 240 - 62 + width, width, 62 - width)).is_along_edge[0]) == is_along


def sheet_of(mask: np.ndarray) -> np.ndarray | None:
    return find_sheet(mask.astype(np.float32))


@pytest.mark.parametrize(("side", "found"), [(100, True), (70, False)])
def test_a_sheet_is_large(side: int, found: bool) -> None:
    assert (sheet_of(drawn((60, 60, 140, side))) is not None) == found


def test_a_nought_is_no_sheet() -> None:
    assert sheet_of(ring(90, 90)) is None
    assert sheet_of(drawn((50, 50, 140, 140)) | ring(78, 78)) is not None


@pytest.mark.parametrize(("side", "found"), [(50, True), (70, False)])
def test_the_digit_is_a_small_part_of_its_sheet(side: int, found: bool) -> None:
    sheet = drawn((40, 40, 150, 150)) & ~drawn((80, 80, side, side))
    assert (sheet_of(sheet) is not None) == found


def test_the_edge_of_a_sheet_is_cut_off() -> None:
    sheet = sheet_of(drawn((20, 20, 200, 200)))
    assert sheet is not None
    assert 185 <= sheet.any(axis=0).sum() <= 191
