"""How fast a training goes, and how long it will still take."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from digitpad.learning.events import BatchDone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.learning.events import Row

_RECENT = 100
"""Steps over which the rate is taken."""


class Pace:
    """Counts steps and time from where a training starts or is resumed.

    Time passes between two deliveries of events and stands still in a pause, so that what is left
    counts validation and saving, too.

    Args:
        steps: of the whole training.
        done: of these, before it was started or resumed.
        now: seconds on a clock that never goes back.
    """

    def __init__(self, steps: int, done: int, now: float) -> None:
        self.steps = steps
        self.done = done
        self.epoch = 0
        self._first = done
        self._last = now
        self._elapsed = 0.0
        self._recent: deque[BatchDone] = deque(maxlen=_RECENT)

    def add(self, rows: Sequence[Row], now: float) -> None:
        """Take in what has happened since the last time."""
        for row in rows:
            self.done = max(self.done, row.step)
            self.epoch = row.epoch
            if isinstance(row, BatchDone):
                self._recent.append(row)
        self._elapsed += now - self._last
        self._last = now

    def continue_(self, now: float) -> None:
        """A pause is over."""
        self._last = now

    @property
    def rate(self) -> float | None:
        """Glyphs a second in recent steps; None before the first."""
        seconds = sum(row.seconds for row in self._recent)
        return sum(row.glyphs for row in self._recent) / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Until the last step, at the speed so far; None while that cannot be known."""
        taken = self.done - self._first
        if taken < 1 or self._elapsed <= 0:
            return None
        return self._elapsed / taken * (self.steps - self.done)
