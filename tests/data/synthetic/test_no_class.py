"""Drawings of no class for any classes."""

from __future__ import annotations

import numpy as np
import pytest

from digitpad.data.dataset import Dataset
from digitpad.data.synthetic.digits import synthetic_dataset
from digitpad.data.synthetic.no_class import _kinds, no_class_glyphs

DIGITS = synthetic_dataset(300, seed=5)


def named(*classes):
    labels = np.arange(len(DIGITS)) % len(classes)
    return Dataset(DIGITS.glyphs, labels, tuple(classes))


def drawn(known, count, seed=0, purpose="learn", batch=250):
    return np.concatenate(list(no_class_glyphs(known, count, seed, purpose, batch)))


@pytest.mark.parametrize("known", [DIGITS, named("a", "b"), named("star", "heart")])
def test_the_same_are_made_again_whatever_the_batch(known):
    first = drawn(known, 60)
    assert first.shape == (60, 28, 28)
    assert first.dtype == np.uint8
    assert np.array_equal(first, drawn(known, 60, batch=7))
    assert not np.array_equal(first, drawn(known, 60, seed=1))


def test_what_a_threshold_is_found_by_is_not_learned_from():
    learned = {glyph.tobytes() for glyph in drawn(DIGITS, 400)}
    held_out = {glyph.tobytes() for glyph in drawn(DIGITS, 400, purpose="calibrate")}
    assert not learned & held_out


def test_beside_letters_and_words_there_are_fewer_kinds_than_beside_digits():
    # No letters are drawn where the classes may be letters, no pictures where they may be pictures.
    digits, letters, words = (
        len(_kinds(classes, unseen=False)) for classes in (("0", "7"), ("a", "b"), ("star", "cat"))
    )
    assert digits > letters > words == 1


def test_what_comes_near_to_a_class_is_thrown_away():
    # Whoever teaches a network scribbles has no scribbles against it.
    scribbles = drawn(named("star", "heart"), 500)
    own = Dataset(scribbles, np.arange(500) % 2, ("calm", "wild"))
    again = list(no_class_glyphs(own, 500, 0, "learn"))
    remaining = {glyph.tobytes() for some in again for glyph in some}
    assert not remaining & {glyph.tobytes() for glyph in scribbles}


def test_a_blank_drawing_of_a_class_does_no_harm():
    blank = Dataset(np.zeros((4, 28, 28), np.uint8), np.arange(4) % 2, ("a", "b"))
    assert len(drawn(blank, 30)) == 30
