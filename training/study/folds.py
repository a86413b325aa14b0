"""What the studies share: people are left out together, and read by a network that never saw them.

For each fold that has no model in the work folder yet (so an interrupted run goes on where it
stopped) a network is trained without its people.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import torch

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from digitpad.storage.atomic import write_atomically
from training.recipe.drawings import plain_glyphs
from training.recipe.trials import run_jobs, run_trial
from training.study.report import ReadDrawing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digitpad.recognition.evaluation import Evaluator
    from digitpad.recognition.model_file import Model
    from training.recipe.drawings import Labelled
    from training.recipe.recipes import Recipe

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "training" / "results"

SEED = 0
"""Of every training."""

_BATCH = 500


class Fold(Protocol):
    """People who are left out together; it can be handed to another process."""

    def recipe(self) -> Recipe:
        """How its network is trained; its title names who is left out."""

    def model_path(self, work: Path) -> Path:
        """Where its network lies."""


def study_parser(prog: str, description: str | None) -> argparse.ArgumentParser:
    """The options that every study has, but for what it does only."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("--data", type=Path, help="folder with mnist/ and pen/")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "training")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for what is found")
    parser.add_argument(
        "--workers", type=int, default=1, help="trainings at a time; several get one thread each"
    )
    parser.add_argument("--threads", type=int, default=0, help="of torch; 0 leaves its own choice")
    return parser


def parse_study(
    parser: argparse.ArgumentParser,
    only: argparse._MutuallyExclusiveGroup,
    arguments: list[str] | None,
) -> argparse.Namespace:
    """Parse, and set the threads.

    Args:
        parser: of `study_parser`.
        only: what it does only, of this parser; it gets the ways that every study has.
        arguments: of the command; None takes those of the process.
    """
    only.add_argument("--only-train", action="store_true", help="train all, and measure nothing")
    only.add_argument("--only-report", action="store_true", help="from the figures that are there")
    chosen = parser.parse_args(arguments)
    if chosen.data is None and not chosen.only_report:
        parser.error("--data is needed")
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    return chosen


def train_all(folds: Sequence[Fold], data: Path, work: Path, workers: int) -> None:
    """Train the networks that are not there, some at a time."""
    run_jobs(train, [(fold, data, work) for fold in folds], workers)


def train(fold: Fold, data: Path, work: Path) -> None:
    """Train a fold's network unless it is there."""
    target = fold.model_path(work)
    if not target.exists():
        run_trial(fold.recipe(), SEED, data, target)


def own_models(folds: Sequence[Fold], work: Path) -> tuple[list[Model], dict[str, Any]]:
    """The networks of all folds, and the configuration that all were trained with.

    Raises:
        DigitpadError: one is of another fold, or was trained in another way than the others.
    """
    models = [_own_model(fold, work) for fold in folds]
    configs = {model.info.origin["config"] for model in models}
    if len(configs) > 1:
        raise DigitpadError(
            "The models of the folds in {work} were not trained alike: remove those of an earlier"
            " recipe.",
            work=work,
        )
    return models, json.loads(configs.pop())


def _own_model(fold: Fold, work: Path) -> Model:
    path = fold.model_path(work)
    model = load_model(path)
    if model.info.name != fold.recipe().title or model.info.classes != DIGITS:
        raise DigitpadError(
            "{path} was trained without other people than those of its fold: remove it.", path=path
        )
    return model


def read_drawings(
    model: Model, drawings: Sequence[Labelled], evaluator: Evaluator
) -> list[ReadDrawing]:
    """Read drawings the way the pad does.

    Args:
        model: reads them.
        drawings: of digits.
        evaluator: takes in what was read; its classes are the model's.
    """
    recognizer = Recognizer(model)
    entries = []
    for start in range(0, len(drawings), _BATCH):
        part = drawings[start : start + _BATCH]
        predictions = recognizer.predict(plain_glyphs([one.drawing for one in part]))
        evaluator.add([one.word for one in part], predictions)
        for one, prediction in zip(part, predictions, strict=True):
            second = prediction.runner_up
            entries.append(
                ReadDrawing(
                    one.drawing,
                    one.key_id,
                    one.writer,
                    one.word,
                    prediction.text,
                    prediction.confidence,
                    prediction.is_sure,
                    None if second is None else prediction.classes[second],
                    prediction.rejected,
                )
            )
    return entries


def write_page(results: Path, name: str, page: Callable[[dict[str, Any], str], str]) -> None:
    """Write a study's page from its figures, and from what a person has to say about them.

    Args:
        results: folder with the figures, and maybe a note.
        name: of the study: "writers" for ``writers.json``, ``writers-note.txt``, ``writers.md``.
        page: makes the page of figures and note.

    Raises:
        DigitpadError: there are no figures.
    """
    note = results / f"{name}-note.txt"
    try:
        figures = json.loads((results / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DigitpadError(
            "There are no figures in {results}: run the study first.", results=results
        ) from None
    text = page(figures, note.read_text(encoding="utf-8") if note.exists() else "")
    write_atomically(results / f"{name}.md", text)
