from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shared_data import shared_folder

from digitpad.data.dataset import OUTLIER
from digitpad.ink.stroke_file import read_strokes
from training.recipe.data import (
    NONE,
    Amount,
    Ingredients,
    characters,
    fold_data,
    mnist,
    mnist_only,
    outlier_families,
    pen_digits,
    symbols_of,
    training_data,
    unipen_digits,
)
from training.recipe.drawings import read_drawings
from training.recipe.recipes import SECOND, THIRD
from training.recipe.splits import (
    LARGE_SITES,
    LOOKALIKES,
    PEN_WRITERS,
    SIGNS,
    TEST_ALPHABETS,
    TEST_SIGNS,
    TEST_SITES,
    TEST_WRITERS,
    VALIDATION_ALPHABETS,
    VALIDATION_SIGNS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
    HeldOut,
    site_of,
)

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
    pen=Amount(2, 300),
    synthetic=Amount(200, 100),
    characters=Amount(1, 50),
    scribbles=Amount(80, 40),
)


def test_each_ingredient_can_be_left_out(folder):
    whole = training_data(folder, 0, TINY)
    assert [source.size for source in whole.sources] == [500, 300, 50, 100, 40]
    outliers = [bool((source.data.labels == OUTLIER).all()) for source in whole.sources]
    assert outliers == [False, False, True, False, True]
    plain = replace(TINY, pen=NONE, synthetic=NONE, characters=NONE, scribbles=NONE)
    assert [source.size for source in training_data(folder, 0, plain).sources] == [500]


def test_without_redrawing_every_copy_is_the_drawing(folder):
    only_pen = replace(TINY, synthetic=NONE, characters=NONE, scribbles=NONE)
    _, redrawn = training_data(folder, 0, only_pen).sources
    _, still = training_data(folder, 0, replace(only_pen, redrawing=None)).sources
    assert np.array_equal(redrawn.data.labels, still.data.labels)
    assert np.array_equal(redrawn.data.glyphs[::2], still.data.glyphs[::2])
    assert np.array_equal(still.data.glyphs[::2], still.data.glyphs[1::2])
    assert not np.array_equal(redrawn.data.glyphs[1::2], still.data.glyphs[1::2])


def test_a_fold_learns_from_nobody_it_is_measured_on(folder):
    held_out = frozenset({"tra03", "tra07"})
    only_pen = replace(TINY, pen=Amount(1, 300), synthetic=NONE, characters=NONE, scribbles=NONE)
    data = fold_data(folder, 0, held_out, only_pen)
    training = {glyph.tobytes() for glyph in data.sources[1].data.glyphs}
    measured = pen_digits(folder, held_out)
    for part in (measured, data.validation["pen"]):
        assert sum(glyph.tobytes() in training for glyph in part.glyphs) <= len(part) * 0.01
    total = len(data.sources[1].data) + len(data.validation["pen"]) + len(measured)
    assert total == len(list(read_strokes(folder / "pen" / "digits.ndjson.gz")))


@pytest.mark.parametrize("alphabets", [TEST_ALPHABETS | VALIDATION_ALPHABETS, TEST_ALPHABETS])
def test_no_alphabet_that_is_held_out_is_learnt_from(folder, alphabets):
    only_characters = replace(
        TINY,
        pen=NONE,
        synthetic=NONE,
        scribbles=NONE,
        redrawing=None,
        held_out=HeldOut(alphabets=alphabets),
    )
    _, learned = training_data(folder, 0, only_characters).sources
    training = {glyph.tobytes() for glyph in learned.data.glyphs}
    for alphabet in TEST_ALPHABETS | VALIDATION_ALPHABETS:
        measured = characters(folder, frozenset({alphabet}), lookalikes=False).glyphs
        seen = sum(glyph.tobytes() in training for glyph in measured)
        # Two hands draw a simple character alike now and then.
        assert seen <= len(measured) * 0.01 if alphabet in alphabets else seen == len(measured)


@pytest.mark.parametrize("ingredients", [Ingredients(), SECOND, THIRD])
def test_every_cycle_holds_the_test_data_out(ingredients):
    held_out = ingredients.held_out
    assert held_out.alphabets >= TEST_ALPHABETS
    assert held_out.writers >= TEST_WRITERS | VALIDATION_WRITERS
    assert held_out.sites >= TEST_SITES | VALIDATION_SITES
    assert held_out.signs >= TEST_SIGNS | VALIDATION_SIGNS
    assert held_out.symbols == {"validation", "test"}


def test_no_site_and_no_sign_is_in_two_parts(folder):
    assert not TEST_SITES & VALIDATION_SITES
    assert not TEST_SIGNS & VALIDATION_SIGNS
    digits = read_drawings(folder, "unipen")
    counts = Counter(site_of(one.writer) for one in digits)
    assert set(LARGE_SITES) == {site for site, count in counts.items() if count >= 250}
    assert {one.word for one in read_drawings(folder, "letters")} == set(SIGNS)
    test, validation = symbols_of(folder, "test"), symbols_of(folder, "validation")
    assert not test & validation
    assert len(test) == len(validation) == 70


def test_nothing_is_learnt_from_sites_and_signs_that_are_held_out(folder):
    few = replace(
        TINY,
        pen=NONE,
        unipen=Amount(1, 100),
        synthetic=NONE,
        letters=Amount(1, 100),
        characters=NONE,
        symbols=Amount(1, 100),
        scribbles=NONE,
        redrawing=None,
    )
    data = training_data(folder, 0, few)
    _, unipen, letters, symbols = (
        {glyph.tobytes() for glyph in source.data.glyphs} for source in data.sources
    )
    held_out = outlier_families(folder, "test", 1, 20)
    for learned, measured in (
        (unipen, unipen_digits(folder, TEST_SITES)),
        (unipen, data.validation["unipen"]),
        (letters, held_out["letters"]),
        (letters, held_out["new_letters"]),
        (symbols, held_out["symbols"]),
    ):
        seen = sum(glyph.tobytes() in learned for glyph in measured.glyphs)
        # Bars and crosses look alike whoever draws them.
        assert seen <= len(measured) * 0.01


def test_at_most_three_in_a_hundred_of_a_site_are_fragments(folder):
    every = Counter(site_of(one.writer) for one in read_drawings(folder, "unipen"))
    fragments = Counter(
        site_of(one.writer) for one in read_drawings(folder, "unipen") if one.is_fragment
    )
    assert fragments["ibm"] > 20
    for site, count in fragments.items():
        assert count <= 0.03 * every[site], site


def test_pieces_of_digits_are_unlike_digits(folder):
    families = outlier_families(folder, "validation", 3, 60)
    assert len(families["merged"]) == len(families["cut"]) == 60
    for name in ("merged", "cut"):
        assert (families[name].labels == OUTLIER).all()
        again = outlier_families(folder, "validation", 3, 60)[name]
        assert np.array_equal(families[name].glyphs, again.glyphs)
