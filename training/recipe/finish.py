"""The end of the recipe: choose, make the ensemble, touch the test data once, write it down."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.data.dataset import DIGITS
from digitpad.recognition.cost import prediction_times
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import ModelInfo, read_model_info
from digitpad.recognition.networks import build_network, multiply_adds, parameter_count
from digitpad.recognition.uncertainty import Bin
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import unreadable
from training.card.card import DIAGRAM, card
from training.card.cleaning import site_counts
from training.card.datasets import PICTURES, card_datasets
from training.card.metrics import model_metrics, reliability
from training.card.reliability import reliability_svg
from training.card.teaching import CURVE, curve
from training.recipe.calibrate import calibrated
from training.recipe.data import learned_digits, mnist_only, unipen_digits
from training.recipe.recipes import bundled
from training.recipe.splits import VALIDATION_ONLY, VALIDATION_SITES, HeldOut
from training.recipe.statistics import with_statistics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.card.datasets import CardDatasets

_NEVER_LEARNED = ("mnist", "picture", "scribbles")
"""What the test sets begin with that no model learns from, not even the shipped one."""

_PANELS = {
    "mnist": "MNIST test file",
    "pen": "Pen strokes of held-out writers",
    "unipen": "UNIPEN, held-out sites",
}


def finish(
    data: Path, work: Path, trained: Mapping[str, Sequence[Path]], models: Path, results_file: Path
) -> None:
    """Measure trained models on the test data, and write what is shipped, the figures, the card.

    What the file of results says of recipes that are not among these stays there.

    Args:
        data: folder with ``mnist`` and ``pen``.
        work: what is measured on is kept here.
        trained: model files of each recipe's seeds; the bundled model's may be missing. That
            of "shipped" is what is shipped; without it the bundled model's best seed is.
        models: folder of what is shipped.
        results_file: JSON with all figures.

    Raises:
        DigitpadError: a file is missing, damaged or cannot be written.
    """
    groups = {name: [load_model(path) for path in paths] for name, paths in trained.items()}
    results: dict[str, Any] = {"recipes": {}}
    if results_file.exists():
        results = read_json(results_file)
    own = groups.get("bundled")
    if own:
        # Everything is chosen and fitted before the test data is looked at.
        best = best_seed(own)
        ensemble = _ensemble(own, data) if len(own) > 1 else None
    sets = card_datasets(data, "test", work)
    for name, group in groups.items():
        if name != "shipped":
            runs = [model_metrics(model, sets) for model in group]
            results["recipes"][name] = _recipe(group, runs)
    if own:
        shipped = own[best]
        figures = results["recipes"]["bundled"]["runs"][best]
        learned = "shipped" in groups
        if learned:
            (shipped,) = groups["shipped"]
            # Where it has learned from the test data, its metrics would say nothing.
            figures = {
                key: value
                for key, value in model_metrics(shipped, sets).items()
                if key.startswith(_NEVER_LEARNED)
            }
        shipped.info.metrics["test"] = figures
        # Models made by this recipe are known to reject what is no digit.
        shipped.info.origin["recipe"] = "bundled"
        held_out = VALIDATION_ONLY if learned else HeldOut()
        shipped = with_statistics(shipped, learned_digits(data, held_out))
        save_model(shipped, models / "bundled.safetensors")
        if ensemble:
            save_model(ensemble, models / "ensemble.safetensors", half=True)
        results.pop("ensemble", None)
        results |= {
            "shipped_seed": best,
            "shipped_learned_from_all": learned,
            "shipped_figures": figures,
            "unipen_sites": site_counts(data),
        }
        results |= _of_shipped(own[best], ensemble, groups, sets)
    write_atomically(results_file, json.dumps(results, indent=2) + "\n")
    write_card(results, models)


def write_card(results: Mapping[str, Any], models: Path) -> None:
    """Write the card and its pictures beside the shipped model, from the figures alone."""
    info = read_model_info(models / "bundled.safetensors")
    write_atomically(models / "bundled.md", card(results, info))
    if results.get("reliability"):
        write_atomically(models / DIAGRAM, diagram(results))
    if results.get("teaching"):
        write_atomically(models / CURVE, curve(results["teaching"]))


def add_figures(name: str, figures: Any, results_file: Path, models: Path) -> None:
    """Keep figures among the results, and write the card anew.

    Args:
        name: of the figures among the results.
        figures: what JSON can say.
        results_file: JSON with all figures.
        models: folder of what is shipped.

    Raises:
        DigitpadError: a file is missing, damaged or cannot be written.
    """
    results = {**read_json(results_file), name: figures}
    write_atomically(results_file, json.dumps(results, indent=2) + "\n")
    write_card(results, models)


def read_json(path: Path) -> Any:
    """What a file with JSON says.

    Raises:
        DigitpadError: it is missing or damaged.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def diagram(results: Mapping[str, Any]) -> str:
    """The reliability diagram of the shipped model as an SVG."""
    return reliability_svg(
        {
            title: [Bin(**one) for one in results["reliability"][name]]
            for name, title in _PANELS.items()
            if name in results["reliability"]
        }
    )


