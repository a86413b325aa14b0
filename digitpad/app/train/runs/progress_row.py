"""How far a training is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from digitpad.app.widgets.numbers import duration, whole
from digitpad.app.widgets.theme import QuietLabel

if TYPE_CHECKING:
    from digitpad.app.train.runs.pace import Pace


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
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self.bar)
        rows.addWidget(self.label)
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
        parts = [
            self.tr("Epoch {epoch} of {epochs}").format(
                epoch=whole(max(pace.epoch, 1)), epochs=whole(epochs)
            )
        ]
        if paused:
            parts.append(self.tr("paused"))
        else:
            if pace.rate is not None:
                parts.append(
                    self.tr("{rate} drawings a second").format(rate=whole(round(pace.rate)))
                )
            if pace.seconds_left is not None:
                parts.append(self.tr("{time} left").format(time=duration(pace.seconds_left)))
        self._say(" · ".join(parts))

    def _say(self, text: str) -> None:
        self.label.setText(text)
        self.bar.setAccessibleDescription(text)
