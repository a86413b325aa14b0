"""What runs are called."""

from __future__ import annotations

import reprlib
from pathlib import Path
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.learning.fields import FIELDS

if TYPE_CHECKING:
    from digitpad.data.choice import DataChoice
    from digitpad.learning.config import TrainingConfig

_MAX_NAME = 100


def free_name(config: TrainingConfig, taken: set[str]) -> str:
    """A name that says what is trained and is not taken: "MNIST, quicknet 3"."""
    stem = f"{_data_title(config.data)}, {config.architecture}"
    number = 1
    while (name := f"{stem} {number}") in taken:
        number += 1
    return name


def _data_title(choice: DataChoice | None) -> str:
    if choice is None:
        return "Own data"
    if choice.kind in {"pictures", "strokes"} and choice.path is not None:
        # As long as a name may be, with room for the rest.
        title = Path(choice.path).name.split(".")[0][: _MAX_NAME // 2]
        if title.isprintable() and title.strip():
            return title.strip()
    return (FIELDS["data.kind"].choices or {})[choice.kind]


def checked_name(name: str) -> str:
    """The name without spaces around it.

    Raises:
        DigitpadError: no run can be called so.
    """
    chosen = name.strip()
    if not chosen or len(chosen) > _MAX_NAME or not chosen.isprintable():
        raise DigitpadError(
            "A run cannot be called {name}: give it a name of up to {max_name}"
            " letters, digits and signs in one line.",
            name=reprlib.repr(name),
            max_name=_MAX_NAME,
        )
    return chosen


def taken_name(name: str) -> DigitpadError:
    """What to raise where another run has the name."""
    return DigitpadError("There is a run called {name!r} already: choose another name.", name=name)
