from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shared_data import shared_folder

from digitpad.data.dataset import OUTLIER
from digitpad.ink.stroke_file import read_strokes
from training.recipe.data import (
    LOOKALIKES,
    PEN_WRITERS,
    TEST_ALPHABETS,
    TEST_WRITERS,
    VALIDATION_ALPHABETS,
    VALIDATION_WRITERS,
    Ingredients,
    characters,
    fold_data,
    mnist,
    mnist_only,
    pen_digits,
    training_data,
)
from training.recipe.recipes import SECOND

pytestmark = pytest.mark.data


@pytest.fixture
def folder() -> Path:
    return shared_folder()


def test_nobody_is_in_two_parts(folder):
    assert not TEST_WRITERS & VALIDATION_WRITERS
    assert not TEST_ALPHABETS & VALIDATION_ALPHABETS
    writers = {record.writer for record in read_strokes(folder / "pen" / "digits.ndjson.gz")}
    assert writers > TEST_WRITERS | VALIDATION_WRITERS
    assert len(writers) == PEN_WRITERS == 30


def test_the_held_out_parts_have_their_sizes(folder):
    test = mnist(folder, "test")
    assert (len(test), len(pen_digits(folder, TEST_WRITERS))) == (10_000, 1248)
    assert set(test.labels.tolist()) == set(range(10))
    assert len(characters(folder, TEST_ALPHABETS)) == 24 * 20
    others = characters(folder, VALIDATION_ALPHABETS)
    assert len(others) == 26 * 20
    clear = characters(folder, VALIDATION_ALPHABETS, lookalikes=False)
    assert len(clear) == (26 - len(LOOKALIKES["Latin"])) * 20
    assert (others.labels == OUTLIER).all()


def test_validation_digits_are_not_among_the_training_digits(folder):
    data = mnist_only(folder)
    training = {glyph.tobytes() for glyph in data.sources[0].data.glyphs}
    validation = data.validation["mnist"].glyphs
    assert len(data.sources[0].data) + len(validation) == 60_000
    assert not any(glyph.tobytes() in training for glyph in validation)
    assert np.array_equal(np.unique(data.validation["pen"].labels), np.arange(10))


TINY = Ingredients(
    mnist_per_epoch=500,
    pen_copies=2,
    pen_per_epoch=300,
    synthetic=200,
    synthetic_per_epoch=100,
    character_copies=1,
    characters_per_epoch=50,
    scribbles=80,
    scribbles_per_epoch=40,
)


def test_each_ingredient_can_be_left_out(folder):
    whole = training_data(folder, 0, TINY)
    assert [source.size for source in whole.sources] == [500, 300, 100, 50, 40]
    outliers = [bool((source.data.labels == OUTLIER).all()) for source in whole.sources]
    assert outliers == [False, False, False, True, True]
    plain = replace(TINY, pen_copies=0, synthetic=0, character_copies=0, scribbles=0)
    assert [source.size for source in training_data(folder, 0, plain).sources] == [500]


def test_without_redrawing_every_copy_is_the_drawing(folder):
    only_pen = replace(TINY, synthetic=0, character_copies=0, scribbles=0)
    _, redrawn = training_data(folder, 0, only_pen).sources
    _, still = training_data(folder, 0, replace(only_pen, redrawing=None)).sources
    assert np.array_equal(redrawn.data.labels, still.data.labels)
    assert np.array_equal(redrawn.data.glyphs[::2], still.data.glyphs[::2])
    assert np.array_equal(still.data.glyphs[::2], still.data.glyphs[1::2])
    assert not np.array_equal(redrawn.data.glyphs[1::2], still.data.glyphs[1::2])


def test_a_fold_learns_from_nobody_it_is_measured_on(folder):
    held_out = frozenset({"tra03", "tra07"})
    only_pen = replace(TINY, pen_copies=1, synthetic=0, character_copies=0, scribbles=0)
    data = fold_data(folder, 0, held_out, only_pen)
    training = {glyph.tobytes() for glyph in data.sources[1].data.glyphs}
    measured = pen_digits(folder, held_out)
    for part in (measured, data.validation["pen"]):
        assert sum(glyph.tobytes() in training for glyph in part.glyphs) <= len(part) * 0.01
    total = len(data.sources[1].data) + len(data.validation["pen"]) + len(measured)
    assert total == len(list(read_strokes(folder / "pen" / "digits.ndjson.gz")))


@pytest.mark.parametrize("ingredients", [Ingredients(), SECOND])
def test_no_alphabet_that_is_held_out_is_learnt_from(folder, ingredients):
    held_out = ingredients.held_out_alphabets
    assert held_out >= TEST_ALPHABETS
    only_characters = replace(
        TINY,
        pen_copies=0,
        synthetic=0,
        scribbles=0,
        redrawing=None,
        held_out_alphabets=held_out,
    )
    _, learned = training_data(folder, 0, only_characters).sources
    training = {glyph.tobytes() for glyph in learned.data.glyphs}
    for alphabet in TEST_ALPHABETS | VALIDATION_ALPHABETS:
        measured = characters(folder, frozenset({alphabet}), lookalikes=False).glyphs
        seen = sum(glyph.tobytes() in training for glyph in measured)
        # Two hands draw a simple character alike now and then.
        assert seen <= len(measured) * 0.01 if alphabet in held_out else seen == len(measured)
