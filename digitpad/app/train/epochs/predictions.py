"""The pad's drawing as the network read it after each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from digitpad.app.train.epochs.view import EpochPrediction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitpad.app.services.training import EpochNetwork
    from digitpad.recognition.prediction import Prediction

_MOST = 24
"""Networks that are kept: a long training would else fill the memory."""


class EpochPredictions(QObject):
    """Keeps a copy of the network of each epoch, and lets all of them read the drawing.

    Of a long training every second, fourth, ... epoch is kept, and the latest.

    Args:
        parent: as usual.

    Signals:
        read: the latest readings are others now.
    """

    read = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._networks: list[EpochNetwork] = []
        self._known: dict[int, Prediction] = {}
        self._glyph: NDArray[np.uint8] | None = None
        self._stride = 1
        # One network each time the window has nothing else to do: all at once would be felt.
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._read_one)

    def clear(self) -> None:
        """Forget all networks: another training begins."""
        self._networks.clear()
        self._known.clear()
        self._stride = 1
        self._timer.stop()
        self.read.emit()

    @Slot(object)
    def add(self, network: EpochNetwork) -> None:
        """Keep a network, and let it read."""
        self._networks.append(network)
        if len(self._networks) > _MOST:
            self._stride *= 2
            latest = self._networks[-1]
            self._networks = [
                n for n in self._networks if n.epoch % self._stride == 0 or n is latest
            ]
        elif len(self._networks) > 1 and self._networks[-2].epoch % self._stride:
            # It was there as the latest only.
            del self._networks[-2]
        self._timer.start()

    def show_glyph(self, glyph: NDArray[np.uint8] | None) -> None:
        """Read another drawing, uint8 (28, 28); None is an empty pad."""
        if glyph is self._glyph:
            return
        self._glyph = glyph
        self._known.clear()
        self._timer.start()

    @Slot()
    def _read_one(self) -> None:
        glyph = self._glyph
        unread = [network for network in self._networks if network.epoch not in self._known]
        if glyph is None or not unread:
            self._timer.stop()
            self.read.emit()
            return
        network = unread[0]
        self._known[network.epoch] = network.predictor.predict(glyph[None])[0]

    @property
    def latest(self) -> list[EpochPrediction]:
        """Oldest first; empty without a drawing."""
        return [
            EpochPrediction(network.epoch, self._known[network.epoch])
            for network in self._networks
            if network.epoch in self._known
        ]
