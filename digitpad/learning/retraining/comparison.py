"""Before and after: how well a model and what was trained from it read the same drawings.

Without torch.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from digitpad.errors import DigitpadError
from digitpad.recognition.uncertainty import wilson_interval
from digitpad.text import writable

_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of some drawings are read right.

    Attributes:
        title: what the drawings are, for people.
        count: how many they are, at least 1.
        before: how many of them are read right before the training, from 0 to `count`.
        after: how many of them are read right after it; None while it is not over.
    """

    title: str
    count: int
    before: int
    after: int | None = None

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where the shares of all such drawings probably lie, before and after.

        See `wilson_interval`.
        """
        after = self.before if self.after is None else self.after
        return wilson_interval(self.before, self.count), wilson_interval(after, self.count)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model and the one that was trained from it, with the user's samples among the data.

    Attributes:
        model: name or file of the model for the warm start.
        own: the user's samples that were held out; None if there are none.
        everybody: the validation data.
    """

    model: str
    own: Tally | None
    everybody: Tally

    @property
    def is_complete(self) -> bool:
        """Whether the training is over."""
        return self.everybody.after is not None

    def to_json(self) -> str:
        """A JSON object that `from_json` reads."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Comparison:
        """Parse what `to_json` has written.

        Raises:
            DigitpadError: it is none.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            own = values["own"]
            return cls(
                _text(values["model"]),
                None if own is None else _tally(own),
                _tally(values["everybody"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise DigitpadError("This is not a comparison of two models.") from None


def _tally(values: dict[str, Any]) -> Tally:
    count, after = _number(values["count"], 1, _MOST), values["after"]
    return Tally(
        _text(values["title"]),
        count,
        _number(values["before"], 0, count),
        None if after is None else _number(after, 0, count),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return writable(value)


def _number(value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError("no count")
    return value
