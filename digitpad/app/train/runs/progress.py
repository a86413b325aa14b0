"""The progress of a training, its speed, and the time that is left."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import fill
from digitpad.app.widgets.numbers import duration, whole
from digitpad.app.widgets.theme import QuietLabel
from digitpad.learning.events import BatchDone
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.learning.events import Row, Started

_RECENT = 100
"""Number of latest steps whose mean rate is shown."""

_PARTS = 1000
"""Maximum of the bar where it shows a share and not steps."""


class Pace:
    """Counts the steps and the time of a training since it was started or resumed.

    The time includes validation and saving, so that the time left does, too. Pauses do not count.

    Args:
        started: the size of the training, and the steps done before it was resumed.
        now: seconds of a monotonic clock.

    Attributes:
        steps: of the whole training.
        epochs: of the whole training.
        passes: how often each epoch goes through the data.
        done: steps done so far, those before it was resumed included.
        epoch: the present epoch, from 1; 0 before the first event.
    """

    def __init__(self, started: Started, now: float) -> None:
        self.steps, self.epochs, self.done = started.steps, started.epochs, started.done
        self.passes = started.passes
        self.epoch = 0
        self._first = started.done
        self._last = now
        self._elapsed = 0.0
        self._recent: deque[BatchDone] = deque(maxlen=_RECENT)

    def add(self, rows: Sequence[Row], now: float) -> None:
        """Add the events since the last call, and the time that has passed since then."""
        for row in rows:
            self.done = max(self.done, row.step)
            self.epoch = row.epoch
            if isinstance(row, BatchDone):
                self._recent.append(row)
        self._elapsed += now - self._last
        self._last = now

    def continue_(self, now: float) -> None:
        """Continue after a pause: the time since the last call does not count."""
        self._last = now

    @property
    def rate(self) -> float | None:
        """Glyphs per second over the latest steps; None before the first step."""
        seconds = sum(row.seconds for row in self._recent)
        return sum(row.glyphs for row in self._recent) / seconds if seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the last step, at the mean speed so far; None before the first step."""
        taken = self.done - self._first
        if taken < 1 or self._elapsed <= 0:
            return None
        return self._elapsed / taken * (self.steps - self.done)


class ProgressRow(QWidget):
    """A bar for the progress of the whole training, and a line of text below it."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(8)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.label = QuietLabel("")
        # A long sentence must not widen the page.
        self.label.setWordWrap(True)
        # Without a text the line keeps its height, so that nothing moves when one appears.
        self.label.setMinimumHeight(self.label.fontMetrics().height())
        fill(QVBoxLayout(self), self.bar, self.label, spacing=4)
        self.show_idle("")

    def show_idle(self, text: str, done: float = 0.0) -> None:
        """Show a sentence about a run, and its progress.

        Args:
            text: the sentence; without one the bar is hidden.
            done: the share of its steps that were done, from 0 to 1.
        """
        self._show(text, round(_PARTS * done), _PARTS)

    def show_busy(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Show what is being prepared, with a moving bar if `total` is None."""
        value = round(_PARTS * done / total) if total else 0
        self._show(text, value, 0 if total is None else _PARTS)

    def show_pace(self, pace: Pace, *, paused: bool) -> None:
        """Show the present epoch, the speed and the time left."""
        parts = [
            self.tr("Epoch {epoch} of {epochs}").format(
                epoch=whole(max(pace.epoch, 1)), epochs=whole(pace.epochs)
            )
        ]
        if pace.passes > 1:
            # Explains why an epoch has more drawings than the dataset.
            parts.append(
                self.tr("each {passes} times through the data").format(passes=whole(pace.passes))
            )
        if paused:
            parts.append(self.tr("paused"))
        else:
            if pace.rate is not None:
                rate = round(pace.rate)
                said = Sentence(
                    Plural("{rate} drawing per second", "{rate} drawings per second", rate),
                    rate=whole(rate),
                )
                parts.append(translated(said))
            if pace.seconds_left is not None:
                parts.append(self.tr("{time} left").format(time=duration(pace.seconds_left)))
        self._show(" · ".join(parts), pace.done, pace.steps)

    def _show(self, text: str, value: int, maximum: int) -> None:
        self.bar.setRange(0, maximum)
        self.bar.setValue(value)
        self.bar.setVisible(bool(text))
        # A line must not break between a number and its percent sign.
        self.label.setText(text.replace(" %", "\u00a0%"))
        self.bar.setAccessibleDescription(text)
