"""The time from the start of the process to the painted window, and to the first answer."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 7

_TORCH = """
import time, json
import torch
print(json.dumps({"import torch": time.monotonic()}))
"""

_BARE_WINDOW = """
import time, json
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, self.painted)
    def painted(self):
        print(json.dumps({"bare PySide6 window": time.monotonic()}))
        app.quit()
app = QApplication([])
window = Window()
window.resize(1000, 680)
window.show()
app.exec()
"""

# The real program with its real entry point. A subclass of `Program` takes the times. Its module is
# imported a moment earlier than the program itself would do it.
_DIGITPAD = """
import sys, time, json
from digitpad import cli
from digitpad.app import application
from PySide6.QtCore import QObject, Slot
from digitpad.ink.drawing import Drawing
marks = {}
class Watch(QObject):
    def __init__(self, program):
        super().__init__()
        self.program = program
        program.window.first_painted.connect(self.painted)
        program.recognition.ready.connect(self.ready)
    @Slot()
    def painted(self):
        marks["painted window"] = time.monotonic()
    @Slot()
    def ready(self):
        pad = self.program.pad
        self.program.pad_controller.live.recognized.connect(self.read)
        pad.document.replace(Drawing.of([[(-100, -200), (100, -200), (0, 200)]]))
    @Slot(object)
    def read(self, recognition):
        if recognition.predictions and "first answer" not in marks:
            marks["first answer"] = time.monotonic()
            print(json.dumps(marks))
            self.program.window.close()
class Program(application.Program):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.watch = Watch(self)
application.Program = Program
sys.exit(cli.run(["--profile", sys.argv[1]]))
"""


def measure(_data: Path | None) -> dict[str, Any]:
    """Medians over rounds in which each program runs once; seconds, and ratios."""
    marks: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as profile:
        # The first round warms the disk's cache and compiles byte code; it does not count.
        for round_ in range(ROUNDS + 1):
            for program in (_TORCH, _BARE_WINDOW, _DIGITPAD):
                for name, seconds in _run(program, profile).items():
                    if round_:
                        marks.setdefault(name, []).append(seconds)
    medians = {name: statistics.median(values) for name, values in marks.items()}
    return {
        **{f"{name} (s, median of {ROUNDS})": seconds for name, seconds in medians.items()},
        "painted window / bare PySide6 window": medians["painted window"]
        / medians["bare PySide6 window"],
        "first answer - import torch (s)": medians["first answer"] - medians["import torch"],
        "first answer / import torch": medians["first answer"] / medians["import torch"],
    }


def _run(program: str, profile: str) -> dict[str, float]:
    """Seconds from just before the process was made to each mark that it prints."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, profile],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    marks: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {name: seconds - began for name, seconds in marks.items()}
