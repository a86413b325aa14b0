"""Samples of our own making, each a little different from the others."""

from dataclasses import replace

import numpy as np

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.picture import Picture
from digitpad.samples.sample import Answer, Sample


def sample(label="7", number=0, **values):
    """A sample of two strokes that belong to this number alone."""
    bend = 10 + number
    strokes = (
        Stroke.of([(10, 10), (60.5, 12), (30, 40 + bend), (25, 130.25)], [0.5, 1, 1, 0.75], 7.5),
        Stroke.of([(15, 60), (70, 60 + bend / 3)]),
    )
    return replace(Sample.of(label, Drawing(strokes)), **values)


def picture_sample(label="1", side=60, **values):
    """A sample of a picture: a dark upright line on white paper."""
    pixels = np.full((side, side, 4), 255, np.uint8)
    pixels[side // 6 : -side // 6, side * 4 // 9 : side * 5 // 9, :3] = 20
    return replace(Sample.of(label, Drawing(picture=Picture(pixels))), **values)


def answer(text="1", confidence=0.75, model="bundled"):
    return Answer(text, confidence, rejected=False, model=model)


def same(one, other):
    """Whether two samples are the same in everything but their numbers."""
    return as_values(one) == as_values(other)


def as_values(one):
    picture = one.drawing.picture
    return (
        *(one.label, one.drawing.strokes, None if picture is None else picture.pixels.tobytes()),
        *(one.glyph.tobytes(), one.answer, one.origin, one.is_flagged, one.symbols, one.created),
    )
