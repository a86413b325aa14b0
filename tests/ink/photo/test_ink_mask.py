"""Which pixels are ink, and on what paper: a value on each side of every limit."""

from __future__ import annotations

import numpy as np
import pytest
from inked import drawn, ink_of
from sentences import raises_error

from digitpad.ink.glyph import BOX
from digitpad.ink.photo.close_up import close_up
from digitpad.ink.photo.ink_mask import find_ink
from digitpad.ink.photo.paper import Mixture, _fit_plane, _is_ink_darker, levels
from digitpad.ink.photo.preprocessing import box_ink, place_ink, reduction
from digitpad.ink.picture import Picture

STROKE = (80, 60, 20, 120)


def test_faint_ink_is_ink_and_fainter_is_not() -> None:
    mask = drawn(STROKE).astype(np.float32)
    assert find_ink(0.06 * mask).certain.sum() == 20 * 120
    with raises_error("No digit can be seen in the picture: "):
        find_ink(0.04 * mask)


def test_ink_stands_out_from_the_grain() -> None:
    grain = np.random.default_rng(0).normal(0.0, 0.03, (240, 240)).astype(np.float32)
    with raises_error("No digit can be seen in the picture: "):
        find_ink(grain)
    found = find_ink(grain + 0.11 * drawn(STROKE).astype(np.float32))
    assert found.certain[60:180, 80:100].mean() > 0.8


def test_soft_edges_are_near_certain_ink() -> None:
    certain, possible = drawn((80, 80, 30, 30)), drawn((60, 60, 70, 70))
    near = ink_of(certain)._replace(possible=possible).near_certain().possible
    assert 33 <= near.any(axis=0).sum() <= 35


def shares(colours: np.ndarray) -> list[float]:
    """Windows as shares of the longer side."""
    return [level.window / max(colours.shape) for level in levels(colours.astype(np.float32))]


def flat(side: int, level: float = 220.0) -> np.ndarray:
    return np.full((side, side, 3), level)


def test_windows_are_narrow_and_wide() -> None:
    narrow, middle, wide = shares(flat(300))
    assert 0.05 < narrow < 0.1
    assert 0.1 < middle < 0.2
    assert 0.3 < wide < 0.6


@pytest.mark.parametrize(("side", "count"), [(28, 1), (100, 2), (150, 3)])
def test_small_pictures_have_fewer_windows(side: int, count: int) -> None:
    assert len(shares(flat(side))) == count


def test_black_paper_has_no_room_for_darker_ink() -> None:
    mixture = Mixture(np.full(3, 1 / 3, np.float32), is_dark=True)
    paper, grey = np.full((2, 2), 15, np.float32), np.full((2, 2), 7, np.float32)
    assert 0.15 < mixture.strength(grey, paper)[0, 0] < 0.3


def test_a_plane_is_fitted_to_what_most_pixels_show() -> None:
    side = 48
    x = np.mgrid[0:side, 0:side][1] / side
    paper = (200 + 30 * x)[..., None].repeat(3, 2)
    paper[8:40, 10:38] -= 150
    middle, along_x, along_y = _fit_plane(paper.astype(np.float32))[:, 0]
    assert abs(middle - 215) < 1.5
    assert abs(along_x - 30) < 1.0
    assert abs(along_y) < 1.0


def test_strokes_beside_a_wide_shadow_say_what_is_darker() -> None:
    # A bright stroke, and light that falls off: the stroke counts, where the square is narrow.
    rest = np.zeros((128, 128, 3), np.float32)
    rest[:, 70:] = -60
    rest[30:90, 30:34] = 50
    assert _is_ink_darker(rest, None).all()
    assert not _is_ink_darker(rest, 23).any()


@pytest.mark.parametrize(("side", "factor"), [(300, 1), (390, 1), (410, 2), (790, 2)])
def test_large_pictures_are_reduced(side: int, factor: int) -> None:
    assert reduction(Picture(np.zeros((side, 40, 4), np.uint8))) == factor


def thickness(width: float, side: int) -> float:
    """Of a stroke across the box, in its pixels."""
    ink = drawn((0, 0, side, side), side=side).astype(np.float32)
    ink[:] = 0
    half = max(round(width * side / BOX / 2), 1)
    ink[side // 2 - half : side // 2 + half] = 1
    ink[0:2, 0:2] = ink[-2:, -2:] = 1
    return float(box_ink(ink)[:, BOX // 2].sum() / 255)


@pytest.mark.parametrize(
    ("width", "side", "least", "most"),
    [(0.4, 160, 1.8, 2.6), (1.25, 160, 1.8, 2.6), (1.9, 160, 1.6, 2.1), (0.4, 66, 0.2, 1.8)],
)
def test_hairlines_are_widened(width: float, side: int, least: float, most: float) -> None:
    assert least < thickness(width, side) < most


@pytest.mark.parametrize(("faint", "columns"), [(1.0, 10), (2.0, 11)])
def test_a_trace_of_ink_is_none(faint: float, columns: int) -> None:
    ink = np.zeros((20, 20), np.float32)
    ink[:, :10] = 1
    ink[:, 10] = faint / 255
    assert place_ink(ink).box.shape == (BOX, BOX)
    from digitpad.ink.photo.preprocessing import ink_bounds

    left, _, right, _ = ink_bounds(ink)
    assert right - left == columns


@pytest.mark.parametrize(("longer", "is_finer"), [(60, True), (100, False)])
def test_a_small_symbol_is_looked_at_closely(longer: int, is_finer: bool) -> None:
    pixels = np.full((800, 800, 4), 255, np.uint8)
    mask = drawn((80, 60, 20, longer), side=200)
    pixels[..., :3] = np.where(mask, 20, 240).astype(np.uint8).repeat(4, 0).repeat(4, 1)[..., None]
    from inked import level_of

    close = close_up(pixels, 4, level_of(mask), mask)
    assert (close is not None) == is_finer
    if close is not None:
        # Two coarse pixels more on each side, each of them two fine ones.
        assert close.shape == (2 * (longer + 4), 2 * (20 + 4))
