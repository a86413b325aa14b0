"""The networks of a training, epoch by epoch, asked about the pad's drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from digitpad.app.train.epochs.view import EpochRecognition
from digitpad.recognition.division.recognize import recognize

if TYPE_CHECKING:
    from digitpad.app.services.training import EpochNetwork
    from digitpad.ink.preprocessing import Stages
    from digitpad.recognition.recognition import Recognition

_MOST = 24
"""About how many networks are kept: those of all epochs could fill the memory."""


class EpochRecognitions(QObject):
    """Keeps the network of each epoch, and lets all of them recognize the pad's drawing.

    In a long training only every second, fourth, eighth, ... epoch is kept, and the latest one.

    Signals:
        changed: `latest` has changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._networks: list[EpochNetwork] = []
        self._known: dict[int, Recognition] = {}
        self._recognition: Recognition | None = None
        self._stride = 1
        # One network each time the window is idle: all at once would make it stutter.
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._ask_one)

    def clear(self) -> None:
        """Forget all networks before another training begins."""
        self._networks.clear()
        self._known.clear()
        self._stride = 1
        self._timer.stop()
        self.changed.emit()

    @Slot(object)
    def add(self, network: EpochNetwork) -> None:
        """Keep the network of an epoch, and ask it soon."""
        self._networks.append(network)
        if len(self._networks) > _MOST:
            self._stride *= 2
        self._networks = [n for n in self._networks if n.epoch % self._stride == 0 or n is network]
        self._timer.start()

    def show_recognition(self, recognition: Recognition | None) -> None:
        """Ask all networks about the drawing of this recognition; None or no parts ask nothing."""
        if _stages(recognition) == _stages(self._recognition):
            return
        self._recognition = recognition
        self._known.clear()
        self._timer.start()

    @Slot()
    def _ask_one(self) -> None:
        asked = self._recognition
        waiting = [network for network in self._networks if network.epoch not in self._known]
        if asked is None or not asked.parts or not waiting:
            self._timer.stop()
            self.changed.emit()
            return
        network = waiting[0]
        # The parts are those that the pad has found.
        parts = replace(asked, proposal=None)
        (self._known[network.epoch],) = recognize([parts], network.predictor.predict)

    @property
    def latest(self) -> list[EpochRecognition]:
        """The recognitions so far, oldest epoch first; empty without a drawing."""
        known = self._known
        epochs = [network.epoch for network in self._networks if network.epoch in known]
        return [EpochRecognition(epoch, known[epoch]) for epoch in epochs]


def _stages(recognition: Recognition | None) -> list[Stages]:
    """What the networks are given: two recognitions with the same stages need no new answers."""
    return [] if recognition is None else [part.stages for part in recognition.parts]
