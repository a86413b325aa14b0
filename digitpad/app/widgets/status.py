"""A line that says for a moment what has just been done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetricsF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from digitpad.app.widgets.layout import pause_timer

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_SHOWN_MS = 5000
"""Milliseconds: long enough to be noticed and read."""


class StatusLine(QLabel):
    """Shows as much of a sentence as fits into the rest of a row, for a few seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = ""
        self._timer = pause_timer(self, _SHOWN_MS, self.clear_sentence)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def sentence(self) -> str:
        """The sentence shown; "" if there is none."""
        return self._sentence

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Show a sentence for a while, and let screen readers read it out."""
        self._sentence = sentence
        self._fit()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    @Slot()
    def clear_sentence(self) -> None:
        """Remove the sentence."""
        self._sentence = ""
        self._timer.stop()
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """It may become as narrow as it must."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the sentence to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics, middle = QFontMetricsF(self.font()), Qt.TextElideMode.ElideMiddle
        self.setText(metrics.elidedText(self._sentence, middle, self.width()))
        self.setAccessibleName(self._sentence)
