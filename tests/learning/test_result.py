import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sentences import raises_error

from digitpad.data.dataset import OUTLIER, Dataset, Source, TrainingData
from digitpad.learning import result
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.loop import Training
from digitpad.learning.result import make_model, save_checked
from digitpad.learning.validation import validate
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_info import Calibration, Normalisation, read_model_info
from digitpad.recognition.networks import build_network
from digitpad.recognition.recognizer import Recognizer

OPTIONS = {"widths": (2, 2, 2, 2)}
CONFIG = TrainingConfig(options=OPTIONS, seed=4, epochs=1, batch_size=32)


def halves(count: int, seed: int = 0) -> Dataset:
    """Ink on the left is class 0, on the right class 1; a few lie."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 2, (count,), generator=random)
    glyphs = torch.randint(0, 120, (count, 28, 28), generator=random, dtype=torch.uint8)
    for i, label in enumerate(labels.tolist()):
        glyphs[i, 4:24, 4 + 12 * label : 12 + 12 * label] += 100
    lies = torch.rand(count, generator=random) < 0.1
    labels = torch.where(lies, 1 - labels, labels)
    return Dataset(glyphs.numpy(), labels.numpy(), ("left", "right"))


def data(**validation: Dataset) -> TrainingData:
    return TrainingData(("left", "right"), (Source(halves(256)),), validation)


@pytest.fixture(scope="module")
def network():
    training = Training(CONFIG, data(halves=halves(50, 1)))
    for _ in training:
        pass
    return training.best_network()


def test_a_model_is_measured_calibrated_and_has_its_story(network):
    sets = {"first": halves(400, 2), "second": halves(300, 3)}
    model = make_model("Halves", network, CONFIG, data(**sets), {"run": "Halves 1"})
    info = model.info
    assert (info.name, info.architecture, info.classes) == ("Halves", "padnet", ("left", "right"))
    for name, part in sets.items():
        score = validate(network, part, Normalisation())
        figures = info.metrics["validation"][name]
        assert figures == {"accuracy": score.accuracy, "loss": score.loss}
    assert info.calibration != Calibration()
    assert info.origin["run"] == "Halves 1"
    assert info.origin["seed"] == 4
    assert TrainingConfig.from_json(info.origin["config"]).seed == 4
    assert {"date", "digitpad", "torch", "threads"} <= set(info.origin)


def test_a_model_knows_what_teaching_must_not_forget(network, tmp_path):
    model = make_model("Halves", network, CONFIG, data(first=halves(400, 2)), {})
    written = model.statistics
    assert written is not None
    assert set(written.logits.argmax(dim=1).tolist()) == {0, 1}
    read = save_checked(model, tmp_path / "m.safetensors").statistics
    assert read is not None
    tensors = written.tensors()
    assert tensors.keys() == read.tensors().keys()
    assert all(torch.equal(tensors[name], one) for name, one in read.tensors().items())


def test_the_configuration_in_a_model_of_version_0_1_can_be_read():
    path = Path(__file__).parents[1] / "files" / "v0.1" / "model.safetensors"
    config = TrainingConfig.from_json(read_model_info(path).origin["config"])
    assert (config.architecture, config.epochs, config.seed) == ("surenet", 2, 4)
    assert (config.warm_start, config.monitor, config.ema_steps) == (None, "accuracy", 0)


def test_the_calibration_makes_confidence_mean_what_it_says(network):
    model = make_model("Halves", network, CONFIG, data(halves=halves(2000, 4)), {})
    fresh = halves(2000, 5)
    predictions = Recognizer(model).predict(fresh.glyphs)
    sure = sum(prediction.confidence for prediction in predictions) / len(predictions)
    accuracy = validate(network, fresh, Normalisation()).accuracy
    assert sure == pytest.approx(accuracy, abs=0.03)
    refused = sum(prediction.rejected for prediction in predictions) / len(predictions)
    assert refused < 0.03


def test_outliers_are_left_out(network):
    clean = halves(400, 2)
    noise = Dataset(
        torch.randint(0, 256, (100, 28, 28), dtype=torch.uint8).numpy(),
        np.full(100, OUTLIER),
        clean.classes,
    )
    both = Dataset(
        np.concatenate([clean.glyphs, noise.glyphs]),
        np.concatenate([clean.labels, noise.labels]),
        clean.classes,
    )
    alone = make_model("A", network, CONFIG, data(part=clean), {}).info
    mixed = make_model("A", network, CONFIG, data(part=both, noise=noise), {}).info
    assert mixed.calibration == alone.calibration
    assert mixed.metrics["validation"]["part"] == alone.metrics["validation"]["part"]


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_few_drawings_calibrate_nothing(network, count, tmp_path):
    model = make_model("Few", network, CONFIG, data(few=halves(count, 6)), {})
    assert model.info.calibration == Calibration()
    assert len(model.info.metrics["validation"]) == (count > 0)
    save_checked(model, tmp_path / "few.safetensors")


def test_a_saved_model_is_read_again(network, tmp_path):
    model = make_model("Halves", network, CONFIG, data(halves=halves(300, 2)), {"n": 1})
    path = tmp_path / "model.safetensors"
    loaded = save_checked(model, path)
    assert json.loads(load_model(path).info.to_json()) == json.loads(model.info.to_json())
    glyphs = halves(20, 7).glyphs
    expected = Recognizer(model).predict(glyphs)
    for first, second in zip(expected, Recognizer(loaded).predict(glyphs), strict=True):
        assert first.probabilities == pytest.approx(second.probabilities, abs=1e-6)


def test_a_file_that_does_not_hold_the_model_is_removed(network, tmp_path, monkeypatch):
    other = build_network("padnet", 2, OPTIONS).eval()
    path = tmp_path / "model.safetensors"
    model = make_model("Halves", network, CONFIG, data(halves=halves(10, 2)), {})

    def reads_another(path):
        read = load_model(path)
        read.network.load_state_dict(other.state_dict())
        return read

    monkeypatch.setattr(result, "load_model", reads_another)
    with raises_error("{path} does not contain what was written", path=path):
        save_checked(model, path)
    assert not path.exists()


def test_weights_that_are_no_numbers_are_not_saved(tmp_path):
    broken = build_network("padnet", 2, OPTIONS).eval()
    with torch.no_grad():
        next(broken.parameters()).fill_(float("nan"))
    model = make_model("Broken", broken, CONFIG, data(), {})
    with raises_error("The model has weights that are not numbers", weight="features.0.weight"):
        save_checked(model, tmp_path / "model.safetensors")
    assert not list(tmp_path.iterdir())
