"""The candidates of labelled pictures, and which of them are right."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitpad.ink.picture import Picture
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognizer import Recognizer
from training.numbers.lattices import PARTS, lattices_of, of_picture
from training.numbers.pictures import TrueInk

RING = np.linspace(-np.pi / 2, 3 * np.pi / 2, 60)
LEFT, RIGHT = 150, 270


def nought(x: int) -> list[tuple[float, float]]:
    return [(x + 35 * np.cos(a), 150 + 45 * np.sin(a)) for a in RING.tolist()]


def inked(points: list[tuple[float, float]]) -> np.ndarray:
    image = Image.new("L", (460, 300))
    ImageDraw.Draw(image).line(points, 255, 9, "curve")
    return np.asarray(image)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_model(bundled_model_path()))


def test_the_line_from_one_digit_to_the_next_in_a_picture_may_be_a_ligature(recognizer):
    digits = [inked(nought(LEFT)), inked(nought(RIGHT))]
    line = inked([(LEFT, 105), (RIGHT, 105)])
    grey = 255 - np.max([*digits, line], axis=0)
    pixels = np.dstack((grey, grey, grey, np.full_like(grey, 255)))
    parts = [TrueInk("0", (0, 0, 460, 300), ink) for ink in digits]
    example = of_picture(Picture(pixels), parts)
    assert example is not None
    (one,) = lattices_of([example], recognizer)
    assert one.is_possible
    assert one.right[:, PARTS.index("ligature")].any()
