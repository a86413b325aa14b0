"""What a network reads right without some of its channels."""

from __future__ import annotations

import numpy as np
from inside_kit import glyph_of_chance, model_of_chance

from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.silence import read_right


def test_what_is_right_is_counted_up_to_each_report() -> None:
    inside = Inside(model_of_chance("quicknet"))
    glyphs = np.stack([glyph_of_chance(seed) for seed in range(250)])
    labels = inside.probabilities(glyphs).argmax(axis=1)
    labels[:7] = (labels[:7] + 1) % 10
    labels[220:225] = (labels[220:225] + 1) % 10
    found = list(read_right(inside, glyphs, labels, (20, 200, 250, 1000)))
    assert [(one.right, one.count) for one in found] == [(13, 20), (193, 200), (238, 250)]
    assert found[0].accuracy == 13 / 20


def test_without_channels_other_glyphs_are_right() -> None:
    inside = Inside(model_of_chance("quicknet"))
    glyphs = np.stack([glyph_of_chance(seed) for seed in range(50)])
    labels = inside.probabilities(glyphs).argmax(axis=1)
    silent = frozenset(("relu3", channel) for channel in range(64))
    (found,) = read_right(inside, glyphs, labels, (50,), silent)
    # Nothing is left but the biases: one answer for everything.
    assert found.right == (labels == inside.probabilities(glyphs[:1], silent).argmax()).sum()
