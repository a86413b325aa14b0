"""A part of a drawing as a sample that stands for itself."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import SEVEN, prediction
from handwriting import drawn, row
from PIL import Image, ImageDraw

from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.ink.preprocessing import preprocess
from digitpad.learning.adaptation.lesson import lesson_of
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.recognition import preprocessed
from digitpad.samples.store import SampleStore


def read(drawing):
    """The parts of a drawing whose candidates are all sevens."""
    (found,) = recognize([preprocessed(drawing)], lambda glyphs: [prediction(7)] * len(glyphs))
    return found


def picture(*digits, width=900, height=1200, ink=(20, 20, 60)):
    """A picture of strokes, in the middle of it."""
    image = Image.new("RGBA", (width, height), (250, 248, 240, 255))
    pen = ImageDraw.Draw(image)
    for strokes in digits:
        for stroke in strokes:
            pen.line([(x + width / 3, y + height / 3) for x, y in stroke], (*ink, 255), 14, "curve")
    return Drawing(picture=Picture(np.array(image)))


def test_strokes_are_those_of_the_part():
    found = read(drawn(*row("7", "7", gap=90)))
    for part in found.parts:
        sample = lesson_of(part, found.drawing, "1", origin="correction", model="mine")
        assert sample.drawing.strokes == part.ink
        assert (sample.label, sample.origin, sample.symbols) == ("1", "correction", "")
        assert (sample.answer.text, sample.answer.model) == ("7", "mine")
        assert sample.answer.confidence == pytest.approx(0.99)
        assert np.array_equal(preprocess(sample.drawing).glyph, sample.glyph)


@pytest.mark.parametrize("gap", [20, 90])
def test_a_part_of_a_picture_stands_alone(gap, tmp_path):
    found = read(picture(*[[2.0 * line for line in one] for one in row("7", "2", gap=gap)]))
    assert len(found.parts) == 2
    store = SampleStore(tmp_path / "samples.sqlite")
    for part in found.parts:
        sample = lesson_of(part, found.drawing, "7", origin="confirmation")
        (kept,) = store.add([sample])
        again = store.get(kept.id)
        assert np.array_equal(again.glyph, part.stages.glyph)
        alone = preprocess(again.drawing)
        assert alone.is_alone
        assert np.abs(alone.glyph.astype(float) - part.stages.glyph).mean() < 6


def test_a_picture_is_reduced_to_what_its_symbol_needs():
    strokes = [15.0 * line for line in row("7")[0]]
    found = read(picture(strokes, width=3000, height=3600))
    sample = lesson_of(found.parts[0], found.drawing, "7", origin="confirmation")
    assert max(sample.drawing.picture.pixels.shape) < 800


def test_a_drawing_of_one_part_is_kept_as_it_is():
    found = read(SEVEN)
    sample = lesson_of(found.parts[0], found.drawing, "7", origin="confirmation", symbols="runes")
    assert sample.drawing == SEVEN
    assert sample.symbols == "runes"
