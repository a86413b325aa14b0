"""The metrics of a model: `python -m training.card.metrics --data DIR MODEL ...` prints them.

On validation data, so that it can be run as often as one likes; the metrics of the card are made
by `python -m training.bundled`. The bundled model's second cycle learns from the alphabet for
validation: its metrics there say nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import OUTLIER
from digitpad.errors import DigitpadError
from digitpad.recognition.evaluation import Evaluator
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from training.card.datasets import card_datasets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.recognition.evaluation import Bin, Evaluation
    from digitpad.recognition.model_file import Model
    from training.card.datasets import CardDatasets

CALIBRATED = ("mnist", "pen")
"""Datasets whose calibration and rejections are reported, too."""

AGAINST = "pen"
"""The digits that drawings of no digit are told from."""

_BATCH = 500


def model_metrics(model: Model, sets: CardDatasets) -> dict[str, float]:
    """Measure a model.

    Args:
        model: with the digits as its classes.
        sets: what is evaluated on.

    Returns:
        "<set>_accuracy" for each set of digits, rejected or not; "_nll", "_ece" and "_rejected" for
        MNIST and the pen strokes; "_auroc" and "_accepted" for each set of no digits. Shares are in
        [0, 1]. A picture in which no ink was found is misread.
    """
    recognizer = Recognizer(model)
    found: dict[str, float] = {}
    for name, digits in sets.digits.items():
        glyphs, labels = digits.glyphs, digits.labels
        inked = glyphs.any(axis=(1, 2))
        plain = _evaluate(recognizer, glyphs[inked], labels[inked]).to_dict()
        found[f"{name}_accuracy"] = plain["accuracy"] * float(inked.mean())
        if name in CALIBRATED:
            found |= {f"{name}_{key}": plain[key] for key in ("nll", "ece", "rejected")}
    digits = sets.digits[AGAINST]
    for name, outliers in sets.outliers.items():
        glyphs = np.concatenate((digits.glyphs, outliers.glyphs))
        labels = np.concatenate((digits.labels, outliers.labels))
        others = _evaluate(recognizer, glyphs, labels).to_dict()["others"]
        found |= {f"{name}_{key}": others[key] for key in ("auroc", "accepted")}
    return found


def reliability(model: Model, digits: Dataset) -> tuple[Bin, ...]:
    """How often a model is right, by its confidence.

    Args:
        model: with the digits as its classes.
        digits: what is evaluated on.
    """
    return _evaluate(Recognizer(model), digits.glyphs, digits.labels).reliability


def _evaluate(
    recognizer: Recognizer, glyphs: NDArray[np.uint8], labels: NDArray[np.int64]
) -> Evaluation:
    classes = recognizer.info.classes
    evaluator = Evaluator(classes)
    for start in range(0, len(labels), _BATCH):
        part = slice(start, start + _BATCH)
        words = [classes[i] if i != OUTLIER else "" for i in labels[part].tolist()]
        evaluator.add(words, recognizer.predict(glyphs[part]))
    return evaluator.result()


def main(arguments: list[str] | None = None) -> int:
    """Print the metrics of some models; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.card.metrics", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument("--work", type=Path, default=Path("build") / "training")
    parser.add_argument("--pictures", type=int, default=500, help="of each kind")
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL", help="a model file")
    chosen = parser.parse_args(arguments)
    try:
        sets = card_datasets(chosen.data, "validation", chosen.work, chosen.pictures)
        models = [load_model(path) for path in chosen.models]
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    _print(chosen.models, [model_metrics(model, sets) for model in models])
    return 0


def _print(names: Sequence[Path], columns: Sequence[Mapping[str, float]]) -> None:
    print(" " * 28 + "".join(f"{path.stem[-14:]:>16}" for path in names))
    for key in columns[0]:
        print(f"{key:<28}" + "".join(f"{column[key]:>16.4f}" for column in columns))


if __name__ == "__main__":
    sys.exit(main())
