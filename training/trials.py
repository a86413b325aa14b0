"""One training of a recipe, from data to a calibrated model file with its validation figures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Never

import torch
from tqdm import tqdm

import digitpad
from digitpad.learning.calibrate import fit_calibration
from digitpad.learning.events import BatchDone, EpochDone, Finished, Started
from digitpad.learning.loop import train
from digitpad.learning.measure import logits_of
from digitpad.recognition.modelfile import Model, save_model
from digitpad.recognition.modelinfo import ModelInfo, Normalisation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import nn

    from digitpad.learning.events import Score
    from training.recipes import Recipe


def run_trial(recipe: Recipe, seed: int, data_folder: Path, target: Path) -> None:
    """Train once and write the model; its metrics are those of the validation data."""
    began = time.monotonic()
    data = recipe.data(data_folder, seed)
    config = recipe.seeded(seed)
    network: nn.Module | None = None
    scores: Mapping[str, Score] = {}
    bar: tqdm[Never] = tqdm(desc=f"{recipe.name} seed {seed}", unit="batch", smoothing=0.05)
    with bar:
        for event in train(config, data):
            match event:
                case Started(epochs=epochs, batches_per_epoch=batches):
                    bar.reset(total=epochs * batches)
                case BatchDone():
                    bar.update()
                case EpochDone(epoch=epoch, train_loss=loss, validation=scores):
                    figures = ", ".join(f"{k} {v.accuracy:.2%}" for k, v in scores.items())
                    bar.write(f"{recipe.name} {seed}: epoch {epoch}, loss {loss:.4f}, {figures}")
                case Finished(network=trained):
                    network = trained
    if network is None:
        raise RuntimeError("a training that is not interrupted ends with Finished")
    normalisation = Normalisation()
    calibration = fit_calibration(
        [
            (logits_of(network, part.glyphs, normalisation).clone(), part.labels)
            for part in data.validation.values()
        ]
    )
    info = ModelInfo(
        name=recipe.title,
        architecture=config.architecture,
        options=dict(config.options),
        classes=data.classes,
        normalisation=normalisation,
        calibration=calibration,
        metrics={
            # Of the last epoch, and so of the finished network.
            "validation": {
                name: {"accuracy": score.accuracy, "loss": score.loss}
                for name, score in scores.items()
            }
        },
        origin={
            "recipe": recipe.name,
            "seed": seed,
            "digitpad": digitpad.__version__,
            "torch": torch.__version__.partition("+")[0],
            "threads": torch.get_num_threads(),
            "training_seconds": round(time.monotonic() - began),
            "config": config.to_json(),
        },
    )
    save_model(Model(info, network), target)
