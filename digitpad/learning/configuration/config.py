"""The configuration of a training: immutable, validated, and stored as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from digitpad.data.choice import DataChoice
from digitpad.errors import DigitpadError
from digitpad.fields import check
from digitpad.learning.configuration.fields import FIELDS
from digitpad.paths import is_network_path
from digitpad.recognition.architectures import ENSEMBLE, TAUGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

Optimizer = Literal["sgd", "adam", "adamw", "muon"]
Schedule = Literal["constant", "step", "cosine", "one-cycle"]
Initialisation = Literal["default", "xavier", "he"]
Precision = Literal["float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Monitor = Literal["loss", "accuracy"]

_FORMER_NAMES = {"start_from": "warm_start", "averaging": "ema_steps", "watch": "monitor"}
"""Names of values in files of Digitpad 0.1, and their names today."""


class Options(Mapping[str, Any]):
    """The options of an architecture: an immutable mapping that is equal to a dict of its items.

    They are kept as JSON text, so that a list among them cannot be changed.

    Args:
        values: of types that JSON has.

    Raises:
        TypeError, ValueError: a value cannot be written as JSON.
    """

    __slots__ = ("_text",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._text = json.dumps(dict(values), allow_nan=False)

    def __getitem__(self, name: str) -> Any:
        return json.loads(self._text)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(json.loads(self._text))

    def __len__(self) -> int:
        return len(json.loads(self._text))

    def __hash__(self) -> int:
        return hash(json.dumps(dict(self), sort_keys=True))

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Random changes to training glyphs, new ones each time that a glyph is seen.

    Each value but the last is the largest change: the change itself is uniform between its negative
    and itself. `FIELDS` explains all of them, and has their ranges.

    Attributes:
        rotation_degrees: largest rotation.
        translation_px: largest translation, in pixels of the glyph. Without any other change but
            that of the stroke width it is by whole pixels, which does not blur.
        scale: 0.1 changes width and height by up to 10 %, independently.
        shear_degrees: largest slant.
        stroke_width: as a share of a morphological erosion or dilation by one pixel.
        elastic_px: typical largest displacement of an elastic distortion (Simard, Steinkraus and
            Platt 2003), in pixels of the glyph.
        augmented_share: share of the glyphs that are changed at all.

    Raises:
        DigitpadError: a value is no number or out of range.
    """

    rotation_degrees: float = 0.0
    translation_px: float = 0.0
    scale: float = 0.0
    shear_degrees: float = 0.0
    stroke_width: float = 0.0
    elastic_px: float = 0.0
    augmented_share: float = 1.0

    def __post_init__(self) -> None:
        for entry in fields(self):
            check(FIELDS[f"augmentation.{entry.name}"], getattr(self, entry.name))


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """The configuration of a training.

    `FIELDS` explains all settings, and has their ranges. The defaults are for files that lack a
    setting: a new one is off, so that an old run stays what it was, and the presets turn it on.

    Attributes:
        data: the data to learn from; None if a program passes it in memory.
        architecture: one of `digitpad.recognition.networks.ARCHITECTURES`.
        options: of the architecture.
        warm_start: name or file of the model that gives the first weights; None for new weights.
        optimizer: "sgd", "adam" (Kingma and Ba 2015), "adamw" (Loshchilov and Hutter 2019) or
            "muon" (Jordan 2024, see `digitpad.learning.muon`).
        learning_rate: the highest one of the schedule.
        momentum: of SGD and Muon; the first beta of Adam.
        weight_decay: not applied to biases and normalisations, nor to weights that Muon turns.
        schedule: of the learning rate. "one-cycle" rises during the first fifth and falls to about
            0 (Smith and Topin 2018); "cosine" falls from the start; "step" is multiplied by
            `step_factor` after every `step_epochs` epochs.
        warm_up: epochs, or a part of one, during which the rate rises; not for "one-cycle".
        ema_steps: steps of the EMA of the weights (Polyak and Juditsky 1992), which is validated
            and kept; 0 for none.
        label_smoothing: share of each target spread over all classes (Szegedy and others 2016).
        outlier_share: number of glyphs of no class that the program draws and adds, as a share of
            the training data.
        outlier_weight: weight of the entropic open-set loss (Dhamija and others 2018), which pushes
            the prediction for glyphs of no class towards uniform probabilities.
        samples_share: share of the user's own samples among the glyphs of an epoch that have a
            class. They are redrawn, and some of them are held out; see
            `digitpad.learning.retraining.own_samples`.
        precision: "bfloat16" uses torch's autocast; weights stay float32.
        epoch_steps: least number of steps in an epoch, about: small data is then seen several times
            in an epoch.
        least_validation: least number of validation samples of each class, but at most a quarter of
            its samples.
        patience: epochs without improvement after which training stops; 0 never stops early. The
            weights of the best epoch are kept in any case.
        epoch_weights: most megabytes (1 000 000 bytes) for the weights of epochs that are kept
            beside a run; 0 keeps none. It changes nothing else of a training.
        seed: of weights, order, dropout, augmentation, the split, and synthetic drawings.

    Raises:
        DigitpadError: a value has a wrong type or is out of range. Whether the network exists and
            takes the options is checked when it is built.
    """

    data: DataChoice | None = field(default_factory=DataChoice)
    architecture: str = "padnet"
    options: Mapping[str, Any] = field(default_factory=dict)
    warm_start: str | None = None
    epochs: int = 10
    epoch_steps: int = 0
    batch_size: int = 128
    optimizer: Optimizer = "adamw"
    learning_rate: float = 4e-3
    momentum: float = 0.9
    weight_decay: float = 0.01
    schedule: Schedule = "one-cycle"
    warm_up: float = 0.0
    step_epochs: int = 3
    step_factor: float = 0.3
    ema_steps: int = 0
    label_smoothing: float = 0.1
    outlier_share: float = 0.0
    outlier_weight: float = 0.5
    samples_share: float = 0.0
    initialisation: Initialisation = "he"
    precision: Precision = "float32"
    augmentation: Augmentation = field(default_factory=Augmentation)
    validation_share: float = 0.1
    least_validation: int = 1
    patience: int = 0
    monitor: Monitor = "accuracy"
    epoch_weights: int = 0
    device: Device = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        try:
            if not isinstance(self.architecture, str) or not isinstance(self.options, Mapping):
                raise TypeError
            object.__setattr__(self, "options", Options(self.options))
        except (TypeError, ValueError):
            raise DigitpadError(
                "The architecture must be a name, and its options an object."
            ) from None
        if self.architecture == TAUGHT:
            raise DigitpadError(
                "A model with its lessons is not trained: train its network, with the warm start"
                " from it."
            )
        if self.architecture == ENSEMBLE:
            raise DigitpadError(
                "An ensemble is not trained as a whole: train its members, and join them with"
                " digitpad model ensemble."
            )
        if self.warm_start is not None and not isinstance(self.warm_start, str):
            raise DigitpadError("The model for the warm start must be a name or a file.")
        for name in FIELDS:
            if "." not in name and name != "architecture":
                check(FIELDS[name], getattr(self, name))

    def to_json(self) -> str:
        """A JSON object that `from_json` reads again."""
        return json.dumps(asdict(self), indent=2, allow_nan=False, default=dict)

    def network_places(self) -> tuple[str, ...]:
        """Paths in it that are on another computer. They are only opened if the user chose them."""
        places = (None if self.data is None else self.data.path, self.warm_start)
        return tuple(place for place in places if place is not None and is_network_path(place))

    @classmethod
    def from_json(cls, text: str) -> TrainingConfig:
        """Parse what `to_json` of this or an older version has written.

        Missing values get their defaults.

        Raises:
            DigitpadError: it is no such object, or a value is unknown or out of range.
        """
        try:
            values = {_FORMER_NAMES.get(k, k): v for k, v in json.loads(text).items()}
            augmentation = Augmentation(**values.pop("augmentation", {}))
            data = values.pop("data", {})
            # Digitpad 0.1 had the kind "recipe" for data that a program passed in memory.
            is_named = data is not None and data.get("kind") != "recipe"
            choice = DataChoice(**data) if is_named else None
            return cls(data=choice, augmentation=augmentation, **values)
        except (ValueError, TypeError, AttributeError, RecursionError):
            known = ", ".join(f.name for f in fields(cls))
            raise DigitpadError(
                "This is not a training configuration: it must be a JSON object with some of"
                " {known}.",
                known=known,
            ) from None
