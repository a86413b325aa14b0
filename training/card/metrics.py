"""The metrics of a model: `python -m training.card.metrics --data DIR MODEL ...` prints them.

On validation data, so that it can be run as often as one likes; the metrics of the card are made
by `python -m training.bundled`. From the second cycle on, the bundled model learns from the
alphabet for validation: its metrics there say nothing.
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
from training.card.datasets import RAW, card_datasets
from training.card.letters import told_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.recognition.evaluation import Evaluation
    from digitpad.recognition.model_file import Model
    from digitpad.recognition.prediction import Prediction
    from digitpad.recognition.uncertainty import Bin
    from training.card.datasets import CardDatasets

AGAINST = ("pen", "unipen")
"""The digits that drawings of no digit are told from."""

_HARDER = ("_turned", "_slanted", "_shaking")

_BATCH = 500


REJECT_SCORE = "the probability of its two best digits together"
"""What `reject_score` is, as the card says it."""


def reject_score(prediction: Prediction) -> float:
    """How surely a drawing is one of the classes; of a higher score, more so."""
    return prediction.best_two


def model_metrics(model: Model, sets: CardDatasets) -> dict[str, float]:
    """Measure a model.

    Args:
        model: with the digits as its classes.
        sets: what is evaluated on.

    Returns:
        "<set>_accuracy" for each set of digits, rejected or not; "_ece" and "_rejected" of those
        without fragments, and the largest of both, among what is harder than as it was drawn, as
        "harder_ece" and "harder_rejected"; "_nll" of what is as it was drawn; "_auroc" and
        "_accepted" for each set of no digits; "letters_told_apart", see `told_apart`. Shares are in
        [0, 1]. A picture in which no ink was found is misread.
    """
    recognizer = Recognizer(model)
    found: dict[str, float] = {}
    against = []
    for name, digits in sets.digits.items():
        inked = digits.glyphs.any(axis=(1, 2))
        read, scores = _read(recognizer, digits.take(np.flatnonzero(inked)))
        if name in AGAINST:
            against.append(scores)
        plain = read.to_dict()
        found[f"{name}_accuracy"] = plain["accuracy"] * float(inked.mean())
        if not name.endswith(RAW):
            keys = ("ece", "rejected") if _is_harder(name) else ("nll", "ece", "rejected")
            found |= {f"{name}_{key}": plain[key] for key in keys}
    harder = [name for name in sets.digits if _is_harder(name)]
    if harder:
        for key in ("ece", "rejected"):
            found[f"harder_{key}"] = max(found[f"{name}_{key}"] for name in harder)
    for name, outliers in sets.outliers.items():
        read, scores = _read(recognizer, outliers)
        found[f"{name}_auroc"] = auroc(np.concatenate(against), scores)
        found[f"{name}_accepted"] = read.to_dict()["others"]["accepted"]
    if sets.letters is not None and (share := told_apart(model, sets.letters)) is not None:
        found["letters_told_apart"] = share
    return found


def auroc(higher: NDArray[np.float64], lower: NDArray[np.float64]) -> float:
    """Share of the pairs of one score each of which the first is higher; equal ones count half."""
    from scipy.stats import mannwhitneyu

    pairs = len(higher) * len(lower)
    return float(mannwhitneyu(higher, lower, method="asymptotic").statistic) / pairs


def reliability(model: Model, digits: Dataset) -> tuple[Bin, ...]:
    """How often a model is right, by its confidence.

    Args:
        model: with the digits as its classes.
        digits: what is evaluated on.
    """
    return _read(Recognizer(model), digits)[0].reliability


def _is_harder(name: str) -> bool:
    """Whether a set of digits was changed, or found in pictures."""
    if name.startswith("picture_"):
        return name != "picture_plain"
    return name.endswith(_HARDER)


def _read(recognizer: Recognizer, drawings: Dataset) -> tuple[Evaluation, NDArray[np.float64]]:
    """What is read of drawings, and the reject score of each."""
    classes = recognizer.info.classes
    evaluator = Evaluator(classes)
    scores: list[float] = []
    for start in range(0, len(drawings), _BATCH):
        part = slice(start, start + _BATCH)
        words = [classes[i] if i != OUTLIER else "" for i in drawings.labels[part].tolist()]
        predictions = recognizer.predict(drawings.glyphs[part])
        evaluator.add(words, predictions)
        scores += map(reject_score, predictions)
    return evaluator.result(), np.array(scores)


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
        cells = (f"{column[key]:>16.4f}" if key in column else " " * 16 for column in columns)
        print(f"{key:<28}" + "".join(cells))


if __name__ == "__main__":
    sys.exit(main())
