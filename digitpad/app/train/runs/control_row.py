"""The buttons that start, pause, continue and stop a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from digitpad.app.widgets.controls import ActionButton
from digitpad.app.widgets.layout import fill, scaled

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from digitpad.app.services.training import State
    from digitpad.app.train.actions import TrainActions

_LEAST_HEIGHT = 34
"""Of a button, in device-independent pixels."""


class ControlRow(QWidget):
    """A row of the buttons that can be used in the present state of the training."""

    def __init__(self, actions: TrainActions) -> None:
        super().__init__()
        self._actions = actions
        self._state: State = "idle"
        self._obstacle = self._download = ""
        self.start, self.hold, self.stop = (
            self._button(action) for action in (actions.start, actions.hold, actions.stop)
        )
        # Bold, but no default button: that would look as if it had the focus.
        self.start.setFont(scaled(self.start.font(), bold=True))
        self._buttons = (self.start, self.hold, self.stop)
        fill(QHBoxLayout(self), *self._buttons, spacing=8)
        self.show_state("idle")

    def _button(self, action: QAction) -> ActionButton:
        button = ActionButton(action)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(_LEAST_HEIGHT)
        return button

    @Slot(str)
    def show_state(self, state: State) -> None:
        """Show the buttons that can be used in this state."""
        focused = any(button.hasFocus() for button in self._buttons)
        self._state = state
        idle = state == "idle"
        self._actions.show_state(state)
        self.start.setVisible(idle)
        self.hold.setVisible(not idle)
        self.stop.setVisible(not idle)
        self._update_start()
        if focused:
            # A hidden button loses the focus, and the keys would go nowhere.
            self.take_focus()

    def take_focus(self) -> None:
        """Give the focus to the button that is most likely wanted now."""
        likely = {"idle": self.start, "paused": self.hold}
        likely.get(self._state, self.stop).setFocus()

    def show_obstacle(self, sentence: str) -> None:
        """Say why no training can start; "" if one can."""
        self._obstacle = sentence
        self._update_start()

    def show_download(self, size: str) -> None:
        """Say how much a start downloads first, such as "562 MB"; "" for nothing."""
        self._download = size
        self._update_start()

    def _update_start(self) -> None:
        self._actions.show_start(
            possible=self._state == "idle", obstacle=self._obstacle, download=self._download
        )
