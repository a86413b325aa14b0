"""The model card: what the bundled model is, what it was made of, and what it can and cannot do.

After Mitchell and others 2019, "Model Cards for Model Reporting" (arXiv 1810.03993).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from training.card import text
from training.card.conditions import SLANT, TREMOR, TURN_DEGREES
from training.card.datasets import PICTURES, TOLD_APART
from training.card.letters import DRAWS
from training.card.metrics import REJECT_SCORE
from training.card.numbers import numbers_section
from training.card.tables import INGREDIENT_ROWS, comparison_table, main_table
from training.card.teaching import teaching_section
from training.recipe.data import MNIST_VALIDATION, SYNTHETIC, Ingredients
from training.recipe.recipes import (
    SECOND,
    THIRD,
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
    TEST_SIGNS,
    TEST_SITES,
    TEST_WRITERS,
    VALIDATION_ALPHABETS,
    VALIDATION_SIGNS,
    VALIDATION_SITES,
    VALIDATION_WRITERS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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

_CYCLES = {"first": Ingredients(), "second": SECOND, "third": THIRD}
_NUMBERS = {1: "one", 2: "two", 3: "three"}

_FAMILIES = {
    "others": (
        "Held-out alphabet",
        f"the {', '.join(sorted(TEST_ALPHABETS))} characters of Omniglot",
    ),
    "others_clear": ("– without doubles", "the same without iota and omicron"),
    "letters": (
        "Letters and signs of the held-out sites",
        "by people held out; what they show was learned from other people",
    ),
    "new_letters": ("Letters and signs never learned", "of all sites, the words for the test"),
    "symbols": ("Held-out symbols", "detexify's symbols for the test"),
    "symbols_clear": ("– without doubles", "the same without bars, rings and the like"),
    "scribbles": (
        "Scribbles",
        "signs, strokes and characters put together at random, drawn by Digitpad",
    ),
    "merged": ("Neighbouring digits as one", "two digits of people held out, side by side"),
    "cut": (
        "Parts of digits",
        "digits of people held out, cut through, alone or beside a whole one",
    ),
}
"""Sets of no digits, their titles, and what they are."""

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
    configs = _configs(info)
    recipes = results["recipes"]
    own = recipes["bundled"]
    learned = results.get("shipped_learned_from_all", False)
    ensemble = results.get("ensemble")
    members = f" of {ensemble['members']} measured models" if ensemble else ", where there is one"
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
        validation_sites=_and(VALIDATION_SITES),
        test_sites=_and(TEST_SITES),
        validation_signs=_signs(VALIDATION_SIGNS),
        test_signs=_signs(TEST_SIGNS),
        cleaning=_cleaning(results),
        families=_families(results),
        cycles=_NUMBERS[len(configs)],
        ingredients="\n".join(
            text.INGREDIENTS.format(which=which, ingredients=_ingredients(amounts))
            for (which, amounts), _ in zip(_CYCLES.items(), configs, strict=False)
        ),
        configs="".join(
            text.CONFIG.format(which=which, config=config)
            for which, config in zip(_CYCLES, configs, strict=False)
        ),
        rejected_share=bundled().rejected_share,
        shipped=text.LEARNED_FROM_ALL if learned else "",
        column=text.SHIPPED_LEARNED if learned else text.SHIPPED,
        reject_score=REJECT_SCORE,
        letters=_signs(TOLD_APART["test"]),
        draws=DRAWS,
        seconds=_minutes(own),
        shipped_seed=results["shipped_seed"],
        runs=len(own["runs"]),
        last_seed=len(own["runs"]) - 1,
        members=members,
        figures=main_table(
            own,
            results.get("shipped_figures", own["runs"][results["shipped_seed"]]),
            ensemble["figures"] if ensemble else None,
        ),
        turn=TURN_DEGREES,
        slant=SLANT,
        tremor=f"{100 * TREMOR[0]:g} to {100 * TREMOR[1]:g} %",
        pictures=results.get("pictures", PICTURES),
        validation=_validation(own["validation"]),
        numbers=numbers_section(results.get("numbers", [])),
        teaching=teaching_section(results.get("teaching")),
        times=_times(results),
        reliability=_reliability(results),
        earned=_earned(recipes),
        comparison=_comparison(recipes),
        writers=PEN_WRITERS - len(TEST_WRITERS | VALIDATION_WRITERS),
    )


def _configs(info: ModelInfo) -> list[str]:
    """The configurations of all cycles, in their order."""
    keys = ("first_config", "second_config", "config")
    return [info.origin[key] for key in keys if key in info.origin]


def _cleaning(results: Mapping[str, Any]) -> str:
    """How many fragments were found at each site, where this is known."""
    sites = results.get("unipen_sites")
    if not sites:
        return ""
    parts = dict.fromkeys(VALIDATION_SITES, "validation") | dict.fromkeys(TEST_SITES, "test")
    rows = [
        f"| {name} | {site['drawings']:,} | {site['writers']} | {site['fragments']}"
        f" ({site['fragments'] / site['drawings']:.1%}) | {parts.get(name, 'training')} |"
        for name, site in sites.items()
    ]
    return text.CLEANING.format(rows="\n".join(rows))


def _families(results: Mapping[str, Any]) -> str:
    drawings = results.get("drawings", {})
    return "\n".join(
        f"| {title} | {what} | {drawings.get(name, '')} |"
        for name, (title, what) in _FAMILIES.items()
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
    return ", ".join(parts[:-1]) + f" and {parts[-1]}"


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
    learned = results.get("shipped_learned_from_all")
    model = "the measured model of the shipped seed" if learned else "the shipped model"
    return text.RELIABILITY.format(file=DIAGRAM, model=model)


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


def _and(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))


def _signs(words: Iterable[str]) -> str:
    # As code, where a star is a star.
    return f"`{' '.join(sorted(words))}`"


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
