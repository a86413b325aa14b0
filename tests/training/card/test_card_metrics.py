import numpy as np
import pytest
import torch

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset
from digitpad.recognition.cost import prediction_times
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import ModelInfo
from training.card.datasets import CardDatasets
from training.card.metrics import auroc, model_metrics, reliability


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
            "pen_turned": marked([7, 8, 9, 9], [7, 8, 9, 6]),
            "unipen": marked([3], [3]),
            "unipen_raw": marked([3, 3], [3, 4]),
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
    assert found["harder_ece"] == found["pen_turned_ece"] == pytest.approx(0.25, abs=1e-3)
    assert found["harder_rejected"] == 0.0
    assert found["unipen_raw_accuracy"] == 0.5
    assert "unipen_raw_ece" not in found
    assert "letters_told_apart" not in found


def test_drawings_of_no_digit_are_told_from_digits_of_all_pens(model):
    flat, sure = marked([20], [OUTLIER]), marked([1], [OUTLIER])
    digits = {"mnist": marked([20], [0]), "pen": marked([1], [1]), "unipen": marked([20], [0])}
    found = model_metrics(model, CardDatasets(digits, {"flat": flat, "sure": sure}))
    # As sure as the pen's digit, surer than UNIPEN's; MNIST's does not count.
    assert found["flat_auroc"] == 0.75
    assert found["sure_auroc"] == 0.25


def test_pairs_in_order_are_counted():
    assert auroc(np.array([3.0, 2.0]), np.array([1.0, 2.0])) == 0.875


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
