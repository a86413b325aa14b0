"""The settings that the bundled model and those beside it in its card are trained with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.learning.configuration.presets import PRESETS
from training.recipe.data import (
    SYNTHETIC,
    TEST_ALPHABETS,
    Ingredients,
    mnist_only,
    synthetic_only,
    training_data,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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

SECOND = Ingredients(
    pen_per_epoch=22_000,
    synthetic_per_epoch=5_000,
    characters_per_epoch=8_000,
    scribbles_per_epoch=9_000,
    held_out_alphabets=TEST_ALPHABETS,
)
"""What the bundled model's second cycle learns from. By then everything was chosen, so that the
alphabet for validation is learned from, too; neither temperature nor threshold need it."""

_NEW_DRAWINGS = 100
"""Added to the seed of the second cycle's data: redrawn and made-up drawings are other ones."""

_SHORT_EPOCHS = 4

SHORT = Ingredients(
    mnist_per_epoch=30_000,
    pen_copies=6,
    pen_per_epoch=15_000,
    synthetic=20_000,
    synthetic_per_epoch=6_000,
    character_copies=6,
    characters_per_epoch=4_000,
    scribbles=20_000,
    scribbles_per_epoch=7_000,
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
        rejected_share: share of the validation drawings of a kind that its threshold rejects at
            most; of
            5,000 drawings, nearly two standard errors below the 1 % that are allowed.
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
    """The model that the pad asks: a second cycle, milder and nearer to what is asked about.

    The learning rate rises and falls a second time (Loshchilov and Hutter 2017, arXiv 1608.03983,
    warm restarts).
    """
    return Recipe(
        "bundled",
        "Bundled model",
        _SECOND_SETTINGS,
        data=lambda folder, seed: training_data(folder, seed + _NEW_DRAWINGS, SECOND),
        first=first_cycle(),
    )


def first_cycle() -> Recipe:
    """What the bundled model's training begins with: much augmentation, many drawings of all."""
    return Recipe("first-cycle", "Bundled model, first cycle", _SETTINGS, data=training_data)


def short() -> Recipe:
    """The bundled model's first cycle at a fraction of its length.

    The recipes without something have that length, too: what they lose against this one, they
    lose for want of that.
    """
    return _without("short", "Everything")


def without_pen() -> Recipe:
    """Without real pen strokes."""
    return _without("without-pen", "Without real pen strokes", pen_copies=0)


def without_synthetic() -> Recipe:
    """Without the digits that the app draws itself."""
    return _without("without-synthetic", "Without synthetic digits", synthetic=0)


def without_redrawing() -> Recipe:
    """Without augmentation at stroke level: pen strokes and characters as they were drawn."""
    return _without("without-strokes", "Without stroke augmentation", redrawing=None)


def without_outliers() -> Recipe:
    """Without anything that is no digit."""
    return _without("without-outliers", "Without outliers", character_copies=0, scribbles=0)


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
