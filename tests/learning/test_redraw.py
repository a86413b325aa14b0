import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import trace_strokes
from digitpad.learning.redraw import Redrawing, distort, redraw

SEVEN = Drawing.of([[(0, 0), (60, 0), (20, 100)], [(10, 50), (50, 50)]])


def test_the_first_copy_is_the_drawing_itself_and_the_others_differ():
    glyphs = redraw([SEVEN, SEVEN], 5, Redrawing(), np.random.default_rng(0))
    assert glyphs.shape == (2, 5, 28, 28)
    plain = trace_strokes(SEVEN).glyph
    assert np.array_equal(glyphs[0, 0], plain)
    assert np.array_equal(glyphs[1, 0], plain)
    assert all(not np.array_equal(glyph, plain) for glyph in glyphs[:, 1:].reshape(-1, 28, 28))


def test_the_same_seed_redraws_alike():
    first, second = (redraw([SEVEN], 4, Redrawing(), np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)


def test_no_change_is_no_change():
    still = Redrawing(0, 0, 0, 0)
    strokes = [stroke.points for stroke in SEVEN.strokes]
    changed = distort(strokes, still, np.random.default_rng(0))
    for before, after in zip(strokes, changed, strict=True):
        assert np.allclose(after, (before - (30, 50)) / 100)


def test_a_dot_can_be_redrawn():
    dot = Drawing.of([[(5, 5)]])
    assert redraw([dot], 3, Redrawing(), np.random.default_rng(0)).max() == 255
