"""The window during a training: its heartbeat, the time from a stroke to its answer, and memory.

Runs in a process of its own (`python -m training.benchmarks.beside`), as the pad's benchmark does.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot

from digitpad.app.application import Program, create_application
from digitpad.app.collector import Collector
from digitpad.data.choice import DataChoice
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.events import EpochDone
from digitpad.paths import Profile
from training.benchmarks.pad import Hand
from training.benchmarks.process import resident_megabytes, run_part
from training.benchmarks.strokes import drawings

if TYPE_CHECKING:
    from digitpad.app.train.tab import TrainTab
    from digitpad.learning.configuration.config import TrainingConfig

DRAWINGS = 100
EPOCHS = (1, 5, 20)
BEAT_MS = 16
_WATCH_S = 20
"""Seconds during which the curves grow."""


def measure(data: Path | None) -> dict[str, Any]:
    """Times in milliseconds, as medians and 99th percentiles, and megabytes after some epochs."""
    figures: dict[str, Any] = run_part("training.benchmarks.beside", data)
    return figures


class _Heart(QObject):
    """Measures the time between two beats of a timer in the window's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Start again."""
        self.gaps, self._last = [], None
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """Stop, and return statistics of the gaps since the start, in milliseconds."""
        self._timer.stop()
        return {
            "median": float(np.median(self.gaps)),
            "99 %": float(np.quantile(self.gaps, 0.99)),
            "worst": max(self.gaps),
        }

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            self.gaps.append(1000 * (now - self._last))
        self._last = now


class _Scales(QObject):
    """Measures the memory of the process after some epochs."""

    def __init__(self) -> None:
        super().__init__()
        self.megabytes: dict[int, float] = {}

    @Slot(object)
    def weigh(self, rows: list[object]) -> None:
        """Measure the memory if one of these epochs has ended."""
        for row in rows:
            if isinstance(row, EpochDone) and row.epoch in EPOCHS:
                self.megabytes[row.epoch] = resident_megabytes()


def _config(data: Path | None) -> TrainingConfig:
    choice = DataChoice("synthetic") if data is None else DataChoice("mnist", str(data / "mnist"))
    return replace(PRESETS["quick"].config, data=choice, epochs=max(EPOCHS))


def _main(data: Path | None) -> None:
    application = create_application()
    application.setQuitOnLastWindowClosed(False)
    collector = Collector()
    collector.start()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Profile(Path(folder)))
        program.window.show()
        _wait(program.recognition.ready)
        figures = _figures(program, program.show_train(), data)
        program.window.close()
        program.shutdown()
    collector.stop()
    gc.freeze()  # as the program does before it ends
    print(json.dumps(figures))


def _wait(signal: Any) -> None:
    loop = QEventLoop()
    signal.connect(loop.quit)
    loop.exec()
    signal.disconnect(loop.quit)


def _run_for(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _figures(program: Program, trainer: TrainTab, data: Path | None) -> dict[str, Any]:
    heart, scales = _Heart(), _Scales()
    trainer.training.events.connect(scales.weigh)
    heart.start()
    trainer.training.start(_config(data))
    _wait(trainer.training.events)
    figures: dict[str, Any] = {"while getting ready": heart.stop()}
    heart.start()
    _run_for(1000 * _WATCH_S)
    figures["curves growing"] = heart.stop()
    program.show_pad()
    hand = Hand(program)
    heart.start()
    for drawing in drawings(data, DRAWINGS):
        program.pad.document.clear()
        hand.draw(drawing)
    figures["drawing"] = heart.stop()
    still = trainer.training.state == "running"
    times = {
        f"{name} (ms, {title})": float(np.quantile(values, share))
        for name, values in hand.times.items()
        for title, share in (("median", 0.5), ("99 %", 0.99))
    }
    if still:
        _wait(trainer.training.finished)
    beats = {
        f"heartbeat of {BEAT_MS} ms, {place} (ms, {title})": value
        for place, gaps in figures.items()
        for title, value in gaps.items()
    }
    memory = {f"memory after epoch {e} (MB)": size for e, size in scales.megabytes.items()}
    return {**beats, **times, "training until the last stroke": still, **memory}


if __name__ == "__main__":
    _main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
