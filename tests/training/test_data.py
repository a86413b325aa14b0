import os
from pathlib import Path

import pytest
import torch

from digitpad.ink.strokefile import read_strokes
from digitpad.learning.data import OUTLIER
from training.data import (
    PEN_WRITERS,
    TEST_ALPHABETS,
    TEST_WRITERS,
    VALIDATION_ALPHABETS,
    VALIDATION_WRITERS,
    mnist_only,
    validation_others,
)
from training.data import test_data as held_out_data

pytestmark = pytest.mark.data


@pytest.fixture
def folder() -> Path:
    place = os.environ.get("DIGITPAD_TEST_DATA")
    if not place:
        pytest.skip("DIGITPAD_TEST_DATA names no folder with MNIST and pen strokes")
    return Path(place)


def test_nobody_is_in_two_parts(folder):
    assert not TEST_WRITERS & VALIDATION_WRITERS
    assert not TEST_ALPHABETS & VALIDATION_ALPHABETS
    writers = {record.writer for record in read_strokes(folder / "pen" / "digits.ndjson.gz")}
    assert writers > TEST_WRITERS | VALIDATION_WRITERS
    assert len(writers) == PEN_WRITERS == 30


def test_the_held_out_parts_have_their_sizes(folder):
    test = held_out_data(folder)
    assert (len(test.mnist), len(test.pen)) == (10_000, 1248)
    assert set(test.mnist.labels.tolist()) == set(range(10))
    assert len(test.others) == 24 * 20
    others = validation_others(folder)
    assert len(others) == 26 * 20
    assert (others.labels == OUTLIER).all()


def test_validation_digits_are_not_among_the_training_digits(folder):
    data = mnist_only(folder)
    training = {bytes(glyph.numpy()) for glyph in data.sources[0].data.glyphs}
    validation = data.validation["mnist"].glyphs
    assert len(data.sources[0].data) + len(validation) == 60_000
    assert not any(bytes(glyph.numpy()) in training for glyph in validation)
    assert torch.equal(data.validation["pen"].labels.unique(), torch.arange(10))
