"""How people are read whom a network has never met: `python -m training.study.writers --data DIR`.

All pen writers are dealt into folds. For each fold that has no model in the work folder yet (so an
interrupted run goes on where it stopped) a network is trained without the fold's writers; then
each drawing is read by the network that never saw its writer. Writes the figures, a page about
them and the wall of mistakes. What a person has to say about the mistakes stands in
``writers-note.txt`` beside them and goes into the page; ``--only-report`` writes the page again.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import preprocess_strokes
from digitpad.ink.stroke_file import read_strokes
from digitpad.recognition.evaluation import Evaluator
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from digitpad.storage.atomic import write_atomically
from training.recipe.data import fold_data
from training.recipe.recipes import SHORT, study
from training.recipe.trials import run_jobs, run_trial
from training.study.mistakes import wall
from training.study.report import ReadDrawing, report, study_metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digitpad.ink.stroke_file import StrokeRecord
    from digitpad.recognition.model_file import Model
    from training.recipe.recipes import Recipe

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "training" / "results"

FOLDS = 6
SEED = 0
"""Of the dealing and of every training."""

_BATCH = 500


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
    parser = argparse.ArgumentParser(prog="python -m training.study.writers", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with mnist/ and pen/")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "training")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for what is found")
    parser.add_argument("--folds", type=int, default=FOLDS, help=f"networks; {FOLDS}")
    parser.add_argument(
        "--workers", type=int, default=1, help="trainings at a time; several get one thread each"
    )
    parser.add_argument("--threads", type=int, default=0, help="of torch; 0 leaves its own choice")
    only = parser.add_mutually_exclusive_group()
    only.add_argument(
        "--only-fold", type=int, metavar="K", help="train this one, from 1, and measure nothing"
    )
    only.add_argument("--only-train", action="store_true", help="train all, and measure nothing")
    only.add_argument("--only-report", action="store_true", help="from the figures that are there")
    chosen = parser.parse_args(arguments)
    if chosen.data is None and not chosen.only_report:
        parser.error("--data is needed")
    if chosen.only_fold is not None and not 1 <= chosen.only_fold <= chosen.folds:
        parser.error(f"--only-fold takes a number from 1 to {chosen.folds}")
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    try:
        if chosen.only_report:
            _write_report(chosen.results)
            return 0
        records = _records(chosen.data)
        folds = deal((record.writer or "" for record in records), chosen.folds)
        if chosen.only_fold is not None:
            _train(folds[chosen.only_fold - 1], chosen.data, chosen.work)
            return 0
        run_jobs(_train, [(fold, chosen.data, chosen.work) for fold in folds], chosen.workers)
        if not chosen.only_train:
            _measure(records, folds, chosen.work, chosen.results)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def read_drawings(
    model: Model, records: Sequence[StrokeRecord], evaluator: Evaluator
) -> list[ReadDrawing]:
    """Read drawings the way the pad does.

    Args:
        model: reads them.
        records: each with its writer and its word.
        evaluator: takes in what was read; its classes are the model's.
    """
    recognizer = Recognizer(model)
    entries = []
    for start in range(0, len(records), _BATCH):
        part = records[start : start + _BATCH]
        glyphs = np.stack([preprocess_strokes(record.drawing).glyph for record in part])
        predictions = recognizer.predict(glyphs)
        evaluator.add([record.word or "" for record in part], predictions)
        for record, prediction in zip(part, predictions, strict=True):
            second = prediction.runner_up
            entries.append(
                ReadDrawing(
                    record.drawing,
                    record.key_id or f"line {record.line}",
                    record.writer or "",
                    record.word or "",
                    prediction.text,
                    prediction.confidence,
                    prediction.is_sure,
                    None if second is None else prediction.classes[second],
                    prediction.rejected,
                )
            )
    return entries


def _records(folder: Path) -> list[StrokeRecord]:
    records = list(read_strokes(folder / "pen" / "digits.ndjson.gz"))
    for record in records:
        if record.writer is None or record.word not in DIGITS:
            raise DigitpadError(
                "Line {line} of the pen strokes in {folder} is no digit of a known writer.",
                line=record.line,
                folder=folder,
            )
    return records


def _train(fold: Fold, data: Path, work: Path) -> None:
    target = _model_path(fold, work)
    if not target.exists():
        run_trial(fold.recipe(), SEED, data, target)


def _model_path(fold: Fold, work: Path) -> Path:
    return work / f"{fold.name}.safetensors"


def _measure(
    records: Sequence[StrokeRecord], folds: Sequence[Fold], work: Path, results: Path
) -> None:
    models = [_own_model(fold, work) for fold in folds]
    configs = {model.info.origin["config"] for model in models}
    if len(configs) > 1:
        raise DigitpadError(
            "The models of the folds in {work} were not trained alike: remove those of an earlier"
            " recipe.",
            work=work,
        )
    whole = Evaluator(DIGITS)
    entries: list[ReadDrawing] = []
    told: list[dict[str, Any]] = []
    for fold, model in zip(folds, models, strict=True):
        theirs = [record for record in records if record.writer in fold.writers]
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
    found_all = study_metrics(entries)
    content = {
        "seed": SEED,
        "config": json.loads(configs.pop()),
        "folds": told,
        "ece": overall.ece,
        "nll": overall.nll,
        **found_all,
    }
    write_atomically(results / "writers.json", json.dumps(content, indent=1) + "\n")
    write_atomically(results / "writers-wall.svg", wall(entries))
    _write_report(results)


def _own_model(fold: Fold, work: Path) -> Model:
    """The fold's model; its title names whom it never saw."""
    path = _model_path(fold, work)
    model = load_model(path)
    if model.info.name != fold.recipe().title or model.info.classes != DIGITS:
        raise DigitpadError(
            "{path} was trained without other writers than those of its fold: remove it.", path=path
        )
    return model


def _write_report(results: Path) -> None:
    figures_path, note_path = results / "writers.json", results / "writers-note.txt"
    try:
        content = json.loads(figures_path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DigitpadError(
            "There are no figures in {results}: run the study first.", results=results
        ) from None
    note = note_path.read_text(encoding="utf-8") if note_path.exists() else ""
    write_atomically(results / "writers.md", report(content, note))


if __name__ == "__main__":
    sys.exit(main())
