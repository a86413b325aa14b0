"""Long work on a thread of its own: a generator runs there, and its items arrive here."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.services.torch_import import ImportStopped, stoppable_imports
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_NOTHING = object()

_NICENESS = 10
"""The niceness of a job's thread, where threads have one: the window comes first."""


class _Worker(QObject):
    """Runs on the thread; holds no widgets."""

    produced = Signal(object)
    ended = Signal(str)

    def __init__(self, *, ends_itself: bool, is_urgent: bool) -> None:
        super().__init__()
        self._is_urgent = is_urgent
        self.cancelled, self.closing = threading.Event(), threading.Event()
        self._ends_itself = ends_itself

    @Slot(object)
    def run(self, job: Callable[[], Generator[object]]) -> None:
        if not self._is_urgent:
            _step_back()
        problem = ""
        try:
            with contextlib.suppress(ImportStopped):
                self._drive(job)
        except DigitpadError as error:
            problem = translated(error)
        finally:
            # A bug reaches the hook for uncaught exceptions. The job has ended either way.
            self.ended.emit(problem)

    def _drive(self, job: Callable[[], Generator[object]]) -> None:
        with contextlib.closing(job()) as items:
            # Only the imports before the first item: later ones may be needed to save something.
            with stoppable_imports(self.closing.is_set):
                item = next(items, _NOTHING)
            while item is not _NOTHING:
                self.produced.emit(item)
                if self.cancelled.is_set() or (self.closing.is_set() and not self._ends_itself):
                    return
                item = next(items, _NOTHING)


class JobThread(QObject):
    """Owns a thread, and runs one job at a time on it.

    Args:
        name: of the thread.
        ends_itself: whether a job finds out by itself that the program is about to end, and saves
            something first. Other jobs are closed after their next item.
        is_urgent: whether the user waits for the jobs. Others give way to the window.

    Attributes:
        is_busy: whether a job is running.

    Signals:
        produced: the next item of the job's generator.
        ended: the job has ended; a sentence if it failed, else "".
    """

    produced = Signal(object)
    ended = Signal(str)
    _wanted = Signal(object)

    def __init__(
        self,
        name: str,
        *,
        ends_itself: bool = False,
        is_urgent: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_busy = False
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._worker = _Worker(ends_itself=ends_itself, is_urgent=is_urgent)
        self._worker.moveToThread(self._thread)
        self._wanted.connect(self._worker.run)
        self._worker.produced.connect(self.produced)
        self._worker.ended.connect(self._on_ended)

    def start(self, job: Callable[[], Generator[object]]) -> None:
        """Begin a job.

        Args:
            job: called on the thread. If the job is cancelled, its generator is closed early.

        Raises:
            RuntimeError: a job is running already.
        """
        if self.is_busy:
            raise RuntimeError("one job at a time")
        self.is_busy = True
        self._worker.cancelled.clear()
        if not self._thread.isRunning():
            self._thread.start(QThread.Priority.LowPriority)
        self._wanted.emit(job)

    def cancel(self) -> None:
        """End the job after its next item; `ended` follows."""
        self._worker.cancelled.set()

    def shutdown(self) -> None:
        """Let the job end, and wait until the thread has ended."""
        self._worker.closing.set()
        self._thread.quit()
        self._thread.wait()

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        self.is_busy = False
        self.ended.emit(problem)


def _step_back() -> None:
    # Qt's own priorities do nothing on Linux. There a thread has a niceness of its own, and the
    # threads that torch starts for it inherit it. Elsewhere the number of a thread may be that of
    # some other process.
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            thread = threading.get_native_id()
            present = os.getpriority(os.PRIO_PROCESS, thread)
            # Never below the niceness that the program was started with.
            os.setpriority(os.PRIO_PROCESS, thread, max(present, _NICENESS))
