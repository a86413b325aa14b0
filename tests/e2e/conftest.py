"""The real program in a profile of its own."""

import os

import pytest

from digitpad.app.application import Desk
from digitpad.diagnostics.crash_file import CrashFile
from digitpad.paths import Profile

LOADING_MS = 120_000


@pytest.fixture(autouse=True)
def _one_core(monkeypatch):
    # Trainings with a thread for each core crawl where other processes have work for them, too.
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})


@pytest.fixture
def open_desk(qtbot, tmp_path):
    desks = []

    def make(box: CrashFile | None = None) -> Desk:
        desk = Desk(Profile(tmp_path), box)
        desks.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.resize(1000, 680)
        with qtbot.waitSignal(desk.service.ready, timeout=LOADING_MS):
            desk.window.show()
        return desk

    yield make
    for desk in desks:
        desk.window.close()
        desk.shutdown()
