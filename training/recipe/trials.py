"""One training of a recipe, from data to a calibrated model file with its validation figures."""

from __future__ import annotations

import copy
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, Never

import torch
from tqdm import tqdm

from digitpad.errors import DigitpadError
from digitpad.learning.events import BatchDone, EpochDone, Finished, Started
from digitpad.learning.loop import Training
from digitpad.learning.result import make_model
from digitpad.recognition.model_file import load_model, save_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from torch import nn

    from training.recipe.recipes import Recipe


def run_trial(recipe: Recipe, seed: int, data_folder: Path, target: Path) -> None:
    """Train once and write the model; its metrics are those of the validation data.

    Args:
        recipe: what to do. The model of its first cycle is made, too, unless it is there.
        seed: of the training.
        data_folder: holds ``mnist`` and ``pen``.
        target: of the model; that of the first cycle lies beside it.

    Raises:
        DigitpadError: data is missing or damaged, a file cannot be read or written, or the loss is
            no longer a number.
    """
    start: nn.Module | None = None
    origin: dict[str, Any] = {"recipe": recipe.name, "training_seconds": 0}
    if recipe.first is not None:
        before = model_file(target.parent, recipe.first, seed)
        if not before.exists():
            run_trial(recipe.first, seed, data_folder, before)
        first = load_model(before)
        start = first.network
        origin["training_seconds"] = first.info.origin["training_seconds"]
        earlier = first.info.origin
        origin["first_config"] = earlier.get("first_config", earlier["config"])
        if "first_config" in earlier:
            origin["second_config"] = earlier["config"]
    began = time.monotonic()
    data = recipe.data(data_folder, seed)
    config = recipe.seeded(seed)
    training = Training(config, data, network=start)
    bar: tqdm[Never] = tqdm(desc=f"{recipe.name} seed {seed}", unit="batch", smoothing=0.05)
    with bar:
        for event in training:
            match event:
                case Started(epochs=epochs, batches_per_epoch=batches):
                    bar.reset(total=epochs * batches)
                case BatchDone():
                    bar.update()
                case EpochDone(epoch=epoch, metrics={"loss": loss}):
                    validation = training.validation.items()
                    figures = ", ".join(f"{k} {v.accuracy:.2%}" for k, v in validation)
                    bar.write(f"{recipe.name} {seed}: epoch {epoch}, loss {loss:.4f}, {figures}")
                case Finished(outcome="diverged", notice=notice):
                    raise notice or DigitpadError("The loss is no longer a number.")
    # Not the best epoch: where so little separates them, that would be luck.
    network = copy.deepcopy(training.network()).cpu().eval()
    origin["training_seconds"] += round(time.monotonic() - began)
    save_model(
        make_model(
            recipe.title,
            network,
            config,
            data,
            origin,
            rejected_share=recipe.rejected_share,
            most_rejected=recipe.rejected_share,
        ),
        target,
    )


def model_file(folder: Path, recipe: Recipe, seed: int) -> Path:
    """Where the model of one training lies."""
    return folder / f"{recipe.name}-{seed}.safetensors"


def run_jobs(function: Callable[..., None], jobs: Sequence[tuple[Any, ...]], workers: int) -> None:
    """Call a function with the arguments of each job, which is a training.

    Args:
        function: of a module, so that another process finds it by its name.
        jobs: arguments that can be handed to another process.
        workers: jobs at a time; up to 1 they run one after the other in this process. Several get
            a process with one thread each: two trainings on a core each take less time than one
            after the other on two.
    """
    if workers <= 1:
        for job in jobs:
            function(*job)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, context, initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        for future in [pool.submit(function, *job) for job in jobs]:
            future.result()
