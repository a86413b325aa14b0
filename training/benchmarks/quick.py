"""From the first step of the preset Quick to 99.0 and 99.4 % of MNIST, beside a public recipe."""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.data.dataset import DIGITS, TrainingData
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.events import BatchDone, Started
from digitpad.learning.loop import Training
from digitpad.learning.prepare import learnt_from
from digitpad.learning.validation import validate as score
from digitpad.recognition.model_info import Normalisation
from training.benchmarks.process import run_part
from training.benchmarks.public_recipe import public_recipe
from training.recipe.data import mnist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.data.dataset import Dataset
    from digitpad.learning.configuration.config import TrainingConfig

SEEDS = 5
GOALS = (0.990, 0.994)
POINTS = 4
"""How often in an epoch it is looked whether a goal is reached."""

WAYS: Mapping[str, Mapping[str, Any]] = {
    "as shipped": {},
    "without outliers": {"outlier_share": 0.0},
}
"""How the preset is changed."""


def measure(data: Path | None) -> dict[str, Any]:
    """Seconds of training alone, means over seeds; a goal is reached at a quarter of an epoch.

    Each training runs in a process of its own, the programs by turns. All learn from all of
    MNIST's training file and are measured on its test file, which chooses nothing here: the
    settings were chosen on the last 5000 digits of the training file. As shipped, Quick learns
    from drawings of no class as well. The public recipe is measured when it has ended.

    Raises:
        DigitpadError: there is no MNIST.
    """
    if data is None:
        raise DigitpadError("The time to 99 % needs MNIST: name its folder with --data.")
    recipe_seconds, recipe_accuracies = [], []
    curves: dict[str, list[list[tuple[float, float]]]] = {way: [] for way in WAYS}
    for seed in range(SEEDS):
        ((seconds, accuracy),) = _run("public", data, seed)
        recipe_seconds.append(seconds)
        recipe_accuracies.append(accuracy)
        for way in WAYS:
            curves[way].append(_run(way, data, seed))
    recipe = statistics.mean(recipe_seconds)
    figures: dict[str, Any] = {
        "seeds": SEEDS,
        "public recipe: time (s)": recipe,
        "public recipe: accuracy (%)": 100 * statistics.mean(recipe_accuracies),
    }
    for way in WAYS:
        figures |= _figures(f"Quick {way}", curves[way], recipe)
    return figures


def _figures(
    title: str, curves: list[list[tuple[float, float]]], recipe: float
) -> dict[str, float | str]:
    """When the goals are reached, and how accurate it is after each epoch."""
    figures: dict[str, float | str] = {}
    for goal in GOALS:
        times = [_first(goal, curve) for curve in curves]
        reached = [seconds for seconds in times if seconds is not None]
        what = f"{title} to {100 * goal:.1f} %"
        figures[f"{what}: seeds that reach it"] = len(reached)
        if reached:
            figures[f"{what}: time, mean of these (s)"] = statistics.mean(reached)
            figures[f"{what}: time / public recipe"] = statistics.mean(reached) / recipe
            ends = [_first(goal, curve[POINTS - 1 :: POINTS]) for curve in curves]
            at_ends = [seconds for seconds in ends if seconds is not None]
            figures[f"{what}, at the end of an epoch: time / public recipe"] = (
                statistics.mean(at_ends) / recipe if at_ends else "none"
            )
    for number, points in enumerate(zip(*curves, strict=True), start=1):
        seconds, accuracy = (statistics.mean(values) for values in zip(*points, strict=True))
        if number % POINTS == 0:
            figures[
                f"{title} after epoch {number // POINTS}: time / public recipe, accuracy (%)"
            ] = f"{seconds / recipe:.2f}, {100 * accuracy:.3f}"
    return figures


def _first(goal: float, curve: list[tuple[float, float]]) -> float | None:
    return next((seconds for seconds, accuracy in curve if accuracy >= goal), None)


def _run(program: str, data: Path, seed: int) -> list[tuple[float, float]]:
    """Points of seconds and accuracy."""
    points = run_part("training.benchmarks.quick", program, data, seed)
    return [(seconds, accuracy) for seconds, accuracy in points]


def _main(program: str, data: Path, seed: int) -> None:
    whole, test = mnist(data, "train"), mnist(data, "test")
    if program in WAYS:
        points = _curve(replace(PRESETS["quick"].config, seed=seed, **WAYS[program]), whole, test)
    else:
        network, seconds = public_recipe(*whole.tensors(), seed)
        points = [(seconds, score(network, test, Normalisation()).accuracy)]
    print(json.dumps(points))


def _curve(config: TrainingConfig, whole: Dataset, test: Dataset) -> list[tuple[float, float]]:
    """Seconds of training and accuracy on the test file, some times in each epoch."""
    points = []
    seconds = 0.0
    training = Training(config, learn_from_all(config, whole))
    steps = 0
    for event in training:
        if isinstance(event, Started):
            steps = event.batches_per_epoch
        if isinstance(event, BatchDone):
            seconds += event.seconds
            if event.step * POINTS % steps < POINTS:
                points.append((seconds, score(training.network(), test, Normalisation()).accuracy))
    return points


def learn_from_all(config: TrainingConfig, whole: Dataset) -> TrainingData:
    """A dataset as a preset learns from it, with nothing left for validation."""
    preparing = learnt_from(whole, config)
    while True:
        try:
            next(preparing)
        except StopIteration as end:
            sources, _ = end.value
            return TrainingData(DIGITS, sources)


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
