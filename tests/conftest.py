"""What every test is held to: it waits where the machine is busy, and leaves nothing behind."""

from __future__ import annotations

import functools
import os
import signal
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QThread
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

# Before torch and numpy are imported. Tests run beside each other: if each had a thread of torch's
# for every core, they would wait for one another.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"
# Tests need no display, and paint the same pixels whether there is one or not.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# A shell without job control lets a command in its background ignore Ctrl-C, and `nohup` the end of
# its terminal; all that this starts would ignore them, too.
for _name, _handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    _signal = getattr(signal, _name, None)
    if _signal is not None and signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(_signal, _handler)


# The same examples in every run, so that a change passes or fails by itself. New ones are looked
# for with --hypothesis-profile=search, every night.
settings.register_profile(
    "same",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", settings.get_profile("same"), derandomize=False, max_examples=1000
)
settings.load_profile("same")

PATIENCE_MS = 600_000

_qt_threads: weakref.WeakSet[QThread] = weakref.WeakSet()


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> Iterator[QApplication]:
    """pytest-qt's own; from now on the threads of Qt's that are started are known."""
    from PySide6.QtCore import QThread

    start = QThread.start

    def remembered(thread: QThread, *arguments: QThread.Priority) -> None:
        _qt_threads.add(thread)
        start(thread, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QThread, "start", remembered)
        yield qapp


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own, but one that waits: a busy machine only takes longer."""
    from pytestqt.qtbot import QtBot

    bot = QtBot(request)
    for name in ("waitUntil", "waitSignal", "waitSignals", "waitActive", "waitExposed"):
        setattr(bot, name, functools.partial(getattr(bot, name), timeout=PATIENCE_MS))
    return bot


@pytest.fixture(autouse=True, scope="session")
def _one_core() -> Iterator[None]:
    """Trainings in the window take one thread, too: they spin where others have the cores."""
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(os, "sched_getaffinity"):
            patch.setattr(os, "sched_getaffinity", lambda _process: {0})
        yield


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread running or a window open. Does not import Qt itself."""
    before = set(threading.enumerate())
    yield
    left = [
        thread.name
        for thread in threading.enumerate()
        # A thread of Qt's that has run Python code is listed for ever.
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
    assert not left, f"threads left running: {left}"
    if "qapp" in request.fixturenames:
        _check_qt()


def _check_qt() -> None:
    import shiboken6
    from PySide6.QtWidgets import QApplication

    running = [one for one in _qt_threads if shiboken6.isValid(one) and one.isRunning()]
    assert not running, f"threads of Qt's left running: {[one.objectName() for one in running]}"
    windows = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    names = [widget.windowTitle() or type(widget).__name__ for widget in windows]
    for widget in windows:
        widget.close()
    assert not names, f"windows left open: {names}"
