"""The networks by name: their titles for people and the check of their options. Free of torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from digitpad.errors import DigitpadError
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from digitpad.recognition.model_info import ModelInfo

ENSEMBLE = "ensemble"
"""Several networks that predict together. It is put together, not trained, so no form offers it."""

TAUGHT = "taught"
"""A network with lessons beside it. It is taught, not trained, so no form offers it either."""

ARCHITECTURE_TITLES: Mapping[str, str] = {
    "quicknet": Marked("Small and fast"),
    "padnet": Marked("Medium, with batch normalisation"),
    "surenet": Marked("Residual, as in the bundled model"),
    "tutorial-convnet": Marked("The tutorial's ConvNet"),
    "mlp": Marked("Multilayer perceptron"),
}
"""Every network that can be trained, by name, simplest use first."""

ARCHITECTURE_OPTIONS: Mapping[str, frozenset[str]] = {
    "quicknet": frozenset({"dropout", "widths", "border"}),
    "padnet": frozenset({"dropout", "widths"}),
    "surenet": frozenset({"dropout", "widths"}),
    "tutorial-convnet": frozenset({"dropout"}),
    "mlp": frozenset({"dropout"}),
}
"""What each of them takes besides the number of classes; see `checked_options`."""

_WIDTHS: Mapping[str, int] = {"quicknet": 3, "padnet": 4, "surenet": 4}
"""How many widths a network has."""

_WIDEST_BORDER = 4
"""From five pixels on nothing would be left after the small network's last convolution."""

FEWEST_MEMBERS, MOST_MEMBERS = 2, 16
"""Each member of an ensemble costs the time of one prediction, and the tenth gains next to
nothing."""

MOST_POINTS = 20_000
"""Of the lessons in a file: each costs a prediction as many products as a description is long."""

MOST_DIRECTIONS = 64
"""Of a layer that describes a glyph."""

_MOST_LAYERS, _MOST_VALUES = 3, 2**16

ABOUT_THE_TIME = (0.8, 1.25)
"""Multiply-adds relative to another model's that make no difference worth mentioning."""


def network_count(info: ModelInfo) -> int:
    """How many networks a model consists of, by its description.

    Args:
        info: its options are not checked until the model is loaded; odd ones count as one network.
    """
    count = info.options.get("members") if info.architecture == ENSEMBLE else 1
    return count if isinstance(count, int) else 1


def trained_network(info: ModelInfo) -> tuple[str, Mapping[str, Any]]:
    """The architecture and the options of the network that was trained, without lessons.

    Args:
        info: its options are not checked until the model is loaded.
    """
    match info.options:
        case {"network": {"architecture": str(name), "options": dict(options)}} if (
            info.architecture == TAUGHT
        ):
            return name, options
    return info.architecture, info.options


