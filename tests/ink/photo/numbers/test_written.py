"""What stays in a line of symbols, whatever is around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitpad.ink.photo.numbers import printed
from digitpad.ink.photo.numbers.pieces import picture_pieces
from digitpad.ink.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.photo.paper import Level

TWO = ((0, 25), (10, 3), (28, 3), (40, 18), (32, 45), (8, 88), (-36, 96), (80, 96))
SEVEN = ((0, 4), (50, 4), (38, 40), (24, 96))
FOUR = ((34, 2), (0, 60), (52, 60), (36, 40), (34, 96))


def page(*symbols: tuple[Sequence[tuple[int, int]], int], grid: bool = False) -> Picture:
    """Strokes, each with its place, on paper 640 pixels wide."""
    image = Image.new("RGB", (640, 300), "white")
    draw = ImageDraw.Draw(image)
    if grid:
        draw.rectangle((355, 20, 358, 290), fill="#101010")
    for points, left in symbols:
        draw.line([(left + x, 100 + y) for x, y in points], "#101010", 7, "curve")
    pixels = np.asarray(image)
    return Picture(np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8))))


def columns_with_ink(picture: Picture) -> np.ndarray:
    """Which columns are within the bounds of a piece, bool (w,)."""
    held = np.zeros(picture.pixels.shape[1], bool)
    for left, _, right, _ in picture_pieces(picture).bounds.astype(int).tolist():
        held[left:right] = True
    return held


def hide(monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    """The symbol that begins there does not differ from what is around it."""

    def without_one(level: Level, ink: InkMask, one: np.ndarray, others: np.ndarray) -> bool:
        first = int(np.flatnonzero(one.any(axis=0))[0])
        return abs(first * 640 / one.shape[1] - left) > 60

    monkeypatch.setattr(printed, "stands_out", without_one)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_is_as_high_as_its_neighbours_stays(
    which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lefts = (100, 280, 460)
    hide(monkeypatch, lefts[which])
    held = columns_with_ink(page((SEVEN, 100), (FOUR, 280), (SEVEN, 460)))
    for left in lefts:
        assert held[left + 10 : left + 40].all()


def test_a_symbol_that_a_ruling_touches_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, 310)
    held = columns_with_ink(page((SEVEN, 100), (SEVEN, 200), (FOUR, 310), (SEVEN, 460), grid=True))
    assert held[320:345].all()


def test_the_foot_of_a_two_among_others_is_no_underline() -> None:
    held = columns_with_ink(page((SEVEN, 100), (TWO, 260), (SEVEN, 460)))
    assert held[240:320].all()
