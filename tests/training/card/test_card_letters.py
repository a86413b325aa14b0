import numpy as np
import pytest
import torch
from torch import nn

from digitpad.data.dataset import Dataset
from digitpad.recognition.layers import Network
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from digitpad.recognition.networks import Ensemble
from training.card.letters import told_apart


class FirstRow(Network):
    """Its features are a glyph's first row, in a certain order."""

    def __init__(self, places: list[int]) -> None:
        super().__init__(head=nn.Sequential(nn.Flatten(), nn.Linear(len(places), 10)))
        self.places = places

    def embed(self, glyphs: torch.Tensor) -> torch.Tensor:
        return glyphs[:, 0, 0, self.places] - glyphs[:, 0, 0, self.places].min()


@pytest.fixture
def letters() -> Dataset:
    """A letter is where its ink is, and how much of it says nothing."""
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(3), 6)
    glyphs = np.zeros((18, 28, 28), np.uint8)
    glyphs[np.arange(18), 0, labels] = random.integers(40, 255, 18)
    return Dataset(glyphs, labels, ("a", "b", "c"))


def model(network: nn.Module) -> Model:
    return Model(ModelInfo("Made up", "made up", tuple("0123456789")), network)


def test_what_features_show_is_told_apart(letters):
    assert told_apart(model(FirstRow([0, 1, 2])), letters) == 1.0


def test_what_features_do_not_show_is_not(letters):
    # Of a heap one letter is right.
    assert told_apart(model(FirstRow([5, 6, 7])), letters) == pytest.approx(1 / 3)


def test_members_of_an_ensemble_show_their_features_side_by_side(letters):
    first, second = FirstRow([0, 5, 6]), FirstRow([1, 2, 8])
    together = told_apart(model(Ensemble([first, second], [1.0, 1.0])), letters)
    assert together == 1.0
    assert told_apart(model(first), letters) < 1.0


def test_a_network_without_features_is_not_measured(letters):
    assert told_apart(model(nn.Identity()), letters) is None
