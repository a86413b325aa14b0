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
        low: smallest number that it takes; None where it takes no numbers.
        high: largest one.
        whole: whether only whole numbers are taken.
        choices: the names that it takes, each with its title; empty for numbers.
        advanced: whether a beginner can leave it alone.
    """

    title: str
    help: str
    low: float | None = None
    high: float | None = None
    whole: bool = False
    choices: Mapping[str, str] | None = None
    advanced: bool = True


def check(info: FieldInfo, value: object) -> None:
    """Refuse a value that a setting does not take.

    Args:
        info: of the setting.
        value: of any kind.

    Raises:
        DigitpadError: the value is of the wrong kind or out of range; the sentence says what is
            taken.
    """
    called = f"{info.title[:1].lower()}{info.title[1:]}"
    if info.choices is not None:
        if not isinstance(value, str) or value not in info.choices:
            raise DigitpadError(
                "The {called} must be one of {choices}, not {value}.",
                called=called,
                choices=", ".join(info.choices),
                value=reprlib.repr(value),
            )
        return
    if info.low is None or info.high is None:
        return
    kinds = (int,) if info.whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        kind = "a whole number" if info.whole else "a number"
        raise DigitpadError(
            "The {called} must be {kind}, not {value}.",
            called=called,
            kind=kind,
            value=reprlib.repr(value),
        )
    # NaN is in no range; a comparison also takes integers too large for a float.
    if not info.low <= value <= info.high:
        # As somebody would write it: 1e+09, not 1000000000.0.
        given = reprlib.repr(value)
        if isinstance(value, float) and float(short := f"{value:g}") == value:
            given = short
        raise DigitpadError(
            "The {called} must be from {low} to {high}, not {given}.",
            called=called,
            low=info.low,
            high=info.high,
            given=given,
        )