def checked_options(architecture: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a network; those not given keep its defaults.

    Args:
        architecture: a key of ARCHITECTURE_OPTIONS.
        options: "dropout", a number in [0, 1); "widths", three or four whole numbers from 1 to 512;
            and "border", a whole number from 0 to 4.

    Raises:
        DigitpadError: an option is unknown or out of range.
    """
    if unknown := sorted(set(options) - ARCHITECTURE_OPTIONS[architecture]):
        raise DigitpadError("The network has no option {option!r}.", option=unknown[0])
    checks: dict[str, Callable[[object], object]] = {
        "dropout": _dropout,
        "widths": lambda value: _widths(value, _WIDTHS[architecture]),
        "border": _border,
    }
    return {name: checks[name](value) for name, value in options.items()}


class EnsembleOptions(NamedTuple):
    """What an ensemble is made of.

    Attributes:
        architecture: of each member.
        options: of each member.
        temperatures: one a member.
    """

    architecture: str
    options: Mapping[str, Any]
    temperatures: tuple[float, ...]


def ensemble_options(options: Mapping[str, Any]) -> EnsembleOptions:
    """Check the options of an ensemble, as a model file has them.

    Args:
        options: "member", an object with the "architecture" and the "options" of each member, which
            are checked when it is built; "members", how many there are; and "temperatures", a list
            of as many numbers, without which they are all 1.

    Raises:
        DigitpadError: something is missing, unknown or out of range.
    """
    match options:
        case {
            "member": {"architecture": str(name), "options": dict(own), **unknown},
            "members": int(count),
            **rest,
        } if (
            # An ensemble of ensembles could be one large ensemble.
            name != ENSEMBLE
            and not unknown
            and rest.keys() <= {"temperatures"}
            and not isinstance(count, bool)
            and FEWEST_MEMBERS <= count <= MOST_MEMBERS
        ):
            temperatures = rest.get("temperatures", [1.0] * count)
            if _are_temperatures(temperatures) and len(temperatures) == count:
                return EnsembleOptions(name, own, tuple(map(float, temperatures)))
    raise DigitpadError(
        "An ensemble must have {fewest} to {most} members of one network, and for each of them a"
        " temperature from 0.001 to 1000.",
        fewest=FEWEST_MEMBERS,
        most=MOST_MEMBERS,
    )


class TaughtOptions(NamedTuple):
    """What a network that was taught is made of.

    Attributes:
        architecture: of the network.
        options: of the network.
        sizes: for each layer that describes a glyph, how many values and how many directions.
        points: of the lessons.
        close: how many of these, the last ones, are felt close by only.
    """

    architecture: str
    options: Mapping[str, Any]
    sizes: tuple[tuple[int, int], ...]
    points: int
    close: int = 0


def taught_options(options: Mapping[str, Any]) -> TaughtOptions:
    """Check the options of a network that was taught, as a model file has them.

    Args:
        options: "network", an object with its "architecture" and "options", which are checked when
            it is built; "sizes", a list of one to three pairs of whole numbers; "points", the
            number of points; and "close", how many of them are felt close by only, 0 if it is not
            there.

    Raises:
        DigitpadError: something is missing, unknown or out of range.
    """
    match options:
        case {
            "network": {"architecture": str(name), "options": dict(own), **unknown},
            "sizes": [*sizes],
            "points": int(points),
            **rest,
        } if (
            name not in (ENSEMBLE, TAUGHT)
            and not unknown
            and rest.keys() <= {"close"}
            and _is_whole(points)
            and 1 <= points <= MOST_POINTS
            and _is_whole(close := rest.get("close", 0))
            and 0 <= close <= points
            and 1 <= len(sizes) <= _MOST_LAYERS
            and all(_is_size(size) for size in sizes)
        ):
            pairs = tuple((size[0], size[1]) for size in sizes)
            return TaughtOptions(name, own, pairs, points, close)
    raise DigitpadError(
        "A model that was taught must have one network, sizes of its descriptions, and up to {most}"
        " points.",
        most=MOST_POINTS,
    )


def _is_size(value: object) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    values, directions = value
    return (
        _is_whole(values)
        and _is_whole(directions)
        and 1 <= values <= _MOST_VALUES
        and 1 <= directions <= MOST_DIRECTIONS
    )


def _are_temperatures(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(one, int | float) and not isinstance(one, bool) and 1e-3 <= one <= 1e3
        for one in value
    )


def _widths(value: object, count: int) -> tuple[int, ...]:
    if (
        isinstance(value, list | tuple)
        and len(value) == count
        and all(_is_whole(width) and 1 <= width <= 512 for width in value)
    ):
        return tuple(value)
    raise DigitpadError(
        "The network's widths must be {count} whole numbers from 1 to 512.", count=count
    )


def _border(value: object) -> int:
    if isinstance(value, int) and _is_whole(value) and 0 <= value <= _WIDEST_BORDER:
        return value
    raise DigitpadError(
        "The network's border must be a whole number from 0 to {most}.", most=_WIDEST_BORDER
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dropout(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        raise DigitpadError("Dropout must be a number from 0 up to, but not including, 1.")
    return float(value)
