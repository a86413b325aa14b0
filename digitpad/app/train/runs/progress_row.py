"""How far a training is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from digitpad.app.widgets.controls import arrange
from digitpad.app.widgets.theme import QuietLabel

if TYPE_CHECKING:
    from digitpad.app.train.runs.pace import Pace

_MINUTE, _HOUR = 60, 3600


class ProgressRow(QWidget):
    """A bar over the whole training, and a line that says where it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(8)
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.label = QuietLabel("")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        # A long sentence is no reason to widen the page.
        self.label.setWordWrap(True)
        # Without words there is room for some.
        self.label.setMinimumHeight(self.label.fontMetrics().height())
        arrange(QVBoxLayout(self), self.bar, self.label, spacing=4)
        self.show_idle("")

    def show_idle(self, text: str, done: float = 0.0) -> None:
        """Show a sentence, and how far the training came that it is about, from 0 to 1."""
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * done))
        self._say(text)

    def show_busy(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Show that something is prepared, with a moving bar where its end is not known."""
        self.bar.setRange(0, 0 if total is None else 1000)
        self.bar.setValue(0 if not total else round(1000 * done / total))
        self._say(text)

    def show_pace(self, pace: Pace, epochs: int, *, paused: bool) -> None:
        """Show how far the training is."""
        self.bar.setRange(0, pace.steps)
        self.bar.setValue(pace.done)
        locale = QLocale()
        parts = [
            self.tr("Epoch {epoch} of {epochs}").format(
                epoch=locale.toString(max(pace.epoch, 1)), epochs=locale.toString(epochs)
            )
        ]
        if paused:
            parts.append(self.tr("paused"))
        else:
            if pace.rate is not None:
                parts.append(
                    self.tr("{rate} drawings a second").format(
                        rate=locale.toString(round(pace.rate))
                    )
                )
            if pace.seconds_left is not None:
                parts.append(self.tr("{time} left").format(time=self._time(pace.seconds_left)))
        self._say(" · ".join(parts))

    def _time(self, seconds: float) -> str:
        whole = round(seconds)
        if whole < _MINUTE:
            return self.tr("{count} s").format(count=whole)
        if whole < _HOUR:
            return self.tr("{minutes} min {seconds} s").format(
                minutes=whole // _MINUTE, seconds=whole % _MINUTE
            )
        return self.tr("{hours} h {minutes} min").format(
            hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE
        )

    def _say(self, text: str) -> None:
        self.label.setText(text)
        self.bar.setAccessibleDescription(text)
