"""The progress of loading data. Without torch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

Stage = Literal[
    "downloading", "checking", "unpacking", "reading", "drawing", "scribbling", "redrawing"
]

TICK_S = 0.05
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The progress of loading data.

    Attributes:
        stage: what is being done.
        done: how much of it is done, at least 0.
        total: how much there is to do; None if that is not known.
        unit: of `done` and `total`.
    """

    stage: Stage
    done: int
    total: int | None
    unit: Literal["bytes", "drawings"]


class Ticker:
    """Says when to report progress: often enough to cancel, but rarely enough to be cheap.

    The first report is due at once.
    """

    def __init__(self) -> None:
        self._next = 0.0

    def is_due(self) -> bool:
        """Whether a report is due; if so, the next interval begins."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + TICK_S
        return True
