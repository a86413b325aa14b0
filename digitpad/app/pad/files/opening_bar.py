"""A bar that says what is being opened if it takes a while, with a button to cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from digitpad.app.widgets.layout import fill, pause_timer, plain_label
from digitpad.app.widgets.theme import notice_painter

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

DELAY_MS = 300
"""Milliseconds after which the bar appears."""

_TOP = 44
_LONGEST = 40
"""Largest number of letters of a name that are shown."""


class OpeningBar(QWidget):
    """Lies above the upper edge of a window while something is being opened.

    Signals:
        cancelled: the user wants to cancel.
    """

    cancelled = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._label = plain_label()
        self._button = QPushButton(self.tr("Cancel"))
        self._button.setToolTip(self.tr("Stop opening (Esc)"))
        self._button.clicked.connect(self.cancelled)
        fill(QHBoxLayout(self), self._label, self._button, spacing=12, margins=(14, 6, 8, 6))
        self.setAccessibleName(self.tr("Opening"))
        self._timer = pause_timer(self, DELAY_MS, self._appear)
        self.hide()

    @property
    def text(self) -> str:
        """The text of the bar."""
        return self._label.text()

    @Slot(str)
    def wait_for(self, name: str) -> None:
        """Appear soon, for something with this name that is being opened."""
        shown = (
            name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"
        )
        self._label.setText(self.tr("Opening {name}…").format(name=shown))
        self.setAccessibleDescription(self._label.text())
        if self.isVisible():
            self.place()
        else:
            self._timer.start()

    @Slot()
    def finish(self) -> None:
        """Hide: nothing is being opened any more."""
        self._timer.stop()
        self.hide()

    def place(self) -> None:
        """Move to the middle of the window, whose size may have changed."""
        self.adjustSize()
        self.move((self._window.width() - self.width()) // 2, _TOP)

    @Slot()
    def _appear(self) -> None:
        self.place()
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a rounded ground that stands out."""
        notice_painter(self, 8).end()
