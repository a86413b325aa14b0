"""Start, pause, continue and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from digitpad.app.widgets.layout import fill

if TYPE_CHECKING:
    from digitpad.app.services.training import State
    from digitpad.app.widgets.icons import Icons


class ControlRow(QWidget):
    """The buttons that drive a training; which ones are there depends on its state.

    Signals:
        start_wanted, pause_wanted, continue_wanted, stop_wanted: a button was pressed.
    """

    start_wanted = Signal()
    pause_wanted = Signal()
    continue_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._state: State = "idle"
        self.start = self._button(icons, "play", self.tr("&Start"), self.start_wanted)
        self.pause = self._button(icons, "pause", self.tr("&Pause"), self.pause_wanted)
        self.continue_ = self._button(icons, "play", self.tr("Co&ntinue"), self.continue_wanted)
        self.stop = self._button(icons, "stop", self.tr("St&op"), self.stop_wanted)
        # Not as a default button, which looks as if it had the focus.
        font = self.start.font()
        font.setBold(True)
        self.start.setFont(font)
        self.stop.setToolTip(self.tr("Stop the training; what it has learned so far is kept"))
        self._buttons = (self.start, self.pause, self.continue_, self.stop)
        fill(QHBoxLayout(self), *self._buttons, spacing=8)
        self.show_state("idle")
        self.show_obstacle("")

    def _button(self, icons: Icons, icon: str, text: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(icons.icon(icon), text)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(34)
        button.clicked.connect(signal)
        return button

    @Slot(str)
    def show_state(self, state: State) -> None:
        """Show the buttons that do something now."""
        focused = any(button.hasFocus() for button in self._buttons)
        self._state = state
        idle = state == "idle"
        self.start.setVisible(idle)
        self.pause.setVisible(state in {"preparing", "running", "stopping"})
        self.pause.setEnabled(state == "running")
        self.continue_.setVisible(state == "paused")
        self.stop.setVisible(not idle)
        self.stop.setEnabled(state != "stopping")
        if focused:
            # A hidden button would leave the keys with nobody.
            self.take_focus()

    def take_focus(self) -> None:
        """Let the keys work the button that is most likely wanted now."""
        likely = {"idle": self.start, "paused": self.continue_}
        likely.get(self._state, self.stop).setFocus()

    def show_obstacle(self, sentence: str) -> None:
        """Say why nothing can be started now; an empty text says that it can."""
        self.start.setEnabled(not sentence)
        self.start.setToolTip(sentence or self.tr("Train a network with these settings"))
