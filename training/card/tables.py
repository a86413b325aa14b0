"""The tables of the model card: every metric, its target, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Figures = Mapping[str, float]

ROWS: tuple[tuple[str, str], ...] = (
    ("mnist_accuracy", "MNIST test file, accuracy"),
    ("mnist_turned_accuracy", "– turned by up to 15 degrees"),
    ("mnist_slanted_accuracy", "– slanted"),
    ("mnist_shaking_accuracy", "– as by a shaking hand"),
    ("pen_accuracy", "Pen strokes of held-out writers, accuracy"),
    ("pen_turned_accuracy", "– turned by up to 15 degrees"),
    ("pen_slanted_accuracy", "– slanted"),
    ("pen_shaking_accuracy", "– drawn with a shaking hand"),
    ("unipen_gmd_accuracy", "UNIPEN, held-out site gmd, accuracy"),
    ("unipen_gmd_raw_accuracy", "– with its fragments"),
    ("unipen_app_accuracy", "UNIPEN, held-out site app, accuracy"),
    ("unipen_app_raw_accuracy", "– with its fragments"),
    ("unipen_accuracy", "UNIPEN, both held-out sites, accuracy"),
    ("unipen_raw_accuracy", "– with their fragments"),
    ("unipen_turned_accuracy", "– turned by up to 15 degrees"),
    ("unipen_slanted_accuracy", "– slanted"),
    ("unipen_shaking_accuracy", "– drawn with a shaking hand"),
    ("picture_plain_accuracy", "MNIST's digits chosen for pictures, as they are, accuracy"),
    ("picture_large_accuracy", "– in pictures, large"),
    ("picture_small_accuracy", "– small on a page"),
    ("picture_inverted_accuracy", "– white on black"),
    ("picture_gradient_accuracy", "– on a grey gradient"),
    ("picture_colour_accuracy", "– ink and paper of any colours"),
    ("picture_noise_accuracy", "– with noise, as JPEG"),
    ("mnist_nll", "MNIST test file, negative log-likelihood"),
    ("pen_nll", "Pen strokes, negative log-likelihood"),
    ("unipen_nll", "UNIPEN, negative log-likelihood"),
    ("mnist_ece", "MNIST test file, expected calibration error (15 bins)"),
    ("pen_ece", "Pen strokes, expected calibration error (15 bins)"),
    ("unipen_ece", "UNIPEN, expected calibration error (15 bins)"),
    ("unipen_gmd_ece", "– site gmd"),
    ("unipen_app_ece", "– site app"),
    ("harder_ece", "– the largest of what is turned, slanted, shaking or in pictures"),
    ("mnist_rejected", "MNIST test file, digits rejected"),
    ("pen_rejected", "Pen strokes, digits rejected"),
    ("unipen_rejected", "UNIPEN, digits rejected"),
    ("unipen_gmd_rejected", "– site gmd"),
    ("unipen_app_rejected", "– site app"),
    ("harder_rejected", "– the most of what is turned, slanted, shaking or in pictures"),
    ("others_auroc", "Held-out alphabet, AUROC of the reject score"),
    ("others_accepted", "– read as digits"),
    ("others_clear_auroc", "– without characters that are digits' doubles, AUROC"),
    ("others_clear_accepted", "– without them, read as digits"),
    ("letters_auroc", "Letters and signs of the held-out sites, AUROC of the reject score"),
    ("letters_accepted", "– read as digits"),
    ("new_letters_auroc", "Letters and signs never learned, AUROC of the reject score"),
    ("new_letters_accepted", "– read as digits"),
    ("symbols_auroc", "Held-out symbols, AUROC of the reject score"),
    ("symbols_accepted", "– read as digits"),
    ("symbols_clear_auroc", "– without symbols that are digits' doubles, AUROC"),
    ("symbols_clear_accepted", "– without them, read as digits"),
    ("scribbles_auroc", "Made-up scribbles, AUROC of the reject score"),
    ("scribbles_accepted", "– read as digits"),
    ("merged_auroc", "Neighbouring digits as one, AUROC of the reject score"),
    ("merged_accepted", "– read as digits"),
    ("cut_auroc", "Parts of digits, AUROC of the reject score"),
    ("cut_accepted", "– read as digits"),
    ("letters_told_apart", "Ten letters never learned, told apart by the features"),
)
"""Metrics and their titles; a dash continues the row above."""

INGREDIENT_ROWS: tuple[tuple[str, str], ...] = (
    ("mnist_accuracy", "MNIST test file, accuracy"),
    ("mnist_turned_accuracy", "– turned"),
    ("mnist_slanted_accuracy", "– slanted"),
    ("mnist_shaking_accuracy", "– as by a shaking hand"),
    ("pen_accuracy", "Pen strokes of held-out writers, accuracy"),
    ("pen_turned_accuracy", "– turned"),
    ("pen_slanted_accuracy", "– slanted"),
    ("pen_shaking_accuracy", "– drawn with a shaking hand"),
    ("unipen_accuracy", "UNIPEN, held-out sites, accuracy"),
    ("mnist_ece", "MNIST test file, calibration error"),
    ("pen_ece", "Pen strokes, calibration error"),
    ("others_auroc", "Held-out alphabet, AUROC"),
    ("others_accepted", "Held-out alphabet, read as digits"),
    ("symbols_auroc", "Held-out symbols, AUROC"),
    ("symbols_accepted", "Held-out symbols, read as digits"),
    ("scribbles_auroc", "Made-up scribbles, AUROC"),
    ("scribbles_accepted", "Made-up scribbles, read as digits"),
)

_LOSS = 0.002
"""What turning, slanting, shaking and a picture may cost at most."""

_WITH_DOUBLES = ("others", "symbols")
"""Of which nobody can ask that hardly any is read as a digit."""

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Bar:
    """The target of a metric.

    Attributes:
        limit: the least or the most.
        at_least: which of them; if not, at most.
        below: a metric that the limit is added to, if the limit is not absolute.
        aim: what is wanted in the end.
    """

    limit: float
    at_least: bool = True
    below: str | None = None
    aim: float | None = None

    def met(self, key: str, figures: Figures) -> bool:
        """Whether a metric reaches its target."""
        limit = self.limit + (figures[self.below] if self.below else 0.0)
        # Accuracies are shares of whole drawings, whose last bits are nobody's merit.
        room = 1e-9 if self.at_least else -1e-9
        return figures[key] >= limit - room if self.at_least else figures[key] <= limit - room

    def shown(self, key: str) -> str:
        """In a cell of the table."""
        if self.below:
            return f"≤ {-100 * self.limit:g} points below"
        sign = "≥" if self.at_least else "≤"
        value = f"{self.limit:g}" if key.endswith("auroc") else f"{100 * self.limit:g}%"
        aim = "" if self.aim is None else f" (aim {100 * self.aim:g}%)"
        return f"{sign} {value}{aim}"


def _bars() -> dict[str, Bar]:
    bars = {
        "mnist_accuracy": Bar(0.9968, aim=0.9975),
        "pen_accuracy": Bar(0.994),
        "unipen_gmd_accuracy": Bar(0.98),
        "unipen_app_accuracy": Bar(0.993),
        "others_clear_auroc": Bar(0.99),
        "letters_auroc": Bar(0.995),
        "new_letters_auroc": Bar(0.995),
        "symbols_auroc": Bar(0.985),
        "symbols_clear_auroc": Bar(0.985),
        "scribbles_auroc": Bar(0.999),
    }
    for key, _ in ROWS:
        name, _, metric = key.rpartition("_")
        kind, _, change = name.partition("_")
        if metric == "accuracy" and change in ("turned", "slanted", "shaking"):
            bars[key] = Bar(-_LOSS, below=f"{kind}_accuracy")
        elif metric == "accuracy" and kind == "picture" and change != "plain":
            bars[key] = Bar(-_LOSS, below="picture_plain_accuracy")
        elif metric == "ece":
            bars[key] = Bar(0.007, at_least=False)
        elif metric == "rejected":
            bars[key] = Bar(0.012, at_least=False)
        elif metric == "accepted" and name not in _WITH_DOUBLES:
            bars[key] = Bar(0.08, at_least=False)
    return bars


BARS: Mapping[str, Bar] = _bars()
"""Targets, for the mean over the seeds."""


def figure(key: str, value: float | None) -> str:
    """A metric in a table: a share in percent, or a plain number, as exact as it is worth."""
    if value is None:
        return ""
    if key.endswith(("nll", "auroc")):
        return f"{value:.4f}"
    # Where everything lies near the end of the scale, hundredths of a percent hide too much.
    return f"{value:.3%}" if value < 0.01 or value > 0.99 else f"{value:.2%}"


def spread(key: str, value: float | None) -> str:
    """A standard deviation in a cell, with about two digits that mean something."""
    if value is None:
        return ""
    if key.endswith(("nll", "auroc")):
        return f"{value:.4f}" if value >= 0.001 else f"{value:.5f}"
    return f"{value:.2%}" if value >= 0.001 else f"{value:.3%}"


def main_table(recipe: Mapping[str, Any], shipped: Figures, ensemble: Figures | None) -> str:
    """Every metric: its target, the mean over the seeds, its spread, what is shipped.

    Args:
        recipe: of the bundled model, with "mean" and "std".
        shipped: figures of the model that is shipped.
        ensemble: figures of the ensemble, where there is one.
    """
    mean, deviation = recipe["mean"], recipe["std"] or {}
    lines = [
        "| metric | target | mean | spread | met | shipped | ensemble |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, title in ROWS:
        if key not in mean:
            continue
        bar = BARS.get(key)
        usable = bar is not None and (bar.below is None or bar.below in mean)
        cells = [
            title,
            bar.shown(key) if bar else "",
            figure(key, mean[key]),
            spread(key, deviation.get(key)),
            ("yes" if bar.met(key, mean) else "**no**") if bar and usable else "",
            figure(key, shipped.get(key)),
            figure(key, ensemble.get(key)) if ensemble else _NONE,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def comparison_table(
    columns: Mapping[str, Mapping[str, Any]], rows: Sequence[tuple[str, str]] = ROWS
) -> str:
    """Mean and spread of several recipes beside each other.

    Args:
        columns: results of recipes, by what heads their columns.
        rows: which metrics, and their titles.
    """
    lines = [f"| metric | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for key, title in rows:
        cells = [_mean_and_spread(recipe, key) for recipe in columns.values()]
        if any(cells):
            lines.append(f"| {title} | {' | '.join(cell or _NONE for cell in cells)} |")
    return "\n".join(lines)


def _mean_and_spread(recipe: Mapping[str, Any], key: str) -> str:
    if key not in recipe["mean"]:
        return ""
    mean = figure(key, recipe["mean"][key])
    return f"{mean} ± {spread(key, recipe['std'][key])}" if recipe["std"] else mean