def _recipe(group: Sequence[Model], runs: list[dict[str, float]]) -> dict[str, Any]:
    return {
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


def _of_shipped(
    shipped: Model,
    ensemble: Model | None,
    groups: Mapping[str, Sequence[Model]],
    sets: CardDatasets,
) -> dict[str, Any]:
    """Results of what is shipped but for its accuracy."""
    timed = {"bundled": shipped, "padnet": _padnet(shipped)}
    if ensemble:
        timed["ensemble"] = ensemble
    if "tutorial-convnet" in groups:
        timed["tutorial-convnet"] = groups["tutorial-convnet"][0]
    times = prediction_times(timed)
    found: dict[str, Any] = {
        "costs": {
            name: {
                "parameters": parameter_count(model.network),
                "multiply_adds": multiply_adds(model.network),
                "ms": times[name],
            }
            for name, model in timed.items()
        },
        "reliability": {
            name: [asdict(one) for one in reliability(shipped, sets.digits[name])]
            for name in _PANELS
            if name in sets.digits
        },
        "pictures": min(PICTURES, len(sets.digits["picture_plain"])),
        "drawings": sets.counts(),
    }
    if ensemble:
        found["ensemble"] = {
            "members": ensemble.info.options["members"],
            "figures": model_metrics(ensemble, sets),
        }
    return found


def _padnet(model: Model) -> Model:
    """A yardstick: the time of a network does not depend on its weights."""
    info = ModelInfo("PadNet", "padnet", model.info.classes)
    return Model(info, build_network("padnet", len(DIGITS), {}))


def _ensemble(models: Sequence[Model], data: Path) -> Model:
    """All seeds as one model, calibrated on validation data."""
    ensemble = make_ensemble(models, "Bundled ensemble")
    origin = {
        "recipe": "bundled",
        "date": datetime.now(UTC).date().isoformat(),
        "members": [f"{model.info.name}, seed {model.info.origin['seed']}" for model in models],
    }
    info = replace(ensemble.info, metrics={}, origin=ensemble.info.origin | origin)
    validation = {**mnist_only(data).validation, "unipen": unipen_digits(data, VALIDATION_SITES)}
    return calibrated(Model(info, ensemble.network), validation, bundled().rejected_share)


def best_seed(models: Sequence[Model]) -> int:
    """Index of the model that is the best on validation data."""
    return max(range(len(models)), key=lambda i: _validation(models[i]))


def _validation(model: Model) -> float:
    """Mean accuracy over the kinds of validation data; the loss decides between equals."""
    scores = model.info.metrics["validation"].values()
    return float(np.mean([score["accuracy"] - 1e-3 * score["loss"] for score in scores]))
