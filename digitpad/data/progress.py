"""How far data is on its way. Free of torch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

Stage = Literal["downloading", "checking", "unpacking", "reading", "drawing", "scribbling"]

TICK_S = 0.05
"""Between two moments that are told."""


@dataclass(frozen=True, slots=True)
class Loading:
    """A moment of loading data.

    Attributes:
        stage: what is being done.
        done: how much of it, at least 0.
        total: how much there is to do, where that is known.
        unit: what is counted.
    """

    stage: Stage
    done: int
    total: int | None
    unit: Literal["bytes", "drawings"]


class Ticker:
    """Says when it is time to tell of progress: often enough to cancel, seldom enough to be cheap.

    The first time is at once.
    """

    def __init__(self) -> None:
        self._next = 0.0

    def is_due(self) -> bool:
        """Whether the interval is over; if so the next one begins."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + TICK_S
        return True
