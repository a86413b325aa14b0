"""The metadata of a model file, read without torch.

A model file is a safetensors file (https://huggingface.co/docs/safetensors: eight bytes of header
length, a JSON header, the tensors) whose metadata holds one string, ``digitpad``: a JSON object
that says all that is needed to use the weights.
"""

from __future__ import annotations

import json
import os
import reprlib
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import GLYPH_RULE
from digitpad.recognition.architectures import TAUGHT
from digitpad.storage.problems import open_ordinary, os_errors
from digitpad.text import writable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

SCHEMA = "digitpad-model"
SCHEMA_VERSION = 1
METADATA_KEY = "digitpad"
SUFFIX = ".safetensors"

_MAX_HEADER = 16 * 2**20
_MAX_BYTES = 512 * 2**20
MAX_CLASSES = 10_000
"""No model has more outputs than this."""

NO_CLASS = "no_class"
"""Among the metrics of a model: what it made of drawings of no class that it has not learned from,
their "count" and the share that it "accepted"."""

MAX_NAME = 200
"""Longest name of a class or a model, in characters."""

_UNWRITABLE = frozenset({"Cs", "Cc", "Zl", "Zp"})
"""Halves of surrogate pairs, control characters, ends of lines and paragraphs. What joins the parts
of an emoji is not printable either, and stays."""

_MAX_DEPTH = 32
"""Objects and lists within each other; a model of ours has six."""


@dataclass(frozen=True, slots=True)
class Normalisation:
    """Glyph levels in [0, 1] become (level - mean) / std before the first layer.

    By default they are MNIST's own; the tutorial has 0.5 for both.
    """

    mean: float = 0.1307
    std: float = 0.3081


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the network's outputs become probabilities, and when they are too unsure to show.

    Attributes:
        temperature: logits are divided by it before the softmax (Guo and others 2017, arXiv
            1706.04599); above 0.
        reject_below: a drawing whose two best classes have less together is rejected (see
            `digitpad.recognition.prediction.best_two`); in [0, 1].
    """

    temperature: float = 1.0
    reject_below: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Everything about a model but its weights.

    Attributes:
        name: what the model is called in lists.
        architecture: a name that `digitpad.recognition.networks` knows.
        options: the architecture's own settings.
        classes: names of the classes, in the order of the outputs.
        normalisation: of the input.
        glyph_rule: version of the rule by which the training glyphs were made.
        calibration: of the output.
        metrics: as the training wrote them.
        origin: where the model comes from: data, recipe, date, program version.
    """

    name: str
    architecture: str
    classes: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    normalisation: Normalisation = Normalisation()
    glyph_rule: int = GLYPH_RULE
    calibration: Calibration = Calibration()
    metrics: dict[str, Any] = field(default_factory=dict)
    origin: dict[str, Any] = field(default_factory=dict)

    @property
    def can_reject(self) -> bool:
        """Whether the model has learned what is none of its classes, and rejects it.

        A network that has not takes a smiley for one of its classes, and is sure of it. A set of
        symbols that nobody has drawn yet rejects everything.
        """
        # Those that are shipped were made with drawings of no class, and say so by their recipe.
        learned = NO_CLASS in self.metrics or self.origin.get("recipe") == "bundled"
        is_undrawn = self.is_made_of_samples and not self.lessons
        return is_undrawn or (learned and self.calibration.reject_below > 0)

    @property
    def parent(self) -> str:
        """Name of the model that this one comes from by lessons; "" if it was not taught."""
        return _text(self.origin.get("parent"))

    @property
    def lessons(self) -> int:
        """From how many lessons it was taught; 0 if it was not."""
        count = self.origin.get("lessons")
        return max(count, 0) if isinstance(count, int) and not isinstance(count, bool) else 0

    @property
    def symbols(self) -> str:
        """Name of the user's own set of symbols that it knows; "" if its classes are others."""
        return _text(self.origin.get("symbols"))

    @property
    def is_made_of_samples(self) -> bool:
        """Whether it is the model of a set of symbols, which samples alone make without training.

        A network that was trained on a set of symbols has no parent.
        """
        return bool(self.symbols and self.parent) and self.architecture != TAUGHT

    def to_json(self) -> str:
        """The metadata string of a model file."""
        text = json.dumps(
            {"schema": SCHEMA, "version": SCHEMA_VERSION, **asdict(self)},
            ensure_ascii=False,
            allow_nan=False,
        )
        # Of a stray byte in a story this makes what JSON has for it.
        return writable(text)


