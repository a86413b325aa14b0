"""The model card: what the bundled model is, what it was made of, and what it can and cannot do.

After Mitchell and others 2019, "Model Cards for Model Reporting" (arXiv 1810.03993).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from training.card import text
from training.card.conditions import SLANT, TREMOR, TURN_DEGREES
from training.card.datasets import PICTURES
from training.card.tables import INGREDIENT_ROWS, comparison_table, main_table
from training.recipe.data import MNIST_VALIDATION, SYNTHETIC, Ingredients
from training.recipe.recipes import (
    SECOND,
    bundled,
    short,
    without_outliers,
    without_pen,
    without_redrawing,
    without_synthetic,
)
from training.recipe.splits import (
    PEN_WRITERS,
    TEST_ALPHABETS,
    TEST_WRITERS,
    VALIDATION_ALPHABETS,
    VALIDATION_WRITERS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.recognition.model_info import ModelInfo

DIAGRAM = "bundled-reliability.svg"
"""File of the reliability diagram, beside the card."""

_TITLES = {
    recipe.name: recipe.title
    for recipe in (
        short(),
        without_pen(),
        without_synthetic(),
        without_redrawing(),
        without_outliers(),
    )
}

_NETWORKS = {
    "bundled": "the bundled model",
    "ensemble": "the bundled ensemble",
    "tutorial-convnet": "the tutorial's ConvNet",
    "padnet": "PadNet, an earlier network of Digitpad",
}


def card(results: Mapping[str, Any], info: ModelInfo) -> str:
    """The card as Markdown.

    Args:
        results: as `training.recipe.finish` writes them; of the recipes only "bundled" must be
            there.
        info: of the shipped model.
    """
    recipes = results["recipes"]
    own = recipes["bundled"]
    ensemble = results.get("ensemble")
    members = f" of {ensemble['members']} of them" if ensemble else ", where there is one"
    return text.TEXT.format(
        name=info.name,
        glyph_rule=info.glyph_rule,
        classes=", ".join(info.classes),
        architecture=info.architecture,
        parameters=own["parameters"],
        options=json.dumps(info.options),
        mean=info.normalisation.mean,
        std=info.normalisation.std,
        temperature=info.calibration.temperature,
        reject_below=info.calibration.reject_below,
        mnist_training=60_000 - MNIST_VALIDATION,
        mnist_validation=MNIST_VALIDATION,
        validation_writers=_span(VALIDATION_WRITERS),
        test_writers=_span(TEST_WRITERS),
        validation_alphabets=", ".join(sorted(VALIDATION_ALPHABETS)),
        test_alphabets=", ".join(sorted(TEST_ALPHABETS)),
        first_ingredients=_ingredients(Ingredients()),
        ingredients=_ingredients(SECOND),
        rejected_share=bundled().rejected_share,
        first_config=info.origin["first_config"],
        config=info.origin["config"],
        seconds=_minutes(own),
        shipped_seed=results["shipped_seed"],
        runs=len(own["runs"]),
        last_seed=len(own["runs"]) - 1,
        members=members,
        figures=main_table(
            own,
            own["runs"][results["shipped_seed"]],
            ensemble["figures"] if ensemble else None,
        ),
        turn=TURN_DEGREES,
        slant=SLANT,
        tremor=f"{100 * TREMOR[0]:g} to {100 * TREMOR[1]:g} %",
        pictures=results.get("pictures", PICTURES),
        validation=_validation(own["validation"]),
        times=_times(results),
        reliability=_reliability(results),
        earned=_earned(recipes),
        comparison=_comparison(recipes),
        writers=PEN_WRITERS - len(TEST_WRITERS | VALIDATION_WRITERS),
    )


def _ingredients(all_of: Ingredients) -> str:
    mnist = all_of.mnist_per_epoch
    parts = ["all of MNIST's training part" if mnist is None else f"{mnist:,} digits of MNIST"]
    for amount, what in (
        (all_of.pen, "redrawn pen digits"),
        (all_of.unipen, "redrawn digits of UNIPEN"),
        (all_of.synthetic, "synthetic digits"),
        (all_of.letters, "redrawn letters and signs"),
        (all_of.characters, "redrawn characters of other alphabets"),
        (all_of.symbols, "redrawn symbols"),
        (all_of.scribbles, "scribbles and other drawings of no digit"),
        (all_of.merged, "pairs of digits as one drawing"),
        (all_of.cut, "parts of digits"),
    ):
        if amount.copies:
            parts.append(f"{amount.per_epoch:,} {what}")
    return ",\n".join(parts[:-1]) + f" and {parts[-1]}"


def _times(results: Mapping[str, Any]) -> str:
    costs = results.get("costs")
    if not costs:
        return ""
    reference = costs["bundled"]["ms"]
    lines = ["| network | parameters | multiply-adds | ms | times the bundled model |"]
    lines.append("|---|---|---|---|---|")
    for name, title in _NETWORKS.items():
        if name in costs:
            one = costs[name]
            lines.append(
                f"| {title} | {one['parameters']:,} | {one['multiply_adds']:,} | {one['ms']:.2f}"
                f" | {one['ms'] / reference:.2f} |"
            )
    lines.append("| target for a single model | ≤ 500,000 | | ≤ 1.5 | |")
    return text.TIMES.format(table="\n".join(lines))


def _reliability(results: Mapping[str, Any]) -> str:
    if not results.get("reliability"):
        return ""
    return text.RELIABILITY.format(file=DIAGRAM)


def _earned(recipes: Mapping[str, Any]) -> str:
    columns = {title: recipes[name] for name, title in _TITLES.items() if name in recipes}
    if not columns:
        return ""
    runs = sorted({len(recipe["runs"]) for recipe in columns.values()})
    counted = f"{runs[0]}" if len(runs) == 1 else f"{runs[0]} to {runs[-1]}"
    table = comparison_table(columns, INGREDIENT_ROWS)
    return text.EARNED.format(runs=counted, table=table)


def _comparison(recipes: Mapping[str, Any]) -> str:
    notes = []
    columns = {}
    if "tutorial-convnet" in recipes:
        tutorial = columns["The tutorial's ConvNet"] = recipes["tutorial-convnet"]
        notes.append(
            text.TUTORIAL.format(parameters=tutorial["parameters"], seconds=_minutes(tutorial))
        )
    if "synthetic" in recipes:
        synthetic = columns["Synthetic digits alone"] = recipes["synthetic"]
        notes.append(
            text.SYNTHETIC.format(
                parameters=synthetic["parameters"], count=SYNTHETIC, seconds=_minutes(synthetic)
            )
        )
    if not columns:
        return ""
    return text.COMPARISON.format(notes="\n".join(notes), table=comparison_table(columns))


def _span(writers: frozenset[str]) -> str:
    ordered = sorted(writers)
    return f"{ordered[0]} to {ordered[-1]}"


def _minutes(recipe: Mapping[str, Any]) -> str:
    minutes = sum(recipe["seconds"]) / len(recipe["seconds"]) / 60
    threads = recipe["threads"]
    return f"{minutes:.0f} minutes on {threads} processor thread{'s' if threads > 1 else ''}"


def _validation(runs: list[dict[str, dict[str, float]]]) -> str:
    return ", ".join(
        f"{name} {sum(run[name]['accuracy'] for run in runs) / len(runs):.2%}" for name in runs[0]
    )
