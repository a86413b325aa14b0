import numpy as np
import pytest
import torch

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset
from digitpad.recognition.cost import prediction_times
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from training.card.datasets import CardDatasets
from training.card.metrics import model_metrics, reliability


class Brightest(torch.nn.Module):
    """Reads the place of the brightest pixel of a glyph's first row; an even row reads as 0."""

    def forward(self, glyphs: torch.Tensor) -> torch.Tensor:
        return 10.0 * glyphs[:, 0, 0, :10]


def marked(places: list[int], labels: list[int]) -> Dataset:
    """Glyphs with a pixel at these places; below 0 without ink."""
    glyphs = np.zeros((len(places), 28, 28), np.uint8)
    for glyph, place in zip(glyphs, places, strict=True):
        if place >= 0:
            glyph[0, place] = 255
    return Dataset(glyphs, np.array(labels, dtype=np.int64), DIGITS)


@pytest.fixture
def model() -> Model:
    return Model(ModelInfo("Made up", "made up", tuple("0123456789")), Brightest())


@pytest.fixture
def sets() -> CardDatasets:
    flat = marked([20, 20], [OUTLIER, OUTLIER])
    return CardDatasets(
        {
            "mnist": marked([1, 2, 3, 4], [1, 2, 3, 5]),
            "pen": marked([7, 8], [7, 8]),
            "picture_large": marked([1, -1], [1, 0]),
        },
        {"scribbles": flat},
    )


def test_metrics_of_every_set(model, sets):
    found = model_metrics(model, sets)
    assert found["mnist_accuracy"] == 0.75
    assert found["pen_accuracy"] == 1.0
    assert found["mnist_ece"] == pytest.approx(0.25, abs=1e-3)
    assert found["pen_rejected"] == 0.0
    assert found["scribbles_auroc"] == 1.0
    assert found["scribbles_accepted"] == 1.0  # nothing is refused by a threshold of 0
    assert "picture_large_nll" not in found


def test_a_picture_without_ink_is_misread(model, sets):
    # An empty glyph would be read as 0, which the second one is.
    assert model_metrics(model, sets)["picture_large_accuracy"] == 0.5


def test_reliability_counts_every_drawing_once(model, sets):
    bins = reliability(model, sets.digits["mnist"])
    assert [part.count for part in bins] == [0] * 14 + [4]
    assert bins[-1].accuracy == 0.75
    assert bins[-1].confidence > 0.99


def test_times_leave_the_threads_as_they_were(model):
    threads = torch.get_num_threads()
    times = prediction_times({"one": model, "two": model})
    assert set(times) == {"one", "two"}
    assert min(times.values()) > 0
    assert torch.get_num_threads() == threads
