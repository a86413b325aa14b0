from dataclasses import replace

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import preprocess_strokes
from digitpad.learning.augmentation.redraw import Redrawing, distort, redraw

STILL = Redrawing(
    slant=0.0, aspect=0.0, rotation_degrees=0.0, waviness=0.0, tremor=0.0, looseness=0.0, ends=0.0
)
SEVEN = Drawing.of([[(0, 0), (60, 0), (20, 100)], [(10, 50), (50, 50)]])


def test_the_first_copy_is_the_drawing_itself_and_the_others_differ():
    glyphs = redraw([SEVEN, SEVEN], 5, Redrawing(), np.random.default_rng(0))
    assert glyphs.shape == (2, 5, 28, 28)
    plain = preprocess_strokes(SEVEN).glyph
    assert np.array_equal(glyphs[0, 0], plain)
    assert np.array_equal(glyphs[1, 0], plain)
    assert all(not np.array_equal(glyph, plain) for glyph in glyphs[:, 1:].reshape(-1, 28, 28))


def test_the_same_seed_redraws_alike():
    first, second = (redraw([SEVEN], 4, Redrawing(), np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)


def test_no_change_is_no_change():
    strokes = [stroke.points for stroke in SEVEN.strokes]
    changed = distort(strokes, STILL, np.random.default_rng(0))
    for before, after in zip(strokes, changed, strict=True):
        assert np.allclose(after, (before - (30, 50)) / 100)


def test_a_dot_can_be_redrawn():
    dot = Drawing.of([[(5, 5)]])
    assert redraw([dot], 3, Redrawing(), np.random.default_rng(0)).max() == 255


def length(points: np.ndarray) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def test_ends_fall_short_or_overshoot_in_the_direction_of_the_stroke():
    line = [np.linspace((0.0, 0.0), (30.0, 40.0), 6)]
    settings = replace(STILL, ends=0.1)
    lengths = []
    for seed in range(40):
        (changed,) = distort(line, settings, np.random.default_rng(seed))
        # In units of the longer side, 40; still on the line through the origin's centre.
        assert np.allclose(changed[:, 0] * 4, changed[:, 1] * 3)
        lengths.append(length(changed))
    assert min(lengths) < 1.2 < 1.3 < max(lengths)
    assert min(lengths) > 1.25 / 3


def test_a_short_stroke_keeps_a_third_of_itself():
    tick = [np.array([(0.0, 0.0), (100.0, 100.0)]), np.array([(0.0, 50.0), (1.0, 50.0)])]
    settings = replace(STILL, ends=0.5)
    for seed in range(40):
        _, short = distort(tick, settings, np.random.default_rng(seed))
        assert length(short) > 0.01 / 9.1


def test_a_trembling_hand_stays_near_the_stroke_and_follows_it():
    line = [np.linspace((0.0, 0.0), (0.0, 100.0), 5)]
    settings = replace(STILL, tremor=0.03, steady=0.0)
    widest = 0.0
    for seed in range(20):
        (changed,) = distort(line, settings, np.random.default_rng(seed))
        assert len(changed) > 30
        # Three waves of the amplitude divided by the root of three.
        assert np.abs(changed[:, 0]).max() <= 0.03 * np.sqrt(3) + 1e-9
        widest = max(widest, float(np.abs(changed[:, 0]).max()))
    assert widest > 0.02


def test_a_steady_hand_does_not_tremble():
    line = [np.linspace((0.0, 0.0), (0.0, 100.0), 5)]
    settings = replace(STILL, tremor=0.03, steady=1.0)
    for seed in range(5):
        (changed,) = distort(line, settings, np.random.default_rng(seed))
        assert np.allclose(changed[:, 0], 0.0)


def test_loose_strokes_move_by_themselves():
    strokes = [stroke.points for stroke in SEVEN.strokes]
    first, second = distort(strokes, replace(STILL, looseness=0.1), np.random.default_rng(1))
    moved = [first - (strokes[0] - (30, 50)) / 100, second - (strokes[1] - (30, 50)) / 100]
    assert np.allclose(moved[0], moved[0][0])
    assert np.allclose(moved[1], moved[1][0])
    assert not np.allclose(moved[0][0], moved[1][0])
