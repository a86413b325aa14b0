"""How much teaching helps, and what it costs elsewhere: `python -m training.teaching`.

Every writer is taught by a model that has learned from none of their drawings (`folds.py`). Nothing
here is trained: the models of the folds lie in the work folder, or are made by
`python -m training.teaching.train --data DIR`.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from digitpad.data.dataset import DIGITS, OUTLIER, Dataset
from digitpad.errors import DigitpadError
from digitpad.recognition.model_file import load_model
from training.recipe.data import mnist, mnist_validation
from training.recipe.drawings import plain_glyphs, read_drawings
from training.recipe.splits import site_of
from training.recipe.statistics import with_statistics
from training.recipe.trials import model_file
from training.teaching.folds import folds
from training.teaching.own_symbols import symbols_read
from training.teaching.seen import Seen, see
from training.teaching.simulate import FEWEST_DRAWINGS, MOST_LESSONS, Beside, Taught, teach_writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.model_file import Model
    from training.recipe.drawings import Labelled
    from training.recipe.splits import Part
    from training.teaching.folds import Fold

WORK = Path(__file__).resolve().parents[2] / "build" / "training"
SEED = 0

OTHERS, LETTERS, SYMBOLS = 4000, 2500, 1500
"""Digits of other people, letters and symbols that must be read, or rejected, as before."""

PART = "part of MNIST"
"""Among the figures: which digits of MNIST had to stay as they are."""

ERRORS_LEFT = f"errors left after 0 to {MOST_LESSONS} lessons"
"""Among them: how many, in a list."""


class _Drawn:
    """All drawings of people, with their glyphs."""

    def __init__(self, data: Path) -> None:
        self.digits = [
            one
            for kind in ("pen", "unipen")
            for one in read_drawings(data, kind)
            if not (kind == "unipen" and one.is_fragment)
        ]
        self.glyphs = plain_glyphs([one.drawing for one in self.digits])
        self.labels = np.array([one.label for one in self.digits], dtype=np.int64)
        self.writers = np.array([one.writer for one in self.digits])
        random = np.random.default_rng(0)
        none: list[Labelled] = []
        for kind, count in (("letters", LETTERS), ("symbols", SYMBOLS)):
            every = read_drawings(data, kind)  # type: ignore[arg-type]
            none += [every[i] for i in random.choice(len(every), count, replace=False)]
        self.none = plain_glyphs([one.drawing for one in none])

    def learned_by(self, fold: Fold) -> NDArray[np.bool_]:
        """Which digits the model of a fold may have learned from."""
        held_out = fold.held_out
        return np.array(
            [
                one.writer not in held_out.writers and site_of(one.writer) not in held_out.sites
                for one in self.digits
            ]
        )


def measure(data: Path | None, part: Part = "validation") -> dict[str, Any]:
    """The figures of all writers together.

    Args:
        data: folder with ``mnist`` and ``pen``.
        part: which digits of MNIST must stay as they are; the test file once, at the end.

    Raises:
        DigitpadError: data or the model of a fold is missing.
    """
    if data is None:
        raise DigitpadError("Teaching is measured on real writers: name the folder with --data.")
    threads = torch.get_num_threads()
    try:
        writers = simulate(data, WORK, part)
    finally:
        torch.set_num_threads(threads)
    return {PART: part, **summary(writers), **symbols_read(data, WORK)}


def simulate(data: Path, work: Path, part: Part) -> list[Taught]:
    """What came of the lessons of each writer."""
    drawn = _Drawn(data)
    training = mnist(data, "train")
    kept = mnist_validation(data) if part == "validation" else mnist(data, "test")
    found: list[Taught] = []
    for fold in folds():
        model, beside, seen = _fold(fold, drawn, (training, kept), work)
        for writer in sorted({one.writer for one in drawn.digits if fold.has(one)}):
            places = np.flatnonzero(drawn.writers == writer)
            if len(places) >= FEWEST_DRAWINGS:
                theirs = [drawn.digits[place] for place in places]
                found.append(teach_writer(model, theirs, seen.take(places), beside))
    return found


def _fold(
    fold: Fold, drawn: _Drawn, digits: tuple[Dataset, Dataset], work: Path
) -> tuple[Model, Beside, Seen]:
    path = model_file(work, fold.recipe, SEED)
    if not path.exists():
        raise DigitpadError(
            "The model {path} is missing: make it with python -m training.teaching.train.",
            path=path,
        )
    training, kept = digits
    learned = drawn.learned_by(fold)
    is_pen = np.array(["/" not in writer for writer in drawn.writers.tolist()])
    parts = {
        "mnist": training.take(slice(None, -5000)),
        **{
            name: Dataset(drawn.glyphs[which], drawn.labels[which], DIGITS)
            for name, which in (("pen", learned & is_pen), ("unipen", learned & ~is_pen))
        },
    }
    model = with_statistics(load_model(path), parts)
    seen = see(model, drawn.glyphs, drawn.labels)
    chosen = np.random.default_rng(1).choice(len(drawn.digits), OTHERS, replace=False)
    none = np.full(len(drawn.none), OUTLIER, dtype=np.int64)
    beside = Beside(
        see(model, kept.glyphs, kept.labels),
        seen.take(chosen),
        drawn.writers[chosen],
        see(model, drawn.none, none),
    )
    return model, beside, seen


def summary(writers: Sequence[Taught]) -> dict[str, Any]:
    """The figures of all writers together; shares in percent."""
    after = [_errors(one) for one in writers]
    left = [errors for errors in after if errors[0]]
    sums = np.sum(left, axis=0) if left else np.zeros(MOST_LESSONS + 1)
    sides = [one.side for one in writers if one.side is not None]
    table = {
        name: np.array([asdict(side)[name] for side in sides]) * 100
        for name in ("mnist", "others", "auroc", "rejected", "ece")
    }
    lessons = sum(one.lessons for one in writers)
    slips = sum(one.slips for one in writers)
    seconds = [second for one in writers for second in one.seconds]
    costs = [one.slip_costs for one in writers]
    worse = [errors[-1] - errors[0] for errors in after]
    return {
        "writers": len(writers),
        "lessons": lessons,
        "writers with errors left": len(left),
        ERRORS_LEFT: [int(one) for one in sums],
        "fewer after one, %": 100 * (1 - sums[1] / max(sums[0], 1)),
        "fewer after five, %": 100 * (1 - sums[-1] / max(sums[0], 1)),
        "writers worse by one": sum(one == 1 for one in worse),
        "writers worse by more": sum(one > 1 for one in worse),
        "MNIST, mean": float(table["mnist"].mean()),
        "MNIST, worst": float(table["mnist"].min()),
        "other writers, mean": float(table["others"].mean()),
        "other writers, worst": float(table["others"].min()),
        "AUROC, mean": float(table["auroc"].mean()) / 100,
        "digits refused, mean": float(table["rejected"].mean()),
        "calibration error, mean": float(table["ece"].mean()),
        "flagged right lessons, %": 100 * sum(one.flagged_right for one in writers) / lessons,
        "flagged wrong lessons, %": 100 * sum(one.flagged_wrong for one in writers) / slips,
        **{
            f"cost of a wrong lesson, {name}": 100 * float(np.mean([cost[place] for cost in costs]))
            for place, name in enumerate(("own digits", "other writers", "MNIST"))
        },
        "a lesson, median ms": 1000 * float(np.median(seconds)),
        "a lesson, longest ms": 1000 * max(seconds),
    }


def _errors(one: Taught) -> tuple[int, ...]:
    """After 0 to MOST_LESSONS lessons; who needed fewer has the last number from then on."""
    return (*one.errors, *(one.errors[-1:] * (MOST_LESSONS + 1 - len(one.errors))))
