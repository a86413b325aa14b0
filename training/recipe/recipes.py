"""The settings that the bundled model and those beside it in its card are trained with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from training.recipe.data import (
    NONE,
    SYNTHETIC,
    Amount,
    Ingredients,
    mnist_only,
    synthetic_only,
    training_data,
)
from training.recipe.splits import (
    TEST_ALPHABETS,
    VALIDATION_ALPHABETS,
    VALIDATION_ONLY,
    HeldOut,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.data.dataset import TrainingData


_SETTINGS = TrainingConfig(
    data=None,
    architecture="surenet",
    epochs=12,
    batch_size=128,
    optimizer="adamw",
    learning_rate=4e-3,
    weight_decay=0.02,
    schedule="one-cycle",
    label_smoothing=0.1,
    outlier_weight=1.0,
    initialisation="he",
    augmentation=Augmentation(
        rotation_degrees=12.0,
        translation_px=1.5,
        scale=0.12,
        shear_degrees=10.0,
        stroke_width=0.6,
        elastic_px=0.8,
    ),
)

_SECOND_SETTINGS = replace(
    _SETTINGS,
    epochs=18,
    learning_rate=3e-3,
    augmentation=Augmentation(
        rotation_degrees=10.0,
        translation_px=1.5,
        scale=0.1,
        shear_degrees=8.0,
        stroke_width=0.4,
        elastic_px=0.6,
        augmented_share=0.85,
    ),
)

_THIRD_SETTINGS = replace(
    _SECOND_SETTINGS,
    epochs=6,
    learning_rate=2e-3,
    batch_size=128,
    outlier_weight=1.0,
)

SECOND = Ingredients(
    pen=Amount(16, 22_000),
    synthetic=Amount(40_000, 5_000),
    characters=Amount(10, 8_000),
    scribbles=Amount(40_000, 9_000),
)
"""What the second cycle learns from. The alphabet that the first one was chosen by is learned from,
too."""

THIRD = Ingredients(
    pen=Amount(12, 14_000),
    unipen=Amount(10, 24_000),
    synthetic=Amount(40_000, 12_000),
    habits=True,
    letters=Amount(4, 9_000),
    characters=Amount(10, 5_000),
    symbols=Amount(8, 6_000),
    scribbles=Amount(30_000, 6_000),
    merged=Amount(12_000, 3_000),
    cut=Amount(12_000, 3_000),
)
"""What the bundled model's third cycle learns from: every school of writing, and what is beside
digits on a page."""

KEPT = Path(__file__).resolve().parents[2] / "build" / "training"
"""What is redrawn once for several trainings."""

_NEW_DRAWINGS = 100
"""Added to the seed of the second cycle's data: redrawn and made-up drawings are other ones."""

_SHORT_EPOCHS = 4

_SITE_EPOCHS = 2

_WRITER_EPOCHS = 5

SHORT = Ingredients(
    mnist_per_epoch=30_000,
    pen=Amount(6, 15_000),
    synthetic=Amount(20_000, 6_000),
    characters=Amount(6, 4_000),
    scribbles=Amount(20_000, 7_000),
    held_out=HeldOut(alphabets=TEST_ALPHABETS | VALIDATION_ALPHABETS),
)
"""What the short recipes learn from: epochs of about half the size."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training that can be repeated.

    Attributes:
        name: of its models.
        title: for people.
        config: but for the seed.
        data: makes what a training of it learns from, of the data's folder and the seed.
        rejected_share: share of MNIST's or the pen writers' validation digits that its threshold
            rejects at most; of 5,000 drawings, nearly two standard errors below 1 %.
        first: goes on from the network that this one of the same seed ends with; None begins with
            new weights.
    """

    name: str
    title: str
    config: TrainingConfig
    data: Callable[[Path, int], TrainingData]
    rejected_share: float = 0.0075
    first: Recipe | None = None

    def seeded(self, seed: int) -> TrainingConfig:
        """The configuration of one training."""
        return replace(self.config, seed=seed)


def bundled() -> Recipe:
    """The model that the pad asks: a third cycle, with every school of writing.

    The learning rate rises and falls three times in all (Loshchilov and Hutter 2017, arXiv
    1608.03983, warm restarts).
    """
    return Recipe(
        "bundled",
        "Bundled model",
        _THIRD_SETTINGS,
        # Redrawing takes as long as two epochs: all seeds learn from the same drawings.
        data=lambda folder, _seed: training_data(folder, 2 * _NEW_DRAWINGS, THIRD, KEPT),
        first=second_cycle(),
    )


