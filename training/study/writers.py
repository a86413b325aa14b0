"""How people are read whom a network has never met: `python -m training.study.writers --data DIR`.

All pen writers are dealt into folds. For each fold that has no model in the work folder yet (so an
interrupted run goes on where it stopped) a network is trained without the fold's writers; then
each drawing is read by the network that never saw its writer. Writes the figures, a page about
them and the wall of mistakes. What a person has to say about the mistakes stands in
``writers-note.txt`` beside them and goes into the page; ``--only-report`` writes the page again.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.recognition.evaluation import Evaluator
from digitpad.storage.atomic import write_atomically
from training.recipe.data import fold_data
from training.recipe.drawings import read_drawings as read_pen
from training.recipe.recipes import SHORT, study
from training.study.folds import (
    SEED,
    own_models,
    parse_study,
    read_drawings,
    study_parser,
    train,
    train_all,
    write_page,
)
from training.study.mistakes import wall
from training.study.report import ReadDrawing, report, study_metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from training.recipe.drawings import Labelled
    from training.recipe.recipes import Recipe

FOLDS = 6


@dataclass(frozen=True, slots=True)
class Fold:
    """Writers who are left out together.

    Attributes:
        name: of its training and its model file; it tells one way of dealing from another.
        writers: none of them is trained on.
    """

    name: str
    writers: frozenset[str]

    def recipe(self) -> Recipe:
        """How its network is trained."""
        return replace(
            study(),
            name=self.name,
            title=f"Without {', '.join(sorted(self.writers))}",
            data=lambda folder, seed: fold_data(folder, seed, self.writers, SHORT),
        )

    def model_path(self, work: Path) -> Path:
        """Where its network lies."""
        return work / f"{self.name}.safetensors"


def deal(writers: Iterable[str], folds: int) -> tuple[Fold, ...]:
    """Deal writers into folds at random, always alike.

    Args:
        writers: their names, in any order.
        folds: how many, at least 2; their sizes differ by one at most.

    Raises:
        DigitpadError: there are fewer writers than folds, or fewer than two folds.
    """
    order = sorted(set(writers))
    if not 2 <= folds <= len(order):
        raise DigitpadError(
            "{count} writers cannot be dealt into {folds} folds: take at least 2 folds, and"
            " no more than there are writers.",
            count=len(order),
            folds=folds,
        )
    np.random.default_rng(SEED).shuffle(order)
    return tuple(
        Fold(f"writers-{number + 1}-of-{folds}", frozenset(order[number::folds]))
        for number in range(folds)
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the study; returns the exit code."""
    parser = study_parser("python -m training.study.writers", __doc__)
    parser.add_argument("--folds", type=int, default=FOLDS, help=f"networks; {FOLDS}")
    only = parser.add_mutually_exclusive_group()
    only.add_argument(
        "--only-fold", type=int, metavar="K", help="train this one, from 1, and measure nothing"
    )
    chosen = parse_study(parser, only, arguments)
    if chosen.only_fold is not None and not 1 <= chosen.only_fold <= chosen.folds:
        parser.error(f"--only-fold takes a number from 1 to {chosen.folds}")
    try:
        if chosen.only_report:
            write_page(chosen.results, "writers", report)
            return 0
        drawings = _drawings(chosen.data)
        folds = deal((one.writer for one in drawings), chosen.folds)
        if chosen.only_fold is not None:
            train(folds[chosen.only_fold - 1], chosen.data, chosen.work)
            return 0
        train_all(folds, chosen.data, chosen.work, chosen.workers)
        if not chosen.only_train:
            _measure(drawings, folds, chosen.work, chosen.results)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _drawings(folder: Path) -> list[Labelled]:
    found = read_pen(folder, "pen")
    for one in found:
        if not one.writer:
            raise DigitpadError(
                "It is not known who drew {key} of the pen strokes in {folder}.",
                key=one.key_id,
                folder=folder,
            )
    return found


def _measure(
    drawings: Sequence[Labelled], folds: Sequence[Fold], work: Path, results: Path
) -> None:
    models, config = own_models(folds, work)
    whole = Evaluator(DIGITS)
    entries: list[ReadDrawing] = []
    told: list[dict[str, Any]] = []
    for fold, model in zip(folds, models, strict=True):
        theirs = [one for one in drawings if one.writer in fold.writers]
        found = read_drawings(model, theirs, whole)
        entries += found
        told.append(
            {
                "writers": sorted(fold.writers),
                "accuracy": study_metrics(found)["accuracy"],
                "validation": model.info.metrics["validation"],
                "seconds": model.info.origin["training_seconds"],
            }
        )
    overall = whole.result()
    content = {
        "seed": SEED,
        "config": config,
        "folds": told,
        "ece": overall.ece,
        "nll": overall.nll,
        **study_metrics(entries),
    }
    write_atomically(results / "writers.json", json.dumps(content, indent=1) + "\n")
    write_atomically(results / "writers-wall.svg", wall(entries))
    write_page(results, "writers", report)


if __name__ == "__main__":
    sys.exit(main())
