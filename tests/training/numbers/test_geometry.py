import numpy as np
import pytest

from digitpad.ink.drawing import Drawing
from training.numbers.geometry import (
    is_bar,
    left_of,
    ligature,
    right_of,
    room,
    sheared,
    strain,
    upright,
    way_out,
)


def ring(start: float = -np.pi / 2) -> np.ndarray:
    """A ring of height 1 on y = 0, counter-clockwise from an angle."""
    angle = start - np.linspace(0, 2 * np.pi, 40)
    return np.stack((0.5 + 0.5 * np.cos(angle), -0.5 + 0.5 * np.sin(angle)), axis=1)


TWO = np.array([(0.1, -0.9), (0.6, -0.9), (0.1, 0.0), (0.3, 0.0), (0.5, 0.0), (0.7, 0.0)])


def bar(x: float) -> np.ndarray:
    return np.stack((np.full(20, x), np.linspace(-1, 0, 20)), axis=1)


def moved(stroke: np.ndarray, x: float) -> np.ndarray:
    return stroke + np.array([x, 0.0])


def test_digits_are_one_high_and_stand_on_the_line():
    tall = upright(Drawing.of([[(300, 100), (340, 500)]]))
    np.testing.assert_allclose(tall[0], [(0, -1), (0.1, 0)])
    (flat,) = upright(Drawing.of([[(0, 0), (200, 10)]]))
    assert np.ptp(flat[:, 0]) == pytest.approx(1.3)
    (dot,) = upright(Drawing.of([[(7, 7)]]))
    assert np.isfinite(dot).all()


def test_slant_leans_to_the_right_and_keeps_the_left_edge():
    (leaning,) = sheared([bar(0.0)], 0.5, 1.0, 1.0)
    assert leaning[0, 0] - leaning[-1, 0] == pytest.approx(0.5)
    assert left_of([leaning]) == 0


def test_room_is_what_is_left_until_curves_meet():
    assert room([bar(0.0)], [bar(0.4)]) == pytest.approx(0.4)
    assert room([ring()], [bar(1.3)]) == pytest.approx(0.3, abs=0.01)
    high = bar(0.4) - (0.0, 2.0)
    assert room([bar(0.0)], [high]) == np.inf


@pytest.mark.parametrize("start", [0.0, np.pi / 2, 3 * np.pi / 4])
def test_a_ligature_goes_on_as_the_pen_was_going(start):
    before, after = TWO, moved(ring(start), 0.9)
    bridge = ligature(before, after)
    joined = np.concatenate((before, bridge, after))[
        len(before) - 2 : len(before) + len(bridge) + 2
    ]
    steps = np.diff(joined, axis=0)
    assert np.hypot(*steps.T).max() < 0.3
    turns = np.diff(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.abs((turns + np.pi) % (2 * np.pi) - np.pi).max() < 1.0


def test_going_on_is_easier_from_the_baseline_than_across_a_digit():
    three = np.array([(0.1, -0.9), (0.6, -0.7), (0.2, -0.5), (0.6, -0.2), (0.0, 0.0)])
    following = [moved(ring(), 0.8)]
    assert strain([TWO], following) < strain([three], following)
    assert way_out([TWO]) == 0
    assert way_out([three]) > 0


def test_bars_are_level_and_wide():
    seven = np.array([(0.0, -1.0), (0.6, -1.0), (0.2, 0.0)])
    level, steep = np.array([(0.1, -0.5), (0.5, -0.52)]), np.array([(0.1, -0.8), (0.3, -0.2)])
    assert is_bar(level, [seven, level])
    assert not is_bar(steep, [seven, steep])
    assert right_of([seven, level]) == 0.6
