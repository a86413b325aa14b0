"""What a training is to do: frozen, validated, readable as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from digitpad.data.choice import DataChoice
from digitpad.errors import DigitpadError
from digitpad.fields import check
from digitpad.learning.fields import FIELDS
from digitpad.paths import is_network_path
from digitpad.recognition.architectures import ENSEMBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

Optimizer = Literal["sgd", "adam", "adamw", "muon"]
Schedule = Literal["constant", "step", "cosine", "one-cycle"]
Initialisation = Literal["default", "xavier", "he"]
Precision = Literal["float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Monitor = Literal["loss", "accuracy"]

_FORMER_NAMES = {"start_from": "warm_start", "averaging": "ema_steps", "watch": "monitor"}
"""What values were called in files of Digitpad 0.1."""


class Options(Mapping[str, Any]):
    """The options of an architecture; they never change, and are equal to a dict of the same.

    They are kept as JSON, so that nobody holds a list that is part of them.

    Args:
        values: of any kind that JSON knows.

    Raises:
        TypeError, ValueError: JSON does not know a value.
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
    """Random changes to each training glyph, drawn anew whenever it is seen.

    Every value but the last is the largest change; the change itself is uniform between its
    negative and it. All are explained in `digitpad.learning.fields`, with the ranges.

    Attributes:
        translation_px: in pixels of the glyph; whole ones alone blur nothing.
        scale: 0.1 lets a glyph shrink or grow by up to 10 %, each direction by itself.
        stroke_width: share of a full morphological erosion or dilation by one pixel.
        elastic_px: largest typical displacement of an elastic distortion (Simard, Steinkraus and
            Platt 2003), in pixels of the glyph.
        augmented_share: of the glyphs that are changed at all.

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
    """One training.

    All settings are explained in `digitpad.learning.fields`, with the ranges. The defaults are
    those of files that lack a setting: what is new is off, so that an old run stays what it was.
    The presets turn it on. Beside that:

    Attributes:
        data: what to learn from; None where a program hands it over.
        architecture: one of `digitpad.recognition.networks.ARCHITECTURES`.
        options: the architecture's own.
        warm_start: name or file of a model whose weights are the first ones; None draws new ones.
        optimizer: "adam" is of Kingma and Ba 2015, "adamw" of Loshchilov and Hutter 2019, "muon" of
            Jordan 2024 (see `digitpad.learning.muon`).
        learning_rate: the highest that the schedule reaches.
        momentum: of SGD and Muon; Adam takes it as its first beta.
        weight_decay: neither biases nor normalisations are decayed, nor what Muon turns.
        schedule: "one-cycle" rises over the first fifth and falls to nought (Smith and Topin
            2018); "cosine" falls from the start; "step" is multiplied by `step_factor` after
            every `step_epochs` epochs.
        warm_up: epochs, or a part of one; "one-cycle" rises by itself.
        ema_steps: an exponential average (Polyak and Juditsky 1992), which is validated and kept.
        label_smoothing: share of each target spread over all classes (Szegedy and others 2016).
        outlier_share: glyphs of no class that the program draws and adds, as a share of the
            training data.
        outlier_weight: of the entropic open-set loss (Dhamija and others 2018), by which glyphs of
            no class are pushed towards the uniform answer.
        precision: "bfloat16" is torch's autocast; weights stay float32.
        epoch_steps: an epoch sees small data so often that it has about so many steps.
        least_validation: of each class, as far as they are no more than a quarter of it.
        patience: epochs, after which the weights of the best one are kept either way; 0 never ends
            a training early.
        seed: of weights, order, dropout, augmentation, the split and what is drawn.

    Raises:
        DigitpadError: a value is of the wrong kind or out of range. Whether the network exists
            and takes the options is seen when it is built.
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
    initialisation: Initialisation = "he"
    precision: Precision = "float32"
    augmentation: Augmentation = field(default_factory=Augmentation)
    validation_share: float = 0.1
    least_validation: int = 1
    patience: int = 0
    monitor: Monitor = "accuracy"
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
        """As a JSON object that `from_json` reads again."""
        return json.dumps(asdict(self), indent=2, allow_nan=False, default=dict)

    def network_places(self) -> tuple[str, ...]:
        """What it names that lies on another computer: only a person may have that opened."""
        places = (None if self.data is None else self.data.path, self.warm_start)
        return tuple(place for place in places if place is not None and is_network_path(place))

    @classmethod
    def from_json(cls, text: str) -> TrainingConfig:
        """Parse what `to_json` wrote, of this Digitpad or an older one.

        Missing values take their defaults.

        Raises:
            DigitpadError: it is no such JSON, or a value is unknown or out of range.
        """
        try:
            values = {_FORMER_NAMES.get(k, k): v for k, v in json.loads(text).items()}
            augmentation = Augmentation(**values.pop("augmentation", {}))
            data = values.pop("data", {})
            # Digitpad 0.1 had a kind for what a program hands over.
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