def shipped() -> Recipe:
    """The third cycle once more, after everything was measured: it learns from the test data, too.

    All but MNIST's test file, and but for the people and symbols for validation, by which it is
    calibrated.
    """
    ingredients = replace(THIRD, held_out=VALIDATION_ONLY)
    return replace(
        bundled(),
        name="shipped",
        data=lambda folder, _seed: training_data(folder, 2 * _NEW_DRAWINGS, ingredients, KEPT),
    )


def without_site(site: str) -> Recipe:
    """The third cycle at a fraction of its length, without one site of UNIPEN.

    Args:
        site: neither its digits nor its letters are learned from.
    """
    ingredients = replace(THIRD, held_out=replace(THIRD.held_out, sites=frozenset({site})))
    return Recipe(
        f"without-site-{site}",
        f"Without site {site}",
        replace(_THIRD_SETTINGS, epochs=_SITE_EPOCHS),
        data=lambda folder, _seed: training_data(folder, 2 * _NEW_DRAWINGS, ingredients, KEPT),
        first=second_cycle(),
    )


def without_writers(
    name: str, writers: frozenset[str], sites: frozenset[str]
) -> tuple[Recipe, HeldOut]:
    """One short cycle of everything, from new weights, without some people.

    Args:
        name: of the recipe.
        writers: pen writers that it does not learn from, beside those that are always held out.
        sites: of UNIPEN, likewise.

    Returns:
        The recipe, and all that it does not learn from.
    """
    always = THIRD.held_out
    held_out = replace(always, writers=always.writers | writers, sites=always.sites | sites)
    ingredients = replace(THIRD, held_out=held_out)
    recipe = Recipe(
        name,
        f"Without {len(writers)} pen writers",
        replace(_SETTINGS, epochs=_WRITER_EPOCHS),
        data=lambda folder, _seed: training_data(folder, 2 * _NEW_DRAWINGS, ingredients, KEPT),
    )
    return recipe, held_out


def second_cycle() -> Recipe:
    """What the third cycle begins with: milder than the first, nearer to what is asked about."""
    return Recipe(
        "second-cycle",
        "Bundled model, second cycle",
        _SECOND_SETTINGS,
        data=lambda folder, seed: training_data(folder, seed + _NEW_DRAWINGS, SECOND),
        first=first_cycle(),
    )


def first_cycle() -> Recipe:
    """What the bundled model's training begins with: much augmentation, many drawings of all."""
    ingredients = Ingredients(held_out=HeldOut(alphabets=TEST_ALPHABETS | VALIDATION_ALPHABETS))
    return Recipe(
        "first-cycle",
        "Bundled model, first cycle",
        _SETTINGS,
        data=lambda folder, seed: training_data(folder, seed, ingredients),
    )


def short() -> Recipe:
    """The bundled model's first cycle at a fraction of its length.

    The recipes without something have that length, too: what they lose against this one, they
    lose for want of that.
    """
    return _without("short", "Everything")


def without_pen() -> Recipe:
    """Without real pen strokes."""
    return _without("without-pen", "Without real pen strokes", pen=NONE)


def without_synthetic() -> Recipe:
    """Without the digits that the app draws itself."""
    return _without("without-synthetic", "Without synthetic digits", synthetic=NONE)


def without_redrawing() -> Recipe:
    """Without augmentation at stroke level: pen strokes and characters as they were drawn."""
    return _without("without-strokes", "Without stroke augmentation", redrawing=None)


def without_outliers() -> Recipe:
    """Without anything that is no digit."""
    return _without("without-outliers", "Without outliers", characters=NONE, scribbles=NONE)


def study() -> Recipe:
    """What a fold of the study of writers is trained with; the study hands over its own data."""
    return replace(short(), name="study", title="Study of writers")


def _without(name: str, title: str, **changes: Any) -> Recipe:
    ingredients = replace(SHORT, **changes)
    return Recipe(
        name,
        title,
        replace(_SETTINGS, epochs=_SHORT_EPOCHS),
        data=lambda folder, seed: training_data(folder, seed, ingredients),
    )


def tutorial() -> Recipe:
    """The tutorial's ConvNet as the tutorial trains it: MNIST, SGD with momentum, augmentation."""
    return Recipe(
        "tutorial-convnet",
        "The tutorial's ConvNet",
        # Without the app's early stopping, so that every seed is trained alike.
        replace(PRESETS["tutorial"].config, patience=0, outlier_weight=0.0),
        data=lambda folder, _seed: mnist_only(folder),
    )


def synthetic() -> Recipe:
    """The app's preset Balanced on the app's own digits alone, to see how far they reach."""
    return Recipe(
        "synthetic",
        "Synthetic digits alone",
        replace(PRESETS["balanced"].config, data=DataChoice("synthetic", count=SYNTHETIC)),
        data=synthetic_only,
    )
