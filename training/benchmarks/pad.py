"""The real window: times from a pointer event to its ink, and from a stroke to its answer.

It runs in a process of its own (`python -m training.benchmarks.pad`), so that each run starts from
nothing and has the program's numbers of threads.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from digitpad.app.application import Program, create_application
from digitpad.app.collector import Collector
from digitpad.paths import Profile
from digitpad.recognition.recognition import preprocess_drawing
from training.benchmarks.process import run_part
from training.benchmarks.strokes import drawings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from digitpad.recognition.recognition import Recognition

DRAWINGS = 150

PACE = 0.005
"""Seconds between two events: a pen tablet sends 200 in a second."""


def measure(data: Path | None) -> dict[str, Any]:
    """Times in milliseconds, as medians and 99th percentiles."""
    figures: dict[str, Any] = run_part("training.benchmarks.pad", data)
    return figures


class Hand:
    """Draws on the window's canvas with mouse events, and measures the time of each.

    The time begins when an event is due: if the window is still busy with a recognition, the wait
    counts, too.
    """

    def __init__(self, program: Program) -> None:
        self._window = program.window
        self._canvas = program.pad.canvas
        self._due = 0.0
        self._answers: list[float] = []
        program.pad_controller.live.recognized.connect(self._on_read)
        self.times: dict[str, list[float]] = {
            "pointer event to repainted ink": [],
            "end of stroke to answer": [],
            "end of stroke to painted answer": [],
        }

    def draw(self, drawing: Drawing) -> None:
        """Draw strokes with an event for each point."""
        self._due = time.perf_counter()
        for stroke in self._fitted(drawing):
            self._event(QEvent.Type.MouseButtonPress, stroke[0])
            for point in stroke[1:]:
                painted = self._event(QEvent.Type.MouseMove, point)
                self.times["pointer event to repainted ink"].append(painted)
            self._lift(stroke[-1])

    def _lift(self, point: NDArray[np.float64]) -> None:
        """End a stroke, and wait for the whole answer, which may take several updates."""
        self._wait_until_due()
        # An answer that came meanwhile was of the open stroke.
        self._answers.clear()
        painted = self._send_and_paint(QEvent.Type.MouseButtonRelease, point)
        if not self._answers:
            while not self._answers:
                QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            QApplication.processEvents()
            painted = 1000 * (time.perf_counter() - self._due)
        self.times["end of stroke to answer"].append(1000 * (self._answers[0] - self._due))
        self.times["end of stroke to painted answer"].append(painted)
        # The next stroke begins when this one has been read.
        self._due = max(self._due, time.perf_counter())

    def _event(self, kind: QEvent.Type, point: NDArray[np.float64]) -> float:
        """Send an event; milliseconds from when it was due until all that it changed is painted."""
        self._wait_until_due()
        return self._send_and_paint(kind, point)

    def _wait_until_due(self) -> None:
        self._due += PACE
        # Meanwhile the window does its own work, such as recognizing at each frame.
        while time.perf_counter() < self._due:
            QApplication.processEvents()

    def _send_and_paint(self, kind: QEvent.Type, point: NDArray[np.float64]) -> float:
        self._send(kind, point)
        # Returns when what the event asked to be painted is painted.
        QApplication.processEvents()
        return 1000 * (time.perf_counter() - self._due)

    def _on_read(self, recognition: Recognition) -> None:
        if recognition.is_complete:
            self._answers.append(time.perf_counter())

    def _send(self, kind: QEvent.Type, point: NDArray[np.float64]) -> None:
        position = QPointF(*point)
        pressed = kind != QEvent.Type.MouseButtonRelease
        left = Qt.MouseButton.LeftButton
        event = QMouseEvent(
            kind,
            position,
            QPointF(self._canvas.mapToGlobal(QPoint(0, 0))) + position,
            Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left,
            left if pressed else Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._canvas, event)

    def _fitted(self, drawing: Drawing) -> list[NDArray[np.float64]]:
        every = np.concatenate([stroke.points for stroke in drawing.strokes])
        low, size = every.min(axis=0), np.ptp(every, axis=0).max() or 1.0
        side = 0.8 * min(self._canvas.width(), self._canvas.height())
        return [(s.points - low) * (side / size) + 0.1 * side for s in drawing.strokes]


def _main(data: Path | None) -> None:
    figures = with_program(lambda program: _figures(program, drawings(data, DRAWINGS)))
    print(json.dumps(figures))


def with_program(work: Callable[[Program], dict[str, Any]]) -> dict[str, Any]:
    """Do something in the real window, in a profile of its own, and close it."""
    application = create_application()
    application.setQuitOnLastWindowClosed(False)
    collector = Collector()
    collector.start()
    with tempfile.TemporaryDirectory() as profile:
        program = Program(Profile(Path(profile)))
        # A loop of its own: quitting the application's would close the window.
        loading = QEventLoop()
        program.recognition.ready.connect(loading.quit)
        program.recognition.failed.connect(loading.quit)
        program.window.show()
        loading.exec()
        figures = work(program)
        program.window.close()
        program.shutdown()
    collector.stop()
    gc.freeze()  # as the program does before it ends
    return figures


def _figures(program: Program, chosen: list[Drawing]) -> dict[str, Any]:
    hand = Hand(program)
    parts: dict[str, list[float]] = {"glyph": [], "forward": [], "paint of the answer": []}
    for drawing in chosen:
        program.pad.document.clear()
        QApplication.processEvents()
        hand.draw(drawing)
        on_pad = program.pad.document.drawing
        recognition = _timed(parts["glyph"], preprocess_drawing, on_pad)
        _timed(parts["forward"], program.recognition.recognize, recognition)
        # grab() paints the whole panel, of which a new answer changes the most part.
        _timed(parts["paint of the answer"], program.pad.answer.grab)
    return {
        f"{name} (ms, {title})": float(np.quantile(times, share))
        for name, times in (hand.times | parts).items()
        for title, share in (("median", 0.5), ("99 %", 0.99))
    } | {"pointer events": len(hand.times["pointer event to repainted ink"])}


def _timed(times: list[float], call: Callable[..., Any], *arguments: Any) -> Any:
    began = time.perf_counter()
    result = call(*arguments)
    times.append(1000 * (time.perf_counter() - began))
    return result


if __name__ == "__main__":
    _main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
