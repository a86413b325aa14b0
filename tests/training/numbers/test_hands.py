from itertools import islice

import numpy as np
import pytest
from shared_data import shared_folder

from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path
from digitpad.recognition.recognizer import Recognizer
from training.numbers.compose import compose
from training.numbers.hands import NUMBER_SITES, part_of_site, read_hands
from training.numbers.others import read_others
from training.recipe.drawings import plain_glyphs
from training.recipe.splits import (
    TEST_SITES,
    TEST_WRITERS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
    site_of,
)


def test_people_who_wrote_the_real_numbers_are_in_no_part():
    assert {part_of_site(f"{site}/somebody") for site in NUMBER_SITES} == {None}


@pytest.mark.data
def test_no_writer_is_in_two_parts():
    folder = shared_folder()
    train, validation, test = (
        {hand.writer for hand in read_hands(folder, part)}
        for part in ("train", "validation", "test")
    )
    assert not train & validation
    assert not train & test
    assert not validation & test
    held_out = TEST_WRITERS | VALIDATION_WRITERS
    sites = TEST_SITES | VALIDATION_SITES | NUMBER_SITES
    assert all(name not in held_out and site_of(name) not in sites for name in train)
    assert {name for name in test if "/" not in name} == TEST_WRITERS
    assert {site_of(name) for name in test if "/" in name} == TEST_SITES
    assert {name for name in validation if "/" not in name} == VALIDATION_WRITERS
    assert {site_of(name) for name in validation if "/" in name} == VALIDATION_SITES


@pytest.mark.data
def test_no_symbol_is_in_two_parts():
    folder = shared_folder()
    train, validation, test = (
        {stroke.points.tobytes() for one in read_others(folder, part) for stroke in one.strokes}
        for part in ("train", "validation", "test")
    )
    # Short strokes such as dots are the same wherever they were drawn.
    for one, other in ((train, validation), (train, test), (validation, test)):
        assert all(len(points) <= 16 * 12 for points in one & other)


@pytest.mark.data
def test_the_bundled_model_reads_the_true_parts():
    numbers = list(islice(compose(read_hands(shared_folder()), 0), 60))
    drawings = [one.true_drawing(at) for one in numbers for at in range(len(one.parts))]
    texts = [part.text for one in numbers for part in one.parts]
    predictions = Recognizer(load_model(bundled_model_path())).predict(plain_glyphs(drawings))
    right = [one.text == text for one, text in zip(predictions, texts, strict=True)]
    assert np.mean(right) > 0.98
