"""The settings that the bundled model and those beside it in its card are trained with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digitpad.learning.config import Augmentation, DataChoice, TrainingConfig
from digitpad.learning.presets import PRESETS
from training.data import SYNTHETIC, mnist_only, synthetic_only, training_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from digitpad.learning.data import TrainingData


@dataclass(frozen=True, slots=True)
class Recipe:
    """A training that can be repeated.

    Attributes:
        name: of its models.
        title: for people.
        config: but for the seed.
        data: makes what a training of it learns from, of the data's folder and the seed.
    """

    name: str
    title: str
    config: TrainingConfig
    data: Callable[[Path, int], TrainingData]

    def seeded(self, seed: int) -> TrainingConfig:
        """The configuration of one training."""
        return replace(self.config, seed=seed)


def bundled() -> Recipe:
    """The model that the pad asks."""
    return Recipe(
        "bundled",
        "Bundled model",
        TrainingConfig(
            data=DataChoice("recipe"),
            architecture="padnet",
            options={"widths": [32, 64, 64, 80], "dropout": 0.3},
            epochs=12,
            batch_size=128,
            optimizer="adamw",
            learning_rate=4e-3,
            weight_decay=0.02,
            schedule="one-cycle",
            label_smoothing=0.1,
            outlier_weight=0.5,
            initialisation="he",
            precision="bfloat16",
            augmentation=Augmentation(
                rotation_degrees=12.0,
                translation_px=1.5,
                scale=0.12,
                shear_degrees=10.0,
                stroke_width=0.6,
            ),
        ),
        data=training_data,
    )


def tutorial() -> Recipe:
    """The tutorial's ConvNet as the tutorial trains it: MNIST, SGD with momentum, augmentation."""
    return Recipe(
        "tutorial-convnet",
        "The tutorial's ConvNet",
        # Without the app's early stopping, so that every seed is trained alike.
        replace(PRESETS["tutorial"].config, patience=0, outlier_weight=0.0, precision="bfloat16"),
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
