"""Cuts through connected ink: where, and how many."""

from __future__ import annotations

import numpy as np
import pytest
from inked import drawn

from digitpad.ink.photo.numbers.slices import cut_across


def ring(height: int = 80, width: int = 56, thick: int = 8) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    y, x = (y + 0.5) / height - 0.5, (x + 0.5) / width - 0.5
    inner = np.hypot(x * width / (width - 2 * thick), y * height / (height - 2 * thick)) > 0.5
    return (np.hypot(x, y) <= 0.5) & inner


def one(height: int = 80, thick: int = 8, slant: float = 0.0) -> np.ndarray:
    y, x = np.mgrid[0:height, 0 : round(thick + abs(slant) * height)]
    left = slant * (height - 1 - y) if slant > 0 else -slant * y
    return (left <= x) & (x < left + thick)


def slanted(mask: np.ndarray, slant: float = 0.25) -> np.ndarray:
    height = len(mask)
    rows = []
    for y, row in enumerate(mask):
        aside = round(slant * (height - 1 - y))
        rows.append(np.pad(row, (aside, round(slant * (height - 1)) - aside)))
    return np.array(rows)


def seven(height: int = 80, width: int = 50, thick: int = 8) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[:thick] = True
    y, x = np.mgrid[0:height, 0:width]
    middle = width - thick - y * (width - 2 * thick) / height
    return mask | (np.abs(x - middle) <= thick / 2)


def side_by_side(*masks: np.ndarray, overlap: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """The masks in a row, each touching the one before: the ink, and whose it is, from 0."""
    row = np.zeros((max(map(len, masks)), sum(mask.shape[1] for mask in masks)), np.int64)
    right = 0
    for number, mask in enumerate(masks, 1):
        height, width = mask.shape
        # As far left as it goes.
        free = [
            x for x in range(right + 1) if ((row[:height, x : x + width] > 0) & mask).sum() == 0
        ]
        left = max(free[0] - overlap, 0)
        place = row[:height, left : left + width]
        place[mask & (place == 0)] = number
        right = left + width
    return row[:, :right] > 0, row[:, :right] - 1


def wrong(ink: np.ndarray, owner: np.ndarray) -> float:
    """Share of the first one's ink or the second one's on the wrong side of the best cut."""
    slices = cut_across(ink, len(ink)).of
    least = []
    for cut in range(1, int(slices[ink].max()) + 1):
        is_left = slices < cut
        sides = [(is_left[owner == 1]).mean(), (~is_left[owner == 0]).mean()]
        least.append(float(max(sides)))
    return min(least, default=1.0)


PAIRS = {
    "two noughts": (ring(), ring()),
    "a nought and a one": (ring(), one()),
    "a one and a nought": (one(), ring()),
    "slanted noughts": (slanted(ring()), slanted(ring())),
    "two sevens": (seven(), seven()),
    "a nought and a seven": (ring(), seven()),
    "a low nought and a high one": (ring(56, 40), ring()),
    "fat noughts": (ring(thick=16), ring(thick=16)),
    "thin noughts": (ring(thick=4), ring(thick=4)),
}


@pytest.mark.parametrize("overlap", [1, 3])
@pytest.mark.parametrize("name", PAIRS)
def test_a_cut_is_where_two_touch(name: str, overlap: int) -> None:
    ink, owner = side_by_side(*PAIRS[name], overlap=overlap)
    assert wrong(ink, owner) < 0.15


@pytest.mark.parametrize("size", [0.5, 2.0])
def test_size_does_not_matter(size: float) -> None:
    first = ring(round(80 * size), round(56 * size), round(8 * size))
    ink, owner = side_by_side(first, first)
    assert wrong(ink, owner) < 0.1


def test_three_that_touch() -> None:
    ink, owner = side_by_side(ring(), seven(), ring())
    slices = cut_across(ink, 80).of
    assert 2 <= int(slices[ink].max()) <= 14
    for i in range(3):
        own = np.bincount(slices[owner == i])
        held = np.bincount(slices[ink], minlength=len(own))[: len(own)]
        # Its slices are its own.
        assert own[own > held / 2].sum() >= 0.75 * own.sum()


@pytest.mark.parametrize("mask", [one(), one(slant=0.3), ring(80, 34), seven(80, 34)])
def test_what_is_narrow_is_whole(mask: np.ndarray) -> None:
    assert not cut_across(mask, len(mask)).of.any()


def test_a_wide_nought_has_not_many_cuts() -> None:
    mask = ring(80, 72)
    assert cut_across(mask, 80).of[mask].max() <= 8


def test_there_are_not_many_cuts() -> None:
    ink, _ = side_by_side(*[seven()] * 12)
    assert 11 <= cut_across(ink, 80).of[ink].max() <= 24


def test_digits_that_are_near_are_all_parted() -> None:
    # Ten ones on a line: more than digits in ink of this width.
    comb = np.zeros((80, 230), bool)
    comb[70:78] = True
    for left in range(0, 230, 24):
        comb[:, left : left + 8] = True
    slices = cut_across(comb, 80)
    assert len(slices.seams) >= 9
    tops = [slices.of[10, left] for left in range(4, 230, 24)]
    assert len(set(tops)) == 10


def test_the_flag_of_a_five_is_whole() -> None:
    flag = np.zeros((24, 64), bool)
    for x in range(64):
        flag[14 - x // 6 : 24 - x // 6, x] = True
    assert not cut_across(flag, 80).of.any()
    assert cut_across(flag, 24).of.any()


def test_low_ink_is_a_piece_of_a_higher_symbol() -> None:
    bar = drawn((0, 0, 40, 8))[:8, :40]
    assert not cut_across(bar, 80).of.any()


def test_all_ink_is_in_one_slice_or_another() -> None:
    ink, _ = side_by_side(seven(), ring(), seven())
    slices = cut_across(ink, 80).of
    assert np.unique(slices[ink]).tolist() == list(range(int(slices[ink].max()) + 1))


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3, 40), (50, 1)])
def test_little_ink(shape: tuple[int, int]) -> None:
    assert not cut_across(np.ones(shape, bool), shape[0]).of.any()
