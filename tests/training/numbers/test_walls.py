import numpy as np

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.parts import stroke_bounds
from digitpad.ink.picture import Picture
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition, RecognizedPart
from training.numbers.walls import COLUMNS, wall


def strokes_read(*, rejected: bool) -> Recognition:
    drawing = Drawing.of([[(0, 0), (0, 100)], [(80, 0), (80, 100)]])
    prediction = Prediction(("1", "7"), (0.6, 0.4), rejected)
    parts = tuple(
        RecognizedPart(stroke_bounds((stroke,)), None, prediction, ink=(stroke,))
        for stroke in drawing.strokes
    )
    return Recognition(drawing, parts)


def colours(found: Recognition) -> set[tuple[int, ...]]:
    pixels = np.asarray(wall([(found, "11 > 17")]))
    return set(map(tuple, pixels.reshape(-1, 3).tolist()))


def test_parts_have_colours_and_rejected_ones_are_grey():
    assert {(214, 39, 40), (26, 26, 26)} <= colours(strokes_read(rejected=False))
    rejected = colours(strokes_read(rejected=True))
    assert (154, 154, 154) in rejected
    assert (214, 39, 40) not in rejected


def test_a_dot_and_a_picture_are_drawn():
    dot = Drawing((Stroke.of([(5.0, 5.0)]),))
    part = RecognizedPart((0.0, 0.0, 10.0, 10.0), None, ink=dot.strokes)
    picture = Drawing(picture=Picture(np.full((40, 60, 4), (0, 0, 255, 255), np.uint8)))
    image = wall([(Recognition(dot, (part,)), "1 > 7"), (Recognition(picture), "12 > ")])
    assert (0, 0, 255) in set(map(tuple, np.asarray(image).reshape(-1, 3).tolist()))


def test_mistakes_fill_rows():
    one = wall([(strokes_read(rejected=False), "a\nb")])
    many = wall([(strokes_read(rejected=False), "")] * (COLUMNS + 1))
    assert many.size == (one.width, 2 * one.height)
