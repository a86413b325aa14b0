"""One setting: what it is called, what it does, what it takes, and the check of a value."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One setting.

    Attributes:
        title: its name for people, as it begins a line: "Learning rate".
        help: one sentence that says what it does to training.
        limits: smallest and largest number that it takes; None where it takes no numbers.
        whole: whether only whole numbers are taken.
        choices: the names that it takes, each with its title; empty for numbers.
    """

    title: str
    help: str
    limits: tuple[float, float] | None = None
    whole: bool = False
    choices: Mapping[str, str] | None = None


def check(info: FieldInfo, value: object) -> None:
    """Refuse a value that a setting does not take.

    Args:
        info: of the setting.
        value: of any kind.

    Raises:
        DigitpadError: the value is of the wrong kind or out of range; the sentence says what is
            taken.
    """
    if info.choices is not None:
        if not isinstance(value, str) or value not in info.choices:
            raise DigitpadError(
                "{title}: the value must be one of {choices}, not {value}.",
                title=info.title,
                choices=", ".join(info.choices),
                value=reprlib.repr(value),
            )
        return
    if info.limits is None:
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if info.whole and not (is_number and isinstance(value, int)):
        raise DigitpadError(
            "{title}: the value must be a whole number, not {value}.",
            title=info.title,
            value=reprlib.repr(value),
        )
    if not isinstance(value, int | float) or not is_number:
        raise DigitpadError(
            "{title}: the value must be a number, not {value}.",
            title=info.title,
            value=reprlib.repr(value),
        )
    # NaN is in no range; a comparison also takes integers too large for a float.
    low, high = info.limits
    if not low <= value <= high:
        # As somebody would write it: 1e+09, not 1000000000.0.
        written = reprlib.repr(value)
        if isinstance(value, float) and float(short := f"{value:g}") == value:
            written = short
        raise DigitpadError(
            "{title}: the value must be from {low} to {high}, not {value}.",
            title=info.title,
            low=low,
            high=high,
            value=written,
        )
