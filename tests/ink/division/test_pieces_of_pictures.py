"""The pieces of a picture in its division."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitpad.ink.division.links import Links
from digitpad.ink.division.picture import InkOfPicture
from digitpad.ink.picture import Picture

FIVE = ((45, 0), (5, 0), (0, 45), (30, 40), (50, 65), (35, 98), (0, 100))


@pytest.mark.parametrize(("gap", "dot"), [(60, 12), (40, 10), (30, 8)])
def test_a_point_joins_no_digit(gap: int, dot: int) -> None:
    image = Image.new("RGB", (640, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((100, 100, 160, 200), outline="black", width=7)
    left = 160 + (gap - dot) // 2
    draw.ellipse((left, 200 - dot, left + dot, 200), fill="black")
    draw.line([(160 + gap + x, 100 + y) for x, y in FIVE], "black", 7, "curve")
    pixels = np.asarray(image)
    ink = InkOfPicture(Picture(np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8)))))
    (point,) = (i for i, piece in enumerate(ink.pieces) if piece.is_point)
    assert ink.pieces[point].size <= dot
    assert [point] in Links(ink.pieces).clusters()
