"""Python's cyclic garbage collector, on the thread that owns the widgets."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

_INTERVAL_MS = 5_000


class Collector(QObject):
    """Collects on the UI thread only.

    Left alone, Python collects on whichever thread happens to allocate, and destroys widgets there.

    Modules live as long as the program. With torch there are so many objects in them that looking
    through all of them holds the window for a quarter of a second, so after an import everything
    is set aside. Garbage that was set aside with it is collected while nobody uses the window.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._collect)
        self._modules = 0
        self._may_hide_garbage = False

    def start(self) -> None:
        """Take over from Python."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give the work back to Python."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            self._may_hide_garbage = True
            gc.freeze()
        elif self._may_hide_garbage and not _is_used():
            self._may_hide_garbage = False
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        else:
            counts, thresholds = gc.get_count(), gc.get_threshold()
            for generation in (2, 1, 0):
                if counts[generation] > thresholds[generation]:
                    gc.collect(generation)
                    return


def _is_used() -> bool:
    """Whether a window of the program has the keys, so that a pause would be felt."""
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
