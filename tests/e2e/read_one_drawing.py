"""Open the real program, draw one drawing with the mouse, and check that it is read.

`python tests/e2e/read_one_drawing.py FILE.ndjson` exits with 0 if the window's answer is the word
of the file's first drawing and the window then closes cleanly, else with 1.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtTest import QTest

from digitpad import cli
from digitpad.app import application
from digitpad.ink.stroke_file import StrokeRecord, read_strokes

PATIENCE_MS = 300_000


class Person(QObject):
    """Draws as soon as the model is ready, and looks at the answer."""

    def __init__(self, program: application.Program, record: StrokeRecord) -> None:
        super().__init__()
        self._program = program
        self._record = record
        self.answer: str | None = None
        self.refused = True
        program.recognition.ready.connect(self.draw)
        program.pad_controller.live.recognized.connect(self.look)
        QTimer.singleShot(PATIENCE_MS, program.window.close)

    @Slot()
    def draw(self) -> None:
        canvas = self._program.pad.canvas
        left = Qt.MouseButton.LeftButton
        strokes = [stroke.points for stroke in self._record.drawing.strokes]
        every = np.concatenate(strokes)
        low, size = every.min(axis=0), float(np.ptp(every, axis=0).max())
        side = min(canvas.width(), canvas.height())
        for stroke in strokes:
            places = [
                QPoint(*map(int, p)) for p in (stroke - low) * (0.7 * side / size) + 0.15 * side
            ]
            QTest.mousePress(canvas, left, pos=places[0])
            for place in places[1:]:
                QTest.mouseMove(canvas, place)
            QTest.mouseRelease(canvas, left, pos=places[-1])
        self._program.window.close()

    @Slot(object)
    def look(self, recognition) -> None:
        if recognition.predictions:
            self.answer, self.refused = recognition.text, recognition.rejected


def main(path: Path) -> int:
    record = next(read_strokes(path))
    people: list[Person] = []

    class Program(application.Program):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments)
            people.append(Person(self, record))

    application.Program = Program
    with tempfile.TemporaryDirectory() as profile:
        code = cli.run(["--profile", profile])
    (person,) = people
    print(f"drawn {record.word}, read {person.answer}, exit code {code}")
    return int(code != 0 or person.answer != record.word or person.refused)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
