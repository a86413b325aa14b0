"""The container of labelled glyphs: sound, and split and chosen as ever."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset, Source, TrainingData, choose
from digitpad.errors import DigitpadError


def made_up(count: int = 300, **changes: object) -> Dataset:
    random = np.random.default_rng(11)
    values: dict[str, object] = {
        "glyphs": random.integers(0, 256, (count, 28, 28), dtype=np.uint8),
        "labels": random.permutation(np.arange(count) % 10),
        "classes": DIGITS,
        "title": "Made up",
    }
    return Dataset(**(values | changes))  # type: ignore[arg-type]


def digest(*datasets: Dataset) -> str:
    found = hashlib.sha256()
    for dataset in datasets:
        for array in (dataset.glyphs, dataset.labels):
            found.update(f"{array.dtype}{array.shape}".encode())
            found.update(array.tobytes())
    return found.hexdigest()[:16]


@pytest.mark.parametrize(
    "change",
    [
        {"glyphs": np.zeros((300, 28, 27), np.uint8)},
        {"glyphs": np.zeros((300, 28, 28), np.float32)},
        {"labels": np.zeros(299, np.int64)},
        {"labels": np.zeros(300, np.int32)},
        {"labels": np.full(300, 10, np.int64)},
        {"labels": np.full(300, -2, np.int64)},
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        made_up(**change)


def test_it_knows_its_sizes() -> None:
    assert len(made_up()) == 300
    assert made_up().counts() == (30,) * 10
    with_outliers = made_up(4, labels=np.array([OUTLIER, 2, 2, OUTLIER]))
    assert with_outliers.counts() == (0, 0, 2, 0, 0, 0, 0, 0, 0, 0)
    assert made_up(0).counts() == (0,) * 10


def test_a_slice_and_the_tensors_copy_nothing() -> None:
    dataset = made_up()
    glyphs, labels = dataset.take(slice(10)).tensors()
    assert (glyphs.shape, glyphs.dtype, labels.dtype) == ((10, 28, 28), torch.uint8, torch.int64)
    dataset.glyphs[3, 4, 5] = 77
    assert glyphs[3, 4, 5] == 77


# What the first version of Digitpad drew: runs on disk are resumed with the same splits.
@pytest.mark.parametrize(
    ("seed", "split", "sample"),
    [(0, "906a34b454e2be59", "4dd56a4b42f3eacc"), (5, "2631c5642b8fba87", "f9e50f06018bf577")],
)
def test_splits_and_samples_are_those_of_earlier_versions(
    seed: int, split: str, sample: str
) -> None:
    dataset = made_up()
    assert digest(*dataset.split(0.13, seed + 1)) == split
    assert digest(dataset.sample(31, seed)) == sample


@pytest.mark.parametrize(("seed", "taken"), [(0, "da9ae099dad63bb8"), (5, "f11363c64975982c")])
def test_choices_are_those_of_earlier_versions(seed: int, taken: str) -> None:
    dataset = made_up()
    assert digest(dataset.take(choose(dataset.labels, 57, seed))) == taken


def test_a_split_takes_the_same_share_of_each_class_and_loses_nothing() -> None:
    labels = np.array([0] * 100 + [1] * 40 + [2] * 2)
    glyphs = np.arange(142, dtype=np.uint8)[:, None, None].repeat(28, 1).repeat(28, 2)
    dataset = Dataset(glyphs, labels, ("a", "b", "c"), "Made up")
    training, validation = dataset.split(0.1, seed=4)
    assert validation.counts() == (10, 4, 1)
    found = np.sort(np.concatenate([training.glyphs, validation.glyphs])[:, 0, 0])
    assert np.array_equal(found, np.arange(142, dtype=np.uint8))
    again = dataset.split(0.1, seed=4)[1]
    assert np.array_equal(again.glyphs, validation.glyphs)
    assert not np.array_equal(dataset.split(0.1, seed=5)[1].glyphs, validation.glyphs)


def test_a_class_of_one_drawing_is_refused() -> None:
    dataset = Dataset(np.zeros((3, 28, 28), np.uint8), np.array([0, 0, 1]), ("a", "b"), "Few")
    with pytest.raises(DigitpadError) as caught:
        dataset.split(0.5, seed=0)
    assert caught.value.fields == {"source": "Few", "name": "b", "count": 1}


def test_an_epoch_takes_what_its_sources_give() -> None:
    sources = (Source(made_up(50)), Source(made_up(), 70), Source(made_up(20), 70))
    assert [source.size for source in sources] == [50, 70, 20]
    assert TrainingData(DIGITS, sources).epoch_size == 140
