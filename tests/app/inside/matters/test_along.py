"""The way back from the pixels of a glyph to strokes and pictures."""

from __future__ import annotations

import numpy as np
import pytest
from handwriting import digit, moved

from digitpad.app.inside.matters.along import along_strokes, box_in_drawing
from digitpad.app.inside.matters.finding import changed_drawing
from digitpad.app.inside.matters.photo import field_in_picture
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.glyph import preprocess_strokes
from digitpad.ink.picture import Picture
from digitpad.ink.preprocessing import preprocess
from digitpad.recognition.inside.smallest_change import Change
from digitpad.recognition.prediction import Prediction

_SEVEN = Drawing.of(moved(digit("crossed 7"), -180, -300, 6))
_ANSWER = Prediction(("0", "1"), (0.2, 0.8))


@pytest.mark.parametrize("name", ["0", "4", "crossed 7", "tap"])
def test_ink_lies_beneath_every_stroke(name) -> None:
    drawing = Drawing.of(moved(digit(name), 40, -300, 6))
    stages = preprocess_strokes(drawing)
    levels = stages.glyph.astype(np.float64)
    found = along_strokes(drawing.strokes, stages, levels)
    assert len(found) == len(drawing.strokes)
    for stroke, piece in zip(drawing.strokes, found, strict=True):
        np.testing.assert_allclose(piece.points[[0, -1]], stroke.points[[0, -1]])
        # The mean of nine pixels around the middle of a stroke that is nearly three wide.
        assert piece.values.min() > 90
        np.testing.assert_allclose(piece.widths, stroke.width)


def test_the_width_follows_the_pressure() -> None:
    points = np.stack((np.linspace(0, 300, 7), np.zeros(7)), axis=1)
    stroke = Stroke.of(points, np.linspace(0, 1, 7))
    drawing = Drawing((stroke,))
    stages = preprocess_strokes(drawing)
    (found,) = along_strokes(drawing.strokes, stages, np.zeros((28, 28)))
    np.testing.assert_allclose(
        found.widths, np.interp(found.points[:, 0], points[:, 0], stroke.widths)
    )


def test_the_box_holds_the_drawing() -> None:
    stages = preprocess_strokes(_SEVEN)
    left, top, side = box_in_drawing(_SEVEN.strokes, stages)
    every = np.concatenate([stroke.points for stroke in _SEVEN.strokes])
    assert (every >= (left, top)).all()
    assert (every <= (left + side, top + side)).all()
    assert np.ptp(every[:, 1]) == pytest.approx(
        side * (20 - 2.6) / 20, rel=0.05
    )  # curves reach further


def test_the_glyph_lies_over_the_ink_of_a_picture() -> None:
    levels = np.full((200, 150, 4), 255, np.uint8)
    levels[40:160, 90:106, :3] = 0  # an upright bar, right of the middle
    stages = preprocess(Drawing(picture=Picture(levels)))
    field = field_in_picture(stages)
    rows, columns = np.nonzero(stages.glyph > 127)
    pixel = field.width() / 28
    assert field.left() + columns.min() * pixel == pytest.approx(90, abs=pixel)
    assert field.left() + (columns.max() + 1) * pixel == pytest.approx(106, abs=pixel)
    assert field.top() + rows.min() * pixel == pytest.approx(40, abs=pixel)
    assert field.top() + (rows.max() + 1) * pixel == pytest.approx(160, abs=pixel)


def _erased(source: int, *rest: Stroke) -> Change:
    strokes = _SEVEN.strokes
    after = (*strokes[:source], *rest, *strokes[source + 1 :])
    return Change("erase", strokes[source], source, after, 4.0, 0.1, _ANSWER)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_change_of_one_part_leaves_the_others(count) -> None:
    other = Stroke.of([(800.0, 0.0), (800.0, 300.0)])
    whole = Drawing((_SEVEN.strokes[0], other, _SEVEN.strokes[1]))
    rest = tuple(Stroke.of([(float(n), 0.0), (float(n), 9.0)]) for n in range(count))
    first = changed_drawing(whole, _SEVEN.strokes, _erased(0, *rest))
    assert first.strokes == (*rest, other, _SEVEN.strokes[1])
    second = changed_drawing(whole, _SEVEN.strokes, _erased(1, *rest))
    assert second.strokes == (_SEVEN.strokes[0], other, *rest)


def test_an_added_stroke_comes_last_and_a_share_of_a_stroke_stands_alone() -> None:
    added = Stroke.of([(0.0, 0.0)])
    change = Change("add", added, None, (*_SEVEN.strokes, added), 0.0, 0.0, _ANSWER)
    assert changed_drawing(_SEVEN, _SEVEN.strokes, change).strokes == (*_SEVEN.strokes, added)
    linked = Drawing.of([[(0.0, 0.0), (9.0, 9.0)]])
    change = _erased(0)
    assert changed_drawing(linked, _SEVEN.strokes, change).strokes == change.after
