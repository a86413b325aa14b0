"""What a training sees of a dataset: splits, passes, and drawings of no class."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from digitpad.data.dataset import OUTLIER, Dataset
from digitpad.data.progress import Loading
from digitpad.data.synthetic.digits import synthetic_dataset
from digitpad.learning import prepare as preparing
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.loop import Training
from digitpad.learning.prepare import prepare

DIGITS = synthetic_dataset(120, seed=3)


@pytest.fixture(autouse=True)
def _few_of_no_class(monkeypatch):
    monkeypatch.setattr(preparing, "_MOST_OUTLIERS", 180)
    monkeypatch.setattr(preparing, "_HELD_OUT", 40)


def prepared(dataset=DIGITS, **changes):
    config = TrainingConfig(**changes)
    *_, data = prepare(dataset, config)
    return data


def test_an_old_configuration_is_split_as_it_was_and_nothing_is_added():
    data = prepared(seed=4)
    training, validation = DIGITS.split(0.1, 4)
    (source,) = data.sources
    assert (source.passes, source.size, data.no_class) == (1, len(training), None)
    assert np.array_equal(source.data.glyphs, training.glyphs)
    assert np.array_equal(data.validation[DIGITS.title].glyphs, validation.glyphs)


@pytest.mark.parametrize(
    ("of_each", "least", "expected"), [(12, 1, 1), (12, 5, 3), (40, 5, 5), (100, 5, 10), (3, 5, 1)]
)
def test_a_class_keeps_some_drawings_for_validation(of_each, least, expected):
    glyphs = np.random.default_rng(0).integers(0, 255, (2 * of_each, 28, 28), dtype=np.uint8)
    dataset = Dataset(glyphs, np.arange(2 * of_each) % 2, ("a", "b"))
    training, validation = dataset.split(0.1, 0, least)
    assert validation.counts() == (expected, expected)
    assert len(training) + len(validation) == len(dataset)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_takes_some_hundreds_of_steps_for_120_drawings(preset):
    config = PRESETS[preset].config
    *_, data = prepare(DIGITS, config)
    steps = math.ceil(data.epoch_size / config.batch_size)
    assert config.epoch_steps <= steps <= 1.2 * config.epoch_steps
    assert 150 <= steps * config.epochs <= 1200
    assert min(data.validation[DIGITS.title].counts()) >= 3


def test_large_data_is_seen_once_in_an_epoch():
    assert prepared(epoch_steps=3, batch_size=32).sources[0].passes == 1
    assert prepared(epoch_steps=10, batch_size=32).sources[0].passes == 3


def test_drawings_of_no_class_are_mixed_in_by_their_share():
    data = prepared(outlier_share=0.25, epochs=2, epoch_steps=10, batch_size=32)
    known, others = data.sources
    assert others.size == pytest.approx(0.25 * known.size, abs=1)
    assert set(others.data.labels.tolist()) == {OUTLIER}
    learned = {glyph.tobytes() for glyph in others.data.glyphs}
    assert not learned & {glyph.tobytes() for glyph in data.no_class.glyphs}
    again = prepared(outlier_share=0.25, epochs=2, epoch_steps=10, batch_size=32)
    assert np.array_equal(again.sources[1].data.glyphs, others.data.glyphs)
    other_seed = prepared(outlier_share=0.25, epochs=2, epoch_steps=10, batch_size=32, seed=1)
    assert not np.array_equal(other_seed.sources[1].data.glyphs, others.data.glyphs)


def test_drawings_of_no_class_are_announced_as_such():
    config = replace(TrainingConfig(), outlier_share=0.25)
    stages = {event.stage for event in prepare(DIGITS, config) if isinstance(event, Loading)}
    assert stages == {"scribbling"}


def test_an_epoch_has_no_more_of_them_than_its_share():
    data = prepared(outlier_share=0.1, architecture="mlp")
    training = Training(TrainingConfig(architecture="mlp", epochs=1), data)
    for _ in training:
        pass
    order = training.checkpoint().tensors["order"]
    known = len(data.sources[0].data)
    assert int((order >= known).sum()) == round(0.1 * known)
