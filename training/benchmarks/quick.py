"""From the first step of the preset Quick to 99.0 and 99.4 % of MNIST, beside a public recipe."""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.data.dataset import DIGITS, Source, TrainingData
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.events import EpochDone
from digitpad.learning.loop import Training
from digitpad.learning.validation import validate as score
from digitpad.recognition.model_info import Normalisation
from training.benchmarks.process import run_part
from training.benchmarks.public_recipe import public_recipe
from training.recipe.data import mnist

if TYPE_CHECKING:
    from digitpad.data.dataset import Dataset

SEEDS = 5
GOALS = (0.990, 0.994)


def measure(data: Path | None) -> dict[str, Any]:
    """Seconds of training alone, means over seeds; a goal is reached at the end of an epoch.

    Each training runs in a process of its own, the two programs by turns. Both learn from all of
    MNIST's training file and are measured on its test file, which chooses nothing here: the
    settings were chosen on the last 5000 digits of the training file.

    Raises:
        DigitpadError: there is no MNIST.
    """
    if data is None:
        raise DigitpadError("The time to 99 % needs MNIST: name its folder with --data.")
    recipe_seconds, recipe_accuracies = [], []
    curves: list[list[tuple[float, float]]] = []
    for seed in range(SEEDS):
        ((seconds, accuracy),) = _run("public", data, seed)
        recipe_seconds.append(seconds)
        recipe_accuracies.append(accuracy)
        curves.append(_run("quick", data, seed))
    recipe = statistics.mean(recipe_seconds)
    figures: dict[str, Any] = {
        "seeds": SEEDS,
        "public recipe: time (s)": recipe,
        "public recipe: accuracy (%)": 100 * statistics.mean(recipe_accuracies),
    }
    for goal in GOALS:
        times = [next((t for t, accuracy in curve if accuracy >= goal), None) for curve in curves]
        reached = [seconds for seconds in times if seconds is not None]
        title = f"Quick to {100 * goal:.1f} %"
        figures[f"{title}: seeds that reach it"] = len(reached)
        if reached:
            figures[f"{title}: time, mean of these (s)"] = statistics.mean(reached)
            figures[f"{title}: time / public recipe"] = statistics.mean(reached) / recipe
    for epoch, points in enumerate(zip(*curves, strict=True), start=1):
        seconds, accuracy = (statistics.mean(values) for values in zip(*points, strict=True))
        figures[f"Quick after epoch {epoch}: time / public recipe, accuracy (%)"] = (
            f"{seconds / recipe:.2f}, {100 * accuracy:.3f}"
        )
    return figures


def _run(program: str, data: Path, seed: int) -> list[tuple[float, float]]:
    """Points of seconds and accuracy."""
    points = run_part("training.benchmarks.quick", program, data, seed)
    return [(seconds, accuracy) for seconds, accuracy in points]


def _main(program: str, data: Path, seed: int) -> None:
    whole, test = mnist(data, "train"), mnist(data, "test")
    if program == "quick":
        points = _curve(whole, test, seed)
    else:
        network, seconds = public_recipe(*whole.tensors(), seed)
        points = [(seconds, score(network, test, Normalisation()).accuracy)]
    print(json.dumps(points))


def _curve(whole: Dataset, test: Dataset, seed: int) -> list[tuple[float, float]]:
    """Seconds of training and accuracy on the test file, after each epoch."""
    config = replace(PRESETS["quick"].config, seed=seed)
    points = []
    seconds = 0.0
    training = Training(config, TrainingData(DIGITS, (Source(whole),)))
    for event in training:
        if isinstance(event, EpochDone):
            seconds += event.seconds
            points.append((seconds, score(training.network(), test, Normalisation()).accuracy))
    return points


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
