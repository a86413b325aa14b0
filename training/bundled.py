"""Make the bundled model: `python -m training.bundled --data DIR`.

Trains every seed of every recipe that has no model in the work folder yet (so an interrupted run
goes on where it stopped), chooses the seed to ship by validation data, then touches the test data
once and writes the model, its card and the figures. With ``--recipes`` it does so for some of the
recipes, and the figures of the others stay as they are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from digitpad.errors import DigitpadError
from digitpad.recognition.model_file import load_model
from training.recipe.finish import best_seed, finish
from training.recipe.recipes import (
    bundled,
    shipped,
    short,
    synthetic,
    tutorial,
    without_outliers,
    without_pen,
    without_redrawing,
    without_synthetic,
)
from training.recipe.trials import model_file, run_jobs, run_trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.recipe.recipes import Recipe

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
    parser.add_argument(
        "--ship-all",
        action="store_true",
        help="ship a model of the best seed that learns from the test data of the pens, too",
    )
    parser.add_argument("--only-train", action="store_true", help="stop before the test data")
    chosen = parser.parse_args(arguments)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    try:
        recipes = [recipe for recipe in RECIPES if recipe.name in chosen.recipes]
        trained = _train(recipes, chosen.data, chosen.work, chosen.seeds, chosen.workers)
        if chosen.ship_all and "bundled" in trained:
            best = best_seed([load_model(path) for path in trained["bundled"]])
            target = model_file(chosen.work, shipped(), best)
            if not target.exists():
                run_trial(shipped(), best, chosen.data, target)
            trained["shipped"] = [target]
        if not chosen.only_train:
            finish(chosen.data, chosen.work, trained, MODELS, RESULTS)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _train(
    recipes: Sequence[Recipe], data: Path, work: Path, seeds: int, workers: int
) -> dict[str, list[Path]]:
    trained = {
        recipe.name: [model_file(work, recipe, seed) for seed in range(seeds)] for recipe in recipes
    }
    wanted = [
        (recipe.name, seed, data, target)
        for recipe in recipes
        for seed, target in enumerate(trained[recipe.name])
        if not target.exists()
    ]
    run_jobs(_trial, wanted, workers)
    return trained


def _trial(name: str, seed: int, data: Path, target: Path) -> None:
    # By name: the data of a recipe is made by a function that cannot be handed to a process.
    recipe = next(recipe for recipe in RECIPES if recipe.name == name)
    run_trial(recipe, seed, data, target)


if __name__ == "__main__":
    sys.exit(main())
