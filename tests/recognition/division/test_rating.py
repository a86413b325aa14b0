"""The network that rates candidates."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.ink.division.views import COLUMNS, LAYERS, ROWS
from digitpad.recognition.division import rating
from digitpad.recognition.division.best import FEATURES
from digitpad.recognition.division.rating import (
    PARTS,
    SEEN,
    RatingNet,
    load_weights,
    looks_of,
    path_of_weights,
    ratings_of,
    read_by_both,
)


@pytest.fixture
def other_weights(tmp_path, monkeypatch):
    """Another file with weights, which is not there yet."""
    path = tmp_path / "rating.safetensors"
    monkeypatch.setattr(rating, "path_of_weights", lambda: path)
    rating._shipped.cache_clear()
    yield path
    rating._shipped.cache_clear()


def views(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, LAYERS, ROWS, COLUMNS), np.uint8)


def test_many_views_are_seen_as_each_alone():
    every = views(300)
    looks = looks_of(list(every))
    assert (looks.shape, looks.dtype) == ((300, SEEN), np.float32)
    for i in (0, 255, 256, 299):
        assert np.allclose(looks_of([every[i]])[0], looks[i], atol=1e-4)


def test_nothing_to_see():
    assert looks_of([]).shape == (0, SEEN)


def test_what_is_shipped_fits_the_features():
    features = np.random.default_rng(1).normal(size=(5, len(FEATURES)))
    rated = ratings_of(looks_of(list(views(5))), features)
    assert (rated.parts.shape, rated.parts.dtype) == ((5, len(PARTS)), np.float64)
    assert rated.digits.shape == (5, len(DIGITS) + 2)
    assert all(np.isfinite(one).all() for one in rated)


def test_what_is_told_of_digits_and_of_other_classes():
    digits = torch.arange(1.0, 13.0).log()[None]
    classes = ("9", "a", "0", "b")
    nothing_known = torch.zeros(1, 4)

    def read(own: torch.Tensor, *trust: float) -> np.ndarray:
        return read_by_both(own, digits, torch.tensor([trust]), classes).exp().numpy()

    # Of 1 + ... + 11; the last one, of what is no whole symbol, tells nothing of classes. What is
    # told of other symbols, "a" and "b" share.
    even = 2**0.3
    told = np.array([[10, 11 * even / 2, 1, 11 * even / 2]]) / (11 + 11 * even)
    assert np.allclose(read(nothing_known, 0.3, 1.0), told)
    own = torch.tensor([[0.1, 0.2, 0.3, 0.4]]).log()
    assert np.allclose(read(own, 1.0, 0.0), [[0.1, 0.2, 0.3, 0.4]])
    nine, other, nought = np.array([10, 11, 1]) ** 2.0 * np.array([0.1, 0.6, 0.3]) ** 0.5
    both = np.array([nine, other / 3, nought, 2 * other / 3])
    assert np.allclose(read(own, 0.5, 2.0), both / both.sum())
    # What is told is never certain.
    digits[0, 9] = 30.0
    told = np.array([[100, even / 2, 1, even / 2]]) / (101 + even)
    assert np.allclose(read(nothing_known, 0.3, 1.0), told)


def test_letters_stay_as_probable_as_the_model_says():
    own = torch.tensor([[0.9, 0.06, 0.04]]).log()
    digits, trust = torch.randn(1, 12), torch.tensor([[0.3, 1.0]])
    assert torch.allclose(read_by_both(own, digits, trust, ("A", "B", "C")), own)


def test_the_shipped_network_is_the_trained_one_without_what_only_training_needs(other_weights):
    torch.manual_seed(0)
    network = RatingNet(3)
    # Statistics other than those it begins with.
    network.train()
    network.look(torch.rand(64, LAYERS, ROWS, COLUMNS))
    network.eval()
    other_weights.write_bytes(save(network.state_dict()))
    some, features = views(4), np.random.default_rng(2).normal(size=(4, 3))
    with torch.inference_mode():
        looks = network.look(torch.from_numpy(some).float() / 255)
        rated = network.rate(looks, torch.from_numpy(features).float())
    shipped = ratings_of(looks_of(list(some)), features)
    for mine, trained in zip(shipped, rated, strict=True):
        assert np.allclose(mine, trained, atol=1e-4)


@pytest.mark.parametrize(
    "content", [None, b"", b"no weights", save({"straight.weight": torch.ones(3)})]
)
def test_without_its_file_there_is_a_sentence(other_weights, content):
    if content is not None:
        other_weights.write_bytes(content)
    with pytest.raises(DigitpadError, match="install it again"):
        load_weights()
    with pytest.raises(DigitpadError, match="install it again"):
        looks_of(list(views(1)))


def test_the_file_is_small():
    assert path_of_weights().stat().st_size < 1_500_000
