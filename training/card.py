"""The model card: what the bundled model is, what it was made of, and what it can and cannot do.

After Mitchell and others 2019, "Model Cards for Model Reporting" (arXiv 1810.03993).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from training.data import (
    MNIST_VALIDATION,
    OUTLIERS_PER_EPOCH,
    PEN_PER_EPOCH,
    PEN_WRITERS,
    SYNTHETIC,
    TEST_ALPHABETS,
    TEST_WRITERS,
    VALIDATION_ALPHABETS,
    VALIDATION_WRITERS,
)

if TYPE_CHECKING:
    from digitpad.recognition.modelinfo import ModelInfo

_ROWS = (
    ("mnist_accuracy", "MNIST test file, accuracy"),
    ("pen_accuracy", "Pen strokes of held-out writers, accuracy"),
    ("mnist_nll", "MNIST test file, negative log-likelihood"),
    ("pen_nll", "Pen strokes, negative log-likelihood"),
    ("mnist_ece", "MNIST test file, expected calibration error (15 bins)"),
    ("pen_ece", "Pen strokes, expected calibration error (15 bins)"),
    ("mnist_rejected", "MNIST test file, digits refused"),
    ("pen_rejected", "Pen strokes, digits refused"),
    ("others_auroc", "Held-out alphabet against pen digits, AUROC of the confidence"),
    ("others_accepted", "Held-out alphabet, share read as digits"),
)

_TEXT = """# Model card: {name}

Reads one handwritten digit from a glyph of 28x28 pixels, made by version {glyph_rule} of Digitpad's
glyph rule, and gives a calibrated probability for each of {classes}.
This card is written by `python -m training.bundled` from the figures in
`training/results/bundled.json`.

## Network

{architecture}, {parameters:,} parameters, options `{options}`.
Glyph levels are normalised with the mean {mean} and the standard deviation {std} of MNIST's
training file. Logits are divided by the temperature {temperature}; a drawing whose best probability
is below {reject_below} is refused.

## Data, licences and attribution

| data | used for | source and licence |
|---|---|---|
| MNIST | training (first {mnist_training:,} of the training file), validation (last \
{mnist_validation:,}), test (the test file) | Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0 |
| Pen-Based Recognition of Handwritten Digits, as strokes | training ({writers} writers), \
validation ({validation_writers}), test ({test_writers}) | E. Alpaydin, F. Alimoglu, UCI Machine \
Learning Repository; CC BY 4.0 |
| Omniglot, small background set 1, as strokes | outliers: training (Balinese, Early Aramaic, \
Korean), validation ({validation_alphabets}), test ({test_alphabets}) | B. Lake, R. Salakhutdinov, \
J. Tenenbaum; MIT |

No writer of pen strokes and no alphabet is in two of the three parts.

## Recipe

An epoch is all of MNIST's training part, {pen_per_epoch:,} redrawn pen digits and
{outliers_per_epoch:,} redrawn characters of other alphabets. Redrawing changes slant, aspect,
rotation, curvature and stroke width of the strokes before the glyph is made; on top of it whole
batches of glyphs are rotated, moved, scaled, sheared, and their strokes thinned or thickened.
Cross-entropy with label smoothing; outliers are pushed towards the uniform answer (Dhamija and
others, NeurIPS 2018). The temperature is fitted on validation data of both kinds, counted alike;
the threshold refuses 0.5 % of the same data.

```json
{config}
```

One training took {seconds}. Of the seeds 0 to {last_seed}, seed {shipped_seed} is shipped: the
best on validation data. The test data was touched once, after all choices.

## Figures

Mean and sample standard deviation over {runs} seeds; the last column is the shipped model.

| measured on | mean | spread | shipped |
|---|---|---|---|
{figures}

On validation data, mean over the seeds: {validation}.

## The tutorial's ConvNet, for comparison

Two convolutions of 32 and 64 channels, max-pooling, dropout, 128 features, ten classes
({tutorial_parameters:,} parameters), trained on MNIST alone with SGD and momentum, rotation,
translation and scale; {tutorial_seconds}. It never saw a pen stroke or an outlier.

| measured on | mean | spread |
|---|---|---|
{tutorial_figures}

## Synthetic digits alone, for comparison

The app's preset Balanced ({synthetic_parameters:,} parameters) trained on {synthetic_count:,}
digits that Digitpad draws by itself, the data set that needs no download: templates of several
styles of writing for each digit, deformed at random. It never saw a digit that a person wrote, nor
an outlier; {synthetic_seconds}.

| measured on | mean | spread |
|---|---|---|
{synthetic_figures}

## Limits

- It reads one digit at a time, in the shapes that about {writers} people and MNIST's writers
  gave them. Habits that none of them had (some 1 with a long flag, some 4 of one stroke) are
  misread.
- Its doubt is calibrated on drawings like those above. Drawings of another kind can get more
  confidence than they deserve, and some letters look like digits and are read as such.
- A handful of MNIST's test labels are wrong or unreadable (Northcutt and others 2021, arXiv
  2103.14749): no figure there can mean more than that allows.
"""


def card(results: dict[str, Any], info: ModelInfo) -> str:
    """The card as Markdown.

    Args:
        results: as `training.bundled` writes them.
        info: of the shipped model.
    """
    names = ("bundled", "tutorial-convnet", "synthetic")
    own, tutorial, synthetic = (results["recipes"][name] for name in names)
    shipped = own["runs"][results["shipped_seed"]]
    config = info.origin["config"]
    return _TEXT.format(
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
        pen_per_epoch=PEN_PER_EPOCH,
        outliers_per_epoch=OUTLIERS_PER_EPOCH,
        config=config,
        seconds=_minutes(own),
        shipped_seed=results["shipped_seed"],
        runs=len(own["runs"]),
        last_seed=len(own["runs"]) - 1,
        figures="\n".join(
            f"| {title} | {_mean_and_spread(own, key)} | {_figure(key, shipped[key])} |"
            for key, title in _ROWS
        ),
        validation=_validation(own["validation"]),
        tutorial_parameters=tutorial["parameters"],
        tutorial_seconds=_minutes(tutorial),
        tutorial_figures="\n".join(
            f"| {title} | {_mean_and_spread(tutorial, key)} |" for key, title in _ROWS
        ),
        synthetic_count=SYNTHETIC,
        synthetic_parameters=synthetic["parameters"],
        synthetic_seconds=_minutes(synthetic),
        synthetic_figures="\n".join(
            f"| {title} | {_mean_and_spread(synthetic, key)} |" for key, title in _ROWS
        ),
        writers=PEN_WRITERS - len(TEST_WRITERS | VALIDATION_WRITERS),
    )


def _span(writers: frozenset[str]) -> str:
    ordered = sorted(writers)
    return f"{ordered[0]} to {ordered[-1]}"


def _minutes(recipe: dict[str, Any]) -> str:
    minutes = sum(recipe["seconds"]) / len(recipe["seconds"]) / 60
    threads = recipe["threads"]
    return f"{minutes:.0f} minutes on {threads} processor thread{'s' if threads > 1 else ''}"


def _figure(key: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if key.endswith(("nll", "auroc")) else f"{value:.2%}"


def _mean_and_spread(recipe: dict[str, Any], key: str) -> str:
    spread = recipe["std"][key] if recipe["std"] else None
    return f"{_figure(key, recipe['mean'][key])} | {_figure(key, spread)}"


def _validation(runs: list[dict[str, dict[str, float]]]) -> str:
    return ", ".join(
        f"{name} {sum(run[name]['accuracy'] for run in runs) / len(runs):.2%}" for name in runs[0]
    )
