"""What a training is to do: frozen, validated, readable as JSON."""

from __future__ import annotations

import json
import reprlib
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from digitpad.errors import DigitpadError

Optimizer = Literal["sgd", "adam", "adamw"]
Schedule = Literal["constant", "cosine", "one-cycle"]
Initialisation = Literal["default", "xavier", "he"]
Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes to each training glyph, drawn anew whenever it is seen.

    Every value is the largest change; the change itself is uniform between its negative and it.

    Attributes:
        rotation_degrees: 0 to 180.
        translation_px: in pixels of the glyph, 0 to 14.
        scale: 0.1 lets a glyph shrink or grow by up to 10 %, each direction by itself; 0 to 0.9.
        shear_degrees: 0 to 60.
        stroke_width: share of a full morphological erosion or dilation by one pixel; 0 to 1.

    Raises:
        DigitpadError: a value is no number or out of range.
    """

    rotation_degrees: float = 0.0
    translation_px: float = 0.0
    scale: float = 0.0
    shear_degrees: float = 0.0
    stroke_width: float = 0.0

    def __post_init__(self) -> None:
        _within("rotation", self.rotation_degrees, 0, 180)
        _within("translation", self.translation_px, 0, 14)
        _within("scale", self.scale, 0, 0.9)
        _within("shear", self.shear_degrees, 0, 60)
        _within("stroke width", self.stroke_width, 0, 1)


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training, but for its data.

    Attributes:
        architecture: one of `digitpad.recognition.networks.ARCHITECTURES`.
        options: the architecture's own.
        epochs: passes over the sources, 1 to 10 000.
        batch_size: glyphs a step, 1 to 65 536.
        optimizer: stochastic gradient descent with momentum, Adam (Kingma and Ba 2015) or AdamW
            (Loshchilov and Hutter 2019).
        learning_rate: the highest that the schedule reaches; above 0, at most 10.
        momentum: of SGD, in [0, 1); Adam takes it as its first beta.
        weight_decay: 0 to 1; neither biases nor normalisations are decayed.
        schedule: "one-cycle" rises over the first fifth and falls to nought (Smith and Topin
            2018); "cosine" falls from the start.
        label_smoothing: share of each target spread over all classes (Szegedy and others 2016),
            in [0, 1).
        outlier_weight: weight of the outlier term: glyphs of no class are pushed towards the
            uniform answer (Dhamija and others 2018, entropic open-set loss); at least 0.
        initialisation: of the weights; "default" is PyTorch's own.
        precision: "bfloat16" runs convolutions and matrix products in that format (torch's
            autocast), which is faster where the processor knows it; weights stay float32.
        augmentation: random changes to training glyphs.
        seed: of weights, order, dropout and augmentation; 0 to 2**63 - 1.

    Raises:
        DigitpadError: a value is of the wrong kind or out of range. Whether the network exists
            and takes the options is seen when it is built.
    """

    architecture: str = "padnet"
    options: dict[str, Any] = field(default_factory=dict)
    epochs: int = 10
    batch_size: int = 128
    optimizer: Optimizer = "adamw"
    learning_rate: float = 4e-3
    momentum: float = 0.9
    weight_decay: float = 0.01
    schedule: Schedule = "one-cycle"
    label_smoothing: float = 0.1
    outlier_weight: float = 0.5
    initialisation: Initialisation = "he"
    precision: Precision = "float32"
    augmentation: Augmentation = field(default_factory=Augmentation)
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.architecture, str) or not isinstance(self.options, dict):
            raise DigitpadError("The architecture must be a name, and its options an object.")
        _within("number of epochs", self.epochs, 1, 10_000, whole=True)
        _within("batch size", self.batch_size, 1, 65_536, whole=True)
        _within("learning rate", self.learning_rate, 1e-9, 10)
        _within("momentum", self.momentum, 0, 0.9999)
        _within("weight decay", self.weight_decay, 0, 1)
        _within("label smoothing", self.label_smoothing, 0, 0.99)
        _within("weight of the outliers", self.outlier_weight, 0, 100)
        _within("seed", self.seed, 0, 2**63 - 1, whole=True)
        _one_of("optimizer", self.optimizer, get_args(Optimizer))
        _one_of("schedule", self.schedule, get_args(Schedule))
        _one_of("initialisation", self.initialisation, get_args(Initialisation))
        _one_of("precision", self.precision, get_args(Precision))

    def to_json(self) -> str:
        """As a JSON object that `from_json` reads again."""
        return json.dumps(asdict(self), indent=2, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> TrainingConfig:
        """Parse what `to_json` wrote; missing values take their defaults.

        Raises:
            DigitpadError: it is no such JSON, or a value is unknown or out of range.
        """
        try:
            data = json.loads(text)
            augmentation = Augmentation(**data.pop("augmentation", {}))
            return cls(augmentation=augmentation, **data)
        except (ValueError, TypeError, AttributeError, RecursionError):
            known = ", ".join(f.name for f in fields(cls))
            raise DigitpadError(
                f"This is no training configuration: it must be a JSON object with some of {known}."
            ) from None


def _within(name: str, value: object, low: float, high: float, *, whole: bool = False) -> None:
    kinds = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        kind = "a whole number" if whole else "a number"
        raise DigitpadError(f"The {name} must be {kind}, not {reprlib.repr(value)}.")
    # NaN is in no range; a comparison also takes integers too large for a float.
    if not low <= value <= high:
        raise DigitpadError(f"The {name} must be from {low} to {high}, not {reprlib.repr(value)}.")


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise DigitpadError(f"The {name} must be one of {', '.join(choices)}, not {value!r}.")
