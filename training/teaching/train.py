"""Trains the models of the folds that have none yet: `python -m training.teaching.train`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from digitpad.errors import DigitpadError
from training.recipe.trials import model_file, run_jobs, run_trial
from training.teaching.folds import folds
from training.teaching.measure import SEED, WORK


def main(arguments: list[str] | None = None) -> int:
    """Train what is missing; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.teaching.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument("--workers", type=int, default=1, help="trainings at a time")
    chosen = parser.parse_args(arguments)
    recipes = [fold.recipe for fold in folds()]
    missing = [one for one in recipes if not model_file(WORK, one, SEED).exists()]
    jobs = [(one, SEED, chosen.data, model_file(WORK, one, SEED)) for one in missing]
    try:
        run_jobs(run_trial, jobs, chosen.workers)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
