import numpy as np
import pytest

from digitpad.data.synthetic.digits import synthetic_digits, synthetic_drawing
from digitpad.ink.drawing import Drawing
from training.card.conditions import (
    CONDITIONS,
    SLANT,
    TREMOR,
    changed_drawings,
    changed_glyphs,
    changed_strokes,
)

BAR = np.stack((np.zeros(50), np.linspace(0.0, 100.0, 50)), axis=1)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_seed_gives_the_same_glyphs_again_and_another_one_others(condition):
    random = np.random.default_rng(0)
    drawings = [synthetic_drawing(label, random) for label in range(5)]
    (pictures, _), *_ = synthetic_digits(5, 0)
    for change, digits in ((changed_drawings, drawings), (changed_glyphs, pictures)):
        first, again, other = (change(digits, condition, seed) for seed in (1, 1, 2))
        assert first.shape == (5, 28, 28)
        assert first.dtype == np.uint8
        assert (first == again).all()
        assert (first != other).any(axis=(1, 2)).all()
        assert (first.max(axis=(1, 2)) >= 250).all()


def test_strokes_are_turned_and_slanted_no_further_than_said():
    random = np.random.default_rng(0)
    for _ in range(50):
        (turned,) = changed_strokes([BAR], "turned", random)
        angle = np.degrees(np.arctan2(turned[-1, 0], turned[-1, 1]))
        assert abs(angle) <= 15.0
        assert np.hypot(*turned[-1]) == pytest.approx(100.0)
        (slanted,) = changed_strokes([BAR], "slanted", random)
        assert slanted[-1, 1] == pytest.approx(100.0)
        assert abs(slanted[-1, 0]) <= 100.0 * SLANT


def test_a_shaking_hand_stays_about_its_path():
    random = np.random.default_rng(0)
    away = []
    for _ in range(50):
        (shaken,) = changed_strokes([BAR], "shaking", random)
        away.append(np.sqrt((shaken[:, 0] ** 2).mean()))
    # Across a straight bar one of the two coordinates is seen.
    low, high = (100.0 * share / np.sqrt(2) for share in TREMOR)
    assert low < np.mean(away) < high


def test_pictures_and_strokes_turn_the_same_way():
    # The same seed means the same angle.
    straight = changed_drawings([Drawing.of([[(0.0, 0.0), (0.0, 100.0)]])], "turned", 5)[0]
    picture = np.zeros((1, 28, 28), np.uint8)
    picture[0, 4:24, 13:15] = 255
    turned = changed_glyphs(picture, "turned", 5)[0]
    assert np.sign(_lean(turned)) == np.sign(_lean(straight)) != 0


def _lean(glyph: np.ndarray) -> float:
    """Covariance of x and y in the ink."""
    y, x = np.mgrid[:28, :28]
    mass = glyph.astype(float)
    total = mass.sum()
    mean_x, mean_y = (mass * x).sum() / total, (mass * y).sum() / total
    return float((mass * (x - mean_x) * (y - mean_y)).sum() / total)
