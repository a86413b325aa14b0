"""How far a training is, how fast it goes, and how long it will still take."""

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
"""Steps over which the rate is taken."""

_PARTS = 1000
"""Of the bar, where it does not count steps."""


class Pace:
    """Counts steps and time from where a training starts or is resumed.

    Time passes between two deliveries of events and stands still in a pause, so that what is left
    counts validation and saving, too.

    Args:
        started: the training, and what of it was done before.
        now: seconds on a clock that never goes back.

    Attributes:
        steps, epochs: of the whole training.
        passes: how often each epoch goes through the data.
        done: steps that are done.
        epoch: the one that goes on, from 1; 0 before the first step.
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


class ProgressRow(QWidget):
    """A bar over the whole training, and a line that says where it is."""

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
        # A long sentence is no reason to widen the page.
        self.label.setWordWrap(True)
        # Without words there is room for some.
        self.label.setMinimumHeight(self.label.fontMetrics().height())
        fill(QVBoxLayout(self), self.bar, self.label, spacing=4)
        self.show_idle("")

    def show_idle(self, text: str, done: float = 0.0) -> None:
        """Show a sentence, and how far the training came that it is about, from 0 to 1.

        Without a sentence there is nothing to be far with, and no bar.
        """
        self._show(text, round(_PARTS * done), _PARTS)

    def show_busy(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Show that something is prepared, with a moving bar where its end is not known."""
        value = round(_PARTS * done / total) if total else 0
        self._show(text, value, 0 if total is None else _PARTS)

    def show_pace(self, pace: Pace, *, paused: bool) -> None:
        """Show how far the training is."""
        parts = [
            self.tr("Epoch {epoch} of {epochs}").format(
                epoch=whole(max(pace.epoch, 1)), epochs=whole(pace.epochs)
            )
        ]
        if pace.passes > 1:
            # Else one wonders at the drawings in an epoch of small data.
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
        # A number stays with its sign when a line ends.
        self.label.setText(text.replace(" %", "\u00a0%"))
        self.bar.setAccessibleDescription(text)
