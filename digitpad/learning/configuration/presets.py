"""Presets: configurations that are good to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digitpad.learning.configuration.config import Augmentation, TrainingConfig
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Preset:
    """A configuration with a title.

    Attributes:
        title: its name for people.
        sentence: says what to expect of it.
        config: the whole configuration. Its data is MNIST, and its seed 0. Every preset also learns
            from drawings of no class, and sees small data several times in an epoch.
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
"""Differences as between the handwriting of different people."""

_COMMON: Mapping[str, Any] = {
    "outlier_share": 0.06,
    "outlier_weight": 3.0,
    "least_validation": 5,
    "epoch_weights": 50,
}
"""Settings of all presets. The network learns from drawings of no class, which makes an epoch 8 %
longer and costs no accuracy; small data has more than one validation sample in a class; the weights
of all epochs of each preset fit into 50 MB, the tutorial's taking 5 MB each."""

PRESETS: Mapping[str, Preset] = {
    "quick": Preset(
        Marked("Quick"),
        Marked("Reaches 99 % on MNIST within a minute on any recent computer."),
        TrainingConfig(
            architecture="quicknet",
            options={"widths": [16, 32, 64], "border": 2},
            epochs=3,
            epoch_steps=140,
            batch_size=256,
            optimizer="muon",
            learning_rate=0.32,
            momentum=0.85,
            weight_decay=5e-4,
            schedule="cosine",
            warm_up=0.2,
            ema_steps=60,
            label_smoothing=0.1,
            augmentation=Augmentation(translation_px=1.0),
            **_COMMON,
        ),
    ),
    "balanced": Preset(
        Marked("Balanced"),
        Marked("A few minutes for a network that reads more kinds of handwriting than MNIST's."),
        TrainingConfig(
            architecture="padnet",
            options={"widths": [16, 32, 32, 48], "dropout": 0.2},
            epochs=5,
            epoch_steps=140,
            batch_size=128,
            learning_rate=6e-3,
            augmentation=_HAND,
            **_COMMON,
        ),
    ),
    "best": Preset(
        Marked("Best"),
        Marked("The bundled model's network and schedule. It takes about a quarter of an hour."),
        TrainingConfig(
            architecture="surenet",
            options={"dropout": 0.3},
            epochs=15,
            epoch_steps=70,
            batch_size=128,
            learning_rate=4e-3,
            weight_decay=0.02,
            augmentation=_HAND,
            validation_share=0.05,
            **_COMMON,
        ),
    ),
    "few": Preset(
        Marked("Few drawings"),
        Marked(
            "For some dozens or hundreds of your own drawings: begins with the bundled model, and"
            " learns from them in a minute or two."
        ),
        TrainingConfig(
            architecture="surenet",
            options={"dropout": 0.3},
            warm_start="bundled",
            epochs=4,
            epoch_steps=40,
            batch_size=64,
            learning_rate=1e-3,
            weight_decay=0.02,
            augmentation=_HAND,
            validation_share=0.2,
            **_COMMON,
        ),
    ),
    "samples": Preset(
        Marked("With your samples"),
        Marked(
            "Learns your hand from your samples, among the digits of others. It takes a few"
            " minutes."
        ),
        TrainingConfig(
            architecture="surenet",
            warm_start="bundled",
            epochs=1,
            epoch_steps=140,
            batch_size=128,
            learning_rate=5e-4,
            weight_decay=0.02,
            ema_steps=100,
            augmentation=_HAND,
            samples_share=0.1,
            monitor="loss",
            **_COMMON,
        ),
    ),
    "tutorial": Preset(
        Marked("Tutorial"),
        Marked("The tutorial's ConvNet, trained with SGD and momentum as in the tutorial."),
        TrainingConfig(
            architecture="tutorial-convnet",
            options={"dropout": 0.5},
            epochs=6,
            epoch_steps=140,
            batch_size=64,
            optimizer="sgd",
            learning_rate=0.02,
            momentum=0.9,
            weight_decay=5e-4,
            schedule="cosine",
            label_smoothing=0.0,
            augmentation=Augmentation(rotation_degrees=10.0, translation_px=2.0, scale=0.1),
            patience=3,
            **_COMMON,
        ),
    ),
}
"""All presets by name. The form first shows the first one."""
