"""Signs in pictures of numbers."""

from __future__ import annotations

import numpy as np
import pytest
from handwriting import row
from PIL import Image, ImageDraw
from thresholds import answers

from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.recognition.recognition import Recognition, preprocess_drawing

_FINE = 4
_SCALE = 1.4
_PEN = 9


def picture_of(*names: str) -> Picture:
    """Symbols in a row, drawn with a pen on paper that is not quite even."""
    symbols = row(*names)
    points = _SCALE * np.concatenate([stroke for symbol in symbols for stroke in symbol])
    low = points.min(axis=0) - 40
    width, height = (np.ptp(points, axis=0) + 80).astype(int).tolist()
    paper = Image.new("L", (width * _FINE, height * _FINE), 235)
    draw = ImageDraw.Draw(paper)
    radius = _PEN * _FINE / 2
    for stroke in (stroke for symbol in symbols for stroke in symbol):
        path = [(float(x), float(y)) for x, y in (_SCALE * stroke - low) * _FINE]
        if len(path) > 1:
            draw.line(path, 40, _PEN * _FINE, joint="curve")
        for x, y in path:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), 40)
    small = np.asarray(paper.resize((width, height), Image.Resampling.BOX), np.float64)
    noisy = small + np.random.default_rng(1).normal(0, 4, small.shape)
    grey = noisy.clip(0, 255).astype(np.uint8)
    return Picture(np.dstack((grey, grey, grey, np.full_like(grey, 255))))


def read(*names: str, signs: bool) -> Recognition:
    drawing = Drawing(picture=picture_of(*names))
    return answers([preprocess_drawing(drawing, signs=signs)])[0]


@pytest.mark.parametrize(
    "names",
    [
        ("2", ".", "5"),
        ("7", ",", "5", "0"),
        ("1", "2", "-", "3"),
        ("-", "3", ".", "1"),
        ("1", "0", ":", "3", "0"),
        ("2", "0", "2", "6"),
    ],
)
def test_signs_are_read_where_that_is_wanted(names):
    found = read(*names, signs=True)
    assert (found.text, found.rejected) == ("".join(names), False)
    without = read(*names, signs=False)
    assert not any(part.is_sign for part in without.parts)
