from __future__ import annotations

import numpy as np
import pytest

from digitpad.ink.drawing import LIGHTEST, Drawing, Stroke
from digitpad.ink.picture import Picture

LINE = Stroke.of([(0, 0), (10, 20)])
DOT = Stroke.of([(5, 5)], width=3)
PICTURE = Picture(np.full((2, 3, 4), 255, np.uint8))


def test_a_stroke_keeps_its_own_frozen_copy_of_the_points() -> None:
    points = np.zeros((2, 2))
    stroke = Stroke(points, np.ones(2))
    points[0, 0] = 7.0
    assert stroke.points[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        stroke.points[0, 0] = 1.0


@pytest.mark.parametrize(
    ("points", "pressures", "width"),
    [
        (np.zeros((0, 2)), np.zeros(0), 1.0),
        (np.zeros((3, 3)), np.ones(3), 1.0),
        (np.zeros(4), np.ones(4), 1.0),
        (np.zeros((3, 2)), np.ones(2), 1.0),
        (np.array([[0.0, np.nan]]), np.ones(1), 1.0),
        (np.array([[0.0, np.inf]]), np.ones(1), 1.0),
        (np.zeros((1, 2)), np.array([1.1]), 1.0),
        (np.zeros((1, 2)), np.array([-0.1]), 1.0),
        (np.zeros((1, 2)), np.array([np.nan]), 1.0),
        (np.zeros((1, 2)), np.ones(1), 0.0),
        (np.zeros((1, 2)), np.ones(1), np.nan),
        (np.zeros((1, 2)), np.ones(1), np.inf),
    ],
)
def test_a_stroke_of_wrong_form_is_refused(
    points: np.ndarray, pressures: np.ndarray, width: float
) -> None:
    with pytest.raises(ValueError, match="must"):
        Stroke(points, pressures, width)


def test_strokes_are_equal_by_value_and_can_be_hashed() -> None:
    same = Stroke.of([(0, 0), (10, 20)])
    assert same == LINE
    assert hash(same) == hash(LINE)
    assert Stroke.of([(0, 0), (10, 20)], [1.0, 0.5]) != LINE
    assert Stroke.of([(0, 0), (10, 20)], width=1.0) != LINE
    assert LINE != "a stroke"


def test_pressure_widens_the_ink() -> None:
    widths = Stroke.of([(0, 0)] * 3, [0.0, 0.5, 1.0], width=8.0).widths
    assert widths.tolist() == [8 * LIGHTEST, 8 * (1 + LIGHTEST) / 2, 8.0]


def test_equal_strokes_have_equal_hashes() -> None:
    one, other = Stroke.of([(0.0, 1.0)], [0.0]), Stroke.of([(-0.0, 1.0)], [-0.0])
    assert one == other
    assert hash(one) == hash(other)
    assert hash(one) != hash(Stroke.of([(0.5, 1.0)], [0.0]))


def test_edits_give_new_drawings() -> None:
    one = Drawing().with_stroke(LINE)
    two = one.with_stroke(DOT)
    assert Drawing().is_empty
    assert not one.is_empty
    assert two.strokes == (LINE, DOT)
    assert one.strokes == (LINE,)


def test_a_drawing_has_strokes_or_a_picture() -> None:
    picture = Drawing(picture=PICTURE)
    assert not picture.is_empty
    # Drawing over a picture replaces it.
    assert picture.with_stroke(DOT) == Drawing((DOT,))
    with pytest.raises(ValueError, match="not both"):
        Drawing((LINE,), PICTURE)


def test_transforming_moves_points_and_scales_the_width() -> None:
    turned = Drawing((LINE,)).transformed([[0, -2], [2, 0]], (1, 1)).strokes[0]
    assert turned.points.tolist() == [[1, 1], [-39, 21]]
    assert turned.width == pytest.approx(2 * LINE.width)
    # A matrix that flattens leaves a width that a stroke may have.
    flat = Drawing((LINE,)).transformed([[1, 0], [0, 0]]).strokes[0]
    assert flat.width == LINE.width
