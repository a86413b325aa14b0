from dataclasses import replace

import numpy as np
import pytest
import torch
from sentences import raises_error

from digitpad.data.dataset import DIGITS, Dataset, Source, TrainingData
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.events import Finished, Started
from digitpad.learning.loop import Training
from digitpad.recognition.model_file import load_model
from training.recipe import trials
from training.recipe.recipes import Recipe
from training.recipe.trials import model_file, run_trial

CONFIG = TrainingConfig(
    data=None, architecture="quicknet", epochs=2, batch_size=10, learning_rate=0.01
)


@pytest.fixture
def data() -> TrainingData:
    random = torch.Generator().manual_seed(0)
    glyphs = torch.randint(0, 256, (40, 28, 28), dtype=torch.uint8, generator=random)
    part = Dataset(glyphs.numpy(), np.arange(40) % 10, DIGITS)
    return TrainingData(tuple("0123456789"), (Source(part),), {"mnist": part})


@pytest.fixture(autouse=True)
def no_monitor(monkeypatch):
    # A thread that would outlive the test.
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)


def test_a_second_cycle_goes_on_from_the_weights_of_the_first(tmp_path, data):
    seeds = []

    def made(_folder, seed):
        seeds.append(seed)
        return data

    first = Recipe("one", "One", CONFIG, made)
    # A rate that moves nothing far.
    still = replace(CONFIG, epochs=1, learning_rate=1e-9, weight_decay=0.0)
    second = Recipe("two", "Two", still, made, first=first)
    target = model_file(tmp_path, second, 3)
    run_trial(second, 3, tmp_path, target)
    assert seeds == [3, 3]
    before, after = load_model(model_file(tmp_path, first, 3)), load_model(target)
    assert after.info.origin["first_config"] == before.info.origin["config"]
    assert after.info.origin["recipe"] == "two"
    assert after.info.origin["training_seconds"] >= before.info.origin["training_seconds"]
    for (name, one), two in zip(
        before.network.named_parameters(), after.network.parameters(), strict=True
    ):
        assert torch.allclose(one, two, atol=1e-6), name
    # What is there is not trained a second time.
    run_trial(second, 3, tmp_path, target)
    assert seeds == [3, 3, 3]
    third = Recipe("three", "Three", replace(still, epochs=2), made, first=second)
    run_trial(third, 3, tmp_path, model_file(tmp_path, third, 3))
    assert seeds == [3, 3, 3, 3]
    origin = load_model(model_file(tmp_path, third, 3)).info.origin
    assert origin["first_config"] == before.info.origin["config"]
    assert origin["second_config"] == after.info.origin["config"]


def test_a_training_that_comes_to_nothing_leaves_no_model(tmp_path, data, monkeypatch):
    class Diverging(Training):
        def __iter__(self):
            yield Started(2, 4, 1, "cpu", 0)
            yield Finished(1, "diverged", DigitpadError("The loss is no longer a number."))

    monkeypatch.setattr(trials, "Training", Diverging)
    with raises_error("The loss is no longer a number."):
        run_trial(
            Recipe("wild", "Wild", CONFIG, lambda *_: data),
            0,
            tmp_path,
            tmp_path / "wild.safetensors",
        )
    assert not list(tmp_path.iterdir())
