"""The real program in a profile of its own."""

import pytest
from garbage import garbage_waits

from digitpad.app.application import Program
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.paths import Profile

__all__ = ["garbage_waits"]

LOADING_MS = 600_000


@pytest.fixture
def open_program(qtbot, tmp_path):
    programs = []

    def make(box: CrashFile | None = None) -> Program:
        program = Program(Profile(tmp_path), box)
        programs.append(program)
        qtbot.addWidget(program.window)
        program.window.resize(1000, 680)
        with qtbot.waitSignal(program.recognition.ready, timeout=LOADING_MS):
            program.window.show()
        return program

    yield make
    for program in programs:
        program.window.close()
        program.shutdown()
