"""Small data and short trainings for tests of runs; as a program, one to be killed."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import torch

from digitpad.data.choice import DataChoice
from digitpad.data.dataset import Dataset
from digitpad.data.loading import Loaded, Loading
from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.learning.events import BatchDone
from digitpad.learning.runs import training_run
from digitpad.learning.runs.run import Begun, ModelReady, Run
from digitpad.learning.runs.store import RunStore
from digitpad.learning.runs.training_run import RunEvent, TrainingRun
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import ModelStore, bundled_model_path


def bars(count: int, seed: int, classes: tuple[str, ...] = ("flat", "tall")) -> Dataset:
    """Horizontal bars are the first class, vertical ones the second, the others empty fields."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % len(classes)
    glyphs = torch.randint(0, 40, (count, 28, 28), generator=random, dtype=torch.uint8)
    for i, place in enumerate(torch.randint(6, 20, (count,), generator=random).tolist()):
        if labels[i] == 0:
            glyphs[i, place : place + 3, 4:24] = 255
        elif labels[i] == 1:
            glyphs[i, 4:24, place : place + 3] = 255
    return Dataset(glyphs.numpy(), labels.numpy(), classes, "Bars")


def load_bars(choice, folder, seed):
    """In the place of `load_data`."""
    yield Loading("drawing", 0, choice.count, "drawings")
    yield Loaded(bars(choice.count, seed))


@contextmanager
def one_thread_and_bars() -> Generator[None]:
    """Trainings use one thread of torch's, and bars are the data."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with mock.patch.object(training_run, "load_data", load_bars):
            yield
    finally:
        torch.set_num_threads(before)


def config(**changes) -> TrainingConfig:
    """Three epochs of ten steps, with everything that draws random numbers."""
    values = {
        "data": DataChoice("synthetic", count=200),
        "options": {"widths": [2, 2, 2, 2], "dropout": 0.2},
        "epochs": 3,
        "batch_size": 16,
        "learning_rate": 0.01,
        "ema_steps": 5,
        "validation_share": 0.2,
        "augmentation": Augmentation(rotation_degrees=10, translation_px=1),
        "seed": 3,
    }
    return TrainingConfig(**(values | changes))


def stores(folder: Path) -> tuple[RunStore, ModelStore]:
    """The runs and the models in a folder."""
    return RunStore(folder / "runs"), ModelStore(folder / "models", bundled_model_path())


def suspended_run(store: RunStore, config: TrainingConfig, name: str | None = None) -> Run:
    """A run that has not trained yet, as one that was suspended at once."""
    with store.begin(config, name) as run:
        store.set_status(run.id, "suspended")
    return store.get(run.id)


def train(*arguments, **options) -> Generator[RunEvent]:
    """The events of a training run."""
    return TrainingRun(*arguments, **options).events()


def without_seconds(history):
    """A history without what differs from time to time."""
    return [
        [replace(row, seconds=0.0) for row in history.batches],
        history.validations,
        [replace(row, seconds=0.0) for row in history.epochs],
    ]


def outcome(store, ready):
    """All that must not depend on interruptions."""
    assert isinstance(ready, ModelReady)
    run = store.get(ready.run.id)
    assert run == ready.run
    weights = load_model(ready.path).network.state_dict()
    figures = (run.status, run.steps, run.steps_done, run.best_accuracy, run.best_epoch)
    return figures, without_seconds(store.history(run.id)), weights


def same(first, second):
    """Two outcomes are the same, bit for bit."""
    assert first[0] == second[0]
    assert first[1] == second[1]
    assert first[2].keys() == second[2].keys()
    assert all(torch.equal(first[2][key], second[2][key]) for key in first[2])


def main(folder: Path) -> None:
    """Train; print the run and each step."""
    torch.set_num_threads(1)
    training_run.load_data = load_bars
    for event in train(config(), *stores(folder), folder / "data"):
        if isinstance(event, Begun):
            print(event.run.id, flush=True)
        if isinstance(event, BatchDone):
            print(event.step, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
