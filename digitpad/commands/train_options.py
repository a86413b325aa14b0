"""The options of ``digitpad train`` that make a configuration, made of the table of its fields."""

from __future__ import annotations

import argparse
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from digitpad.commands.context import existing_path
from digitpad.data.catalog import CATALOG
from digitpad.errors import DigitpadError
from digitpad.fields import check
from digitpad.learning.configuration.fields import FIELDS
from digitpad.recognition.architectures import ARCHITECTURE_TITLES
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from digitpad.data.choice import DataChoice
    from digitpad.learning.configuration.config import TrainingConfig

PRESET_NAMES = ("quick", "balanced", "best", "few", "samples", "tutorial")
_PREFIX = "set_"
_MAX_CONFIG = 2**20
_OWN_OPTIONS = {"data.kind": "--data", "samples_share": "--samples"}
_FORMER_OPTIONS = {
    "warm_start": "--start-from",
    "ema_steps": "--averaging",
    "monitor": "--watch",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare an option for every field of a configuration."""
    base = parser.add_argument_group("the settings").add_mutually_exclusive_group()
    base.add_argument(
        "--preset",
        choices=PRESET_NAMES,
        help="begin with these settings (default: quick; with --warm-start: few; with --samples:"
        " samples)",
    )
    base.add_argument(
        "--config",
        metavar="FILE",
        help='begin with the settings in a JSON file, as in "config" below',
    )
    group = parser.add_argument_group("single settings, which win over these")
    for name, info in FIELDS.items():
        metavar, text = "NAME", f"{info.title}. {info.help}"
        if name == "data.kind":
            metavar = "DATA"
            text += (
                f" One of {', '.join(_named_data())}; or a folder of MNIST's files, a folder of"
                " class-named folders of pictures (perhaps in parts named train, val and test),"
                " strokes (.ndjson, .jsonl), or a table of pixels (.csv), gzipped or not."
            )
        elif choices := ARCHITECTURE_TITLES if name == "architecture" else info.choices:
            text += f" One of {', '.join(choices)}."
        else:
            metavar = "N" if info.whole else "X"
        _add(group, name, metavar, text)
        if name == "architecture":
            _add(
                group,
                "warm_start",
                "M",
                "Warm start: name of a model, or a model file. Its weights are the first ones;"
                " without it they are drawn at random.",
            )


def given(args: argparse.Namespace) -> dict[str, str]:
    """The fields that were given on the command line, as texts."""
    return {
        name.removeprefix(_PREFIX): value
        for name, value in vars(args).items()
        if name.startswith(_PREFIX) and value is not None
    }


def option_of(name: str) -> str:
    """The option of a field: "--learning-rate", "--count"."""
    if name in _OWN_OPTIONS:
        return _OWN_OPTIONS[name]
    return "--" + name.rpartition(".")[2].replace("_", "-")


def chooses_data(args: argparse.Namespace) -> bool:
    """Whether the data is named, on the command line or in a file of settings."""
    return args.config is not None or "data.kind" in given(args)


def configuration(args: argparse.Namespace, base: TrainingConfig | None = None) -> TrainingConfig:
    """The configuration that the options make.

    Args:
        args: the command line.
        base: what the options change; None takes the preset or the file that `args` names.

    Raises:
        DigitpadError: a file cannot be read, or a value is of the wrong kind or out of range.
    """
    config = _base(args) if base is None else base
    values = given(args)
    if "data.kind" in values:
        count = None if config.data is None else config.data.count
        config = replace(config, data=replace(_data(values.pop("data.kind")), count=count))
    parts: dict[str, dict[str, Any]] = {}
    for name, text in values.items():
        value = _value(name, text)
        if name in FIELDS:
            check(FIELDS[name], value)
        part, _, field = name.rpartition(".")
        parts.setdefault(part, {})[field] = value
    if parts.get("", {}).get("architecture", config.architecture) != config.architecture:
        # The options are those of another network.
        config = replace(config, options={})
    data, changes = config.data, parts.pop("data", {})
    return replace(
        config,
        data=None if data is None else replace(data, **changes),
        options={**config.options, **parts.pop("options", {})},
        augmentation=replace(config.augmentation, **parts.pop("augmentation", {})),
        **parts.pop("", {}),
    )


def usual_preset(args: argparse.Namespace) -> str:
    """The preset that the settings begin with where none is named."""
    chosen = given(args)
    share = _value("samples_share", chosen.get("samples_share", "0"))
    # Another network has no weights to begin with.
    if share != 0 and "architecture" not in chosen:
        return "samples"
    # The first weights would not survive the steps of the quick one.
    return PRESET_NAMES[0] if "warm_start" not in chosen else "few"


def _add(group: argparse._ArgumentGroup, name: str, metavar: str, text: str) -> None:
    group.add_argument(
        option_of(name),
        dest=f"{_PREFIX}{name}",
        metavar=metavar,
        # Percent signs are argparse's own.
        help=text.replace("%", "%%"),
    )
    if name in _FORMER_OPTIONS:
        group.add_argument(_FORMER_OPTIONS[name], dest=f"{_PREFIX}{name}", help=argparse.SUPPRESS)


def _named_data() -> list[str]:
    # A path says what the others are.
    return [kind for kind, entry in CATALOG.items() if not entry.needs_place]


def _base(args: argparse.Namespace) -> TrainingConfig:
    if args.config is None:
        from digitpad.learning.configuration.presets import PRESETS

        return PRESETS[args.preset or usual_preset(args)].config
    from digitpad.learning.configuration.config import TrainingConfig

    path = existing_path(args.config)
    try:
        with os_errors("{path} cannot be read: {reason}.", path=path), path.open("rb") as file:
            # Windows begins its texts with a mark.
            text = file.read(_MAX_CONFIG).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DigitpadError(
            "{path} is not a file of settings: it is not text.", path=path
        ) from None
    config = TrainingConfig.from_json(text)
    foreign = replace(
        config,
        data=None if "data.kind" in given(args) else config.data,
        warm_start=None if "warm_start" in given(args) else config.warm_start,
    )
    if places := foreign.network_places():
        raise DigitpadError(
            "{path} names {place}, which lies on another computer: name it with --data or"
            " --warm-start yourself if you trust that computer.",
            path=path,
            place=places[0],
        )
    return config


def _data(text: str) -> DataChoice:
    from digitpad.data.choice import DataChoice

    if text in _named_data():
        # The check of the kind is the choice's own.
        return DataChoice(kind=text)  # type: ignore[arg-type]
    try:
        path = existing_path(text)
    except DigitpadError as error:
        raise DigitpadError(
            "{reason} Datasets with a name are {kinds}.",
            reason=error,
            kinds=", ".join(_named_data()),
        ) from None
    place = str(path.resolve())
    if not path.is_dir():
        from digitpad.data.forms.content import form_of

        return DataChoice("csv" if form_of(path) == "table" else "strokes", place)
    from digitpad.data.forms.mnist_folder import find_mnist

    return DataChoice("mnist" if find_mnist(path, "train") else "pictures", place)


def _value(name: str, text: str) -> Any:
    """A number where the field takes one; what is none goes to the field's own check."""
    info = FIELDS.get(name)
    if info is None or info.limits is None:
        return text
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text
