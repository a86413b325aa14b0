"""Start, pause, continue and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

if TYPE_CHECKING:
    from digitpad.app.services.training import State
    from digitpad.app.widgets.icons import Icons


class ControlRow(QWidget):
    """The buttons that drive a training; which ones are there depends on its state.

    Args:
        icons: for the buttons.

    Signals:
        start_wanted, pause_wanted, continue_wanted, stop_wanted: a button was pressed.
    """

    start_wanted = Signal()
    pause_wanted = Signal()
    continue_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._obstacle = ""
        self._state: State = "idle"
        self.start = self._button(icons, "play", self.tr("&Start"), self.start_wanted)
        self.pause = self._button(icons, "pause", self.tr("&Pause"), self.pause_wanted)
        self.continue_ = self._button(icons, "play", self.tr("Co&ntinue"), self.continue_wanted)
        self.stop = self._button(icons, "stop", self.tr("St&op"), self.stop_wanted)
        # Not as a default button, which looks as if it had the focus.
        font = self.start.font()
        font.setBold(True)
        self.start.setFont(font)
        self.stop.setToolTip(self.tr("Stop the training; what it has learnt so far is kept"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.start, self.pause, self.continue_, self.stop):
            row.addWidget(button)
        self.show_state("idle")

    def _button(self, icons: Icons, icon: str, text: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(icons.icon(icon), text)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(34)
        button.clicked.connect(signal)
        return button

    @Slot(str)
    def show_state(self, state: State) -> None:
        """Show the buttons that do something now."""
        focused = any(b.hasFocus() for b in (self.start, self.pause, self.continue_, self.stop))
        self._state = state
        idle = state == "idle"
        self.start.setVisible(idle)
        self.pause.setVisible(state in {"preparing", "running", "stopping"})
        self.pause.setEnabled(state == "running")
        self.continue_.setVisible(state == "paused")
        self.stop.setVisible(not idle)
        self.stop.setEnabled(state != "stopping")
        self._update_start()
        if focused:
            # A hidden button would leave the keys with nobody.
            self.take_focus()

    def take_focus(self) -> None:
        """Let the keys work the button that is most likely wanted now."""
        state = self._state
        (
            self.start if state == "idle" else self.continue_ if state == "paused" else self.stop
        ).setFocus()

    def show_obstacle(self, sentence: str) -> None:
        """Say why nothing can be started now; an empty text says that it can."""
        self._obstacle = sentence
        self._update_start()

    def _update_start(self) -> None:
        self.start.setEnabled(not self._obstacle)
        self.start.setToolTip(self._obstacle or self.tr("Train a network with these settings"))