def info_from_json(text: str, source: str) -> ModelInfo:
    """Parse and check a metadata string.

    Args:
        text: as `ModelInfo.to_json` writes it.
        source: names the file in errors.

    Raises:
        DigitpadError: it is not such a string, or of another version.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.pop("schema", None) != SCHEMA:
        raise DigitpadError(
            "{source} is not a Digitpad model: its description cannot be read.", source=source
        )
    try:
        version = _a(int, data.pop("version"))
        if version < SCHEMA_VERSION:
            raise DigitpadError(
                "{source} has the old model format {version}, which this version of Digitpad does"
                " not read: train the model again.",
                source=source,
                version=reprlib.repr(version),
            )
        if version > SCHEMA_VERSION:
            raise DigitpadError(
                "{source} has the model format {version}, and this version of Digitpad reads"
                " format {supported}: install the newest Digitpad.",
                source=source,
                version=reprlib.repr(version),
                supported=SCHEMA_VERSION,
            )
        info = ModelInfo(
            name=checked_class(data["name"]),
            architecture=checked_class(data["architecture"]),
            classes=tuple(checked_class(name) for name in _a(list, data["classes"])),
            options=_plain(data["options"]),
            normalisation=Normalisation(
                mean=_number(data["normalisation"]["mean"], -100.0, 100.0),
                std=_number(data["normalisation"]["std"], 1e-6, 1e6),
            ),
            glyph_rule=_a(int, data["glyph_rule"]),
            calibration=Calibration(
                temperature=_number(data["calibration"]["temperature"], 1e-3, 1e3),
                reject_below=_number(data["calibration"]["reject_below"], 0.0, 1.0),
            ),
            metrics=_plain(data["metrics"]),
            origin=_plain(data["origin"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DigitpadError(
            "{source} is not a usable Digitpad model: its description is incomplete or damaged"
            " ({reason}).",
            source=source,
            reason=error,
        ) from None
    if not 2 <= len(info.classes) <= MAX_CLASSES or len(set(info.classes)) != len(info.classes):
        raise DigitpadError(
            "{source} is not a usable model: its classes are not distinct names.", source=source
        )
    if info.glyph_rule < GLYPH_RULE:
        raise DigitpadError(
            "{source} was trained on glyphs of the older rule {rule}, and this version of Digitpad"
            " makes them by rule {supported}: train the model again.",
            source=source,
            rule=reprlib.repr(info.glyph_rule),
            supported=GLYPH_RULE,
        )
    if info.glyph_rule > GLYPH_RULE:
        raise DigitpadError(
            "{source} was trained on glyphs of the newer rule {rule}, and this version of Digitpad"
            " makes them by rule {supported}: install the newest Digitpad.",
            source=source,
            rule=reprlib.repr(info.glyph_rule),
            supported=GLYPH_RULE,
        )
    return info


def read_model_info(path: Path) -> ModelInfo:
    """The metadata of a model file; the weights are neither read nor checked.

    Raises:
        DigitpadError: the file cannot be read or is no Digitpad model.
    """
    with _reading(path), open_ordinary(path) as file:
        length = int.from_bytes(file.read(8), "little")
        size = os.fstat(file.fileno()).st_size
        header = file.read(length) if length <= min(_MAX_HEADER, size) else b""
    try:
        metadata = _a(str, json.loads(header)["__metadata__"][METADATA_KEY])
    except (ValueError, KeyError, TypeError, RecursionError):
        metadata = None
    if len(header) < length or metadata is None:
        raise DigitpadError("{path} is not a Digitpad model file.", path=path)
    return info_from_json(metadata, str(path))


def read_model_bytes(path: Path) -> bytes:
    """All of a model file.

    Raises:
        DigitpadError: it cannot be read, or is too large for a model.
    """
    with _reading(path), open_ordinary(path) as file:
        if os.fstat(file.fileno()).st_size > _MAX_BYTES:
            raise DigitpadError("{path} is too large to be a Digitpad model.", path=path)
        return file.read()


def _reading(path: Path) -> AbstractContextManager[None]:
    return os_errors("The model file {path} cannot be read: {reason}.", path=path)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _a(kind: type, value: object) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{reprlib.repr(value)} is no {kind.__name__}")
    return value


def _plain(value: object) -> dict[str, Any]:
    """An object that JSON can hold and that nobody gets lost in.

    Its numbers are numbers in JSON, which knows no infinity; it is not nested without end.
    """
    values: dict[str, Any] = _a(dict, value)
    level: list[object] = [values]
    for _ in range(_MAX_DEPTH):
        level = [inner for outer in level for inner in _within(outer)]
    if level:
        raise ValueError("it is nested too deep")
    json.dumps(values, allow_nan=False)
    return values


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def checked_class(value: object) -> str:
    """The name of a class or a model, from anywhere.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty or too long, or has signs that cannot be written into a file (half
            of a surrogate pair) or shown in one line.
    """
    text: str = _a(str, value)
    if not text.strip() or len(text) > MAX_NAME:
        raise ValueError("a name is empty or too long")
    if not text.isprintable() and any(unicodedata.category(c) in _UNWRITABLE for c in text):
        raise ValueError(f"the name {text!a} has signs that cannot be written")
    return text


def _number(value: object, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{reprlib.repr(value)} is no number")
    # NaN is in no range; a comparison also takes integers too large for a float.
    if not low <= value <= high:
        raise ValueError(f"{reprlib.repr(value)} is not between {low} and {high}")
    return float(value)
