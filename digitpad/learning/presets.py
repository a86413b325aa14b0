"""Trainings that are good to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.learning.config import Augmentation, TrainingConfig
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Preset:
    """A configuration with a name.

    Attributes:
        title: for people.
        sentence: what to expect of it.
        config: the whole configuration; its data is MNIST, its seed 0.
    """

    title: str
    sentence: str
    config: TrainingConfig


_HAND = Augmentation(
    rotation_degrees=10.0,
    translation_px=1.5,
    scale=0.1,
    shear_degrees=8.0,
    stroke_width=0.5,
)
"""Changes as between the hands of different people."""

PRESETS: Mapping[str, Preset] = {
    "quick": Preset(
        Marked("Quick"),
        Marked("Reads MNIST at 99 % within a minute, on any computer of today."),
        TrainingConfig(
            architecture="quicknet",
            epochs=6,
            batch_size=128,
            optimizer="sgd",
            learning_rate=0.2,
            momentum=0.9,
            weight_decay=5e-4,
            schedule="cosine",
            warm_up=0.2,
            ema_steps=120,
            label_smoothing=0.1,
            augmentation=Augmentation(translation_px=1.0),
        ),
    ),
    "balanced": Preset(
        Marked("Balanced"),
        Marked("A few minutes for a network that reads more hands than MNIST's."),
        TrainingConfig(
            architecture="padnet",
            options={"widths": [16, 32, 32, 48], "dropout": 0.2},
            epochs=5,
            batch_size=128,
            learning_rate=6e-3,
            augmentation=_HAND,
        ),
    ),
    "best": Preset(
        Marked("Best"),
        Marked(
            "The bundled model's network and schedule: leave it alone for a quarter of an hour."
        ),
        TrainingConfig(
            architecture="surenet",
            options={"dropout": 0.3},
            epochs=15,
            batch_size=128,
            learning_rate=4e-3,
            weight_decay=0.02,
            augmentation=_HAND,
            validation_share=0.05,
        ),
    ),
    "tutorial": Preset(
        Marked("The tutorial's"),
        Marked("The ConvNet of the tutorial with SGD and momentum, as the lesson goes."),
        TrainingConfig(
            architecture="tutorial-convnet",
            options={"dropout": 0.5},
            epochs=6,
            batch_size=64,
            optimizer="sgd",
            learning_rate=0.02,
            momentum=0.9,
            weight_decay=5e-4,
            schedule="cosine",
            label_smoothing=0.0,
            augmentation=Augmentation(rotation_degrees=10.0, translation_px=2.0, scale=0.1),
            patience=3,
        ),
    ),
}
"""By name, the first one first shown."""
