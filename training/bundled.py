"""Make the bundled model: `python -m training.bundled --data DIR`.

Trains every seed of every recipe that has no model in the work folder yet (so an interrupted run
goes on where it stopped), chooses the seed to ship by validation data, then touches the test data
once and writes the model, its card and the figures. With ``--recipes`` it does so for some of the
recipes, and the figures of the others stay as they are.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from digitpad.errors import DigitpadError
from digitpad.learning.data import OUTLIER
from digitpad.paths import write_atomically
from digitpad.recognition.evaluation import Evaluator
from digitpad.recognition.modelfile import Model, load_model, save_model
from digitpad.recognition.modelinfo import read_model_info
from digitpad.recognition.networks import parameter_count
from digitpad.recognition.recognizer import Recognizer
from training.card import card
from training.data import TestData, test_data, validation_others
from training.recipes import (
    bundled,
    short,
    synthetic,
    tutorial,
    without_outliers,
    without_pen,
    without_redrawing,
    without_synthetic,
)
from training.trials import run_trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.learning.data import GlyphSet
    from digitpad.recognition.evaluation import Evaluation
    from training.recipes import Recipe

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "resources" / "models"
RECIPES = (
    bundled(),
    tutorial(),
    synthetic(),
    short(),
    without_pen(),
    without_synthetic(),
    without_redrawing(),
    without_outliers(),
)
RESULTS = ROOT / "training" / "results" / "bundled.json"


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.bundled", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "training")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each recipe")
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        help="trainings at a time; several get one thread each, which is the most for the time",
    )
    parser.add_argument("--threads", type=int, default=0, help="of torch; 0 leaves its own choice")
    parser.add_argument(
        "--recipes",
        nargs="+",
        choices=[recipe.name for recipe in RECIPES],
        default=[recipe.name for recipe in RECIPES],
        help="which; all",
    )
    parser.add_argument("--only-train", action="store_true", help="stop before the test data")
    chosen = parser.parse_args(arguments)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    try:
        recipes = [recipe for recipe in RECIPES if recipe.name in chosen.recipes]
        trained = _train(recipes, chosen.data, chosen.work, chosen.seeds, chosen.workers)
        if not chosen.only_train:
            _finish(chosen.data, trained)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _train(
    recipes: Sequence[Recipe], data: Path, work: Path, seeds: int, workers: int
) -> dict[str, list[Path]]:
    trained = {
        recipe.name: [work / f"{recipe.name}-{seed}.safetensors" for seed in range(seeds)]
        for recipe in recipes
    }
    wanted = [
        (recipe.name, seed, data, target)
        for recipe in recipes
        for seed, target in enumerate(trained[recipe.name])
        if not target.exists()
    ]
    if workers <= 1:
        for job in wanted:
            _trial(*job)
        return trained
    # Two trainings on a core each take less time than one after the other on two.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, context, initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        for future in [pool.submit(_trial, *job) for job in wanted]:
            future.result()
    return trained


def _trial(name: str, seed: int, data: Path, target: Path) -> None:
    # By name: the data of a recipe is made by a function that cannot be handed to a process.
    recipe = next(recipe for recipe in RECIPES if recipe.name == name)
    run_trial(recipe, seed, data, target)


def _finish(data: Path, trained: dict[str, list[Path]]) -> None:
    models = {name: [load_model(path) for path in paths] for name, paths in trained.items()}
    others = validation_others(data)
    test = test_data(data)
    results: dict[str, Any] = {"recipes": {}}
    if RESULTS.exists():
        results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name, group in models.items():
        runs = [_figures(model, test, others) for model in group]
        results["recipes"][name] = {
            "parameters": parameter_count(group[0].network),
            "config": json.loads(group[0].info.origin["config"]),
            "validation": [model.info.metrics["validation"] for model in group],
            "seconds": [model.info.origin["training_seconds"] for model in group],
            "threads": group[0].info.origin["threads"],
            "runs": runs,
            "mean": {key: float(np.mean([run[key] for run in runs])) for key in runs[0]},
            "std": {key: float(np.std([run[key] for run in runs], ddof=1)) for key in runs[0]}
            if len(runs) > 1
            else None,
        }
    if "bundled" in models:
        own = models["bundled"]
        shipped = results["shipped_seed"] = max(range(len(own)), key=lambda i: _validation(own[i]))
        model = own[shipped]
        model.info.metrics["test"] = results["recipes"]["bundled"]["runs"][shipped]
        save_model(model, MODELS / "bundled.safetensors")
    write_atomically(RESULTS, json.dumps(results, indent=2) + "\n")
    info = read_model_info(MODELS / "bundled.safetensors")
    write_atomically(MODELS / "bundled.md", card(results, info))


def _validation(model: Model) -> float:
    """Mean accuracy over the kinds of validation data; the loss decides between equals."""
    scores = model.info.metrics["validation"].values()
    return float(np.mean([score["accuracy"] - 1e-3 * score["loss"] for score in scores]))


def _figures(model: Model, test: TestData, validation_others: GlyphSet) -> dict[str, float]:
    recognizer = Recognizer(model)
    figures: dict[str, float] = {}
    for kind, digits in (("mnist", test.mnist), ("pen", test.pen)):
        result = _evaluate(recognizer, digits).to_dict()
        for key in ("accuracy", "nll", "ece", "rejected"):
            figures[f"{kind}_{key}"] = result[key]
    for kind, outliers in (("validation_others", validation_others), ("others", test.others)):
        others = _evaluate(recognizer, test.pen, outliers).to_dict()["others"]
        for key in ("auroc", "accepted"):
            figures[f"{kind}_{key}"] = others[key]
    return figures


def _evaluate(recognizer: Recognizer, *sets: GlyphSet) -> Evaluation:
    classes = recognizer.info.classes
    evaluator = Evaluator(classes)
    for data in sets:
        for start in range(0, len(data), 500):
            part = slice(start, start + 500)
            words = [classes[i] if i != OUTLIER else "" for i in data.labels[part].tolist()]
            evaluator.add(words, recognizer.predict(data.glyphs[part].numpy()))
    return evaluator.result()


if __name__ == "__main__":
    sys.exit(main())
