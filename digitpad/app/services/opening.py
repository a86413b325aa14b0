"""Opens files and what is pasted or dropped, on a thread: decodes it and finds the ink."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.services.job_thread import JobThread
from digitpad.ink.files.limits import PictureCancelled
from digitpad.recognition.recognition import Recognition, preprocessed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from digitpad.ink.drawing import Drawing


class Opened(Protocol):
    """What has been opened."""

    @property
    def drawing(self) -> Drawing:
        """The drawing in it."""


class Opening(NamedTuple):
    """Something to open.

    Attributes:
        name: for people.
        read: reads it, on another thread. Its argument is a function that it calls often, and that
            returns true once reading should stop. It raises a `DigitpadError` for bad content, and
            `PictureCancelled` when it was stopped.
    """

    name: str
    read: Callable[[Callable[[], bool]], Opened]


class OpeningService(QObject):
    """Opens one file or one pasted drawing at a time. A newer one replaces it.

    Attributes:
        is_busy: whether something is being opened.
        as_one: whether all ink is read as one symbol.
        signs: whether signs within numbers are read, too.

    Signals:
        started: something with this name is being opened.
        opened: what was `Opened`, and the `Recognition` of its drawing without predictions. That
            of strokes has no parts, either: those are quickly found where they are needed.
        failed: a sentence that says why it could not be opened.
        ended: nothing is being opened any more, after `opened`, `failed` or a cancel.
    """

    started = Signal(str)
    opened = Signal(object, object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_busy = False
        self.as_one = False
        self.signs = False
        self._stop = threading.Event()
        self._next: Opening | None = None
        self._thread = JobThread("opening", parent=self)
        self._thread.produced.connect(self._on_produced)
        self._thread.ended.connect(self._on_ended)

    def open(self, opening: Opening) -> None:
        """Open something, in place of what is being opened."""
        self._stop.set()
        self._next = opening
        self.is_busy = True
        self.started.emit(opening.name)
        self._start_next()

    @Slot()
    def cancel(self) -> None:
        """Stop opening."""
        if self.is_busy:
            self._stop.set()
            self._next = None
            self._end()

    def shutdown(self) -> None:
        """Stop opening, and wait until the thread has ended."""
        self.cancel()
        self._thread.shutdown()

    def _start_next(self) -> None:
        opening = self._next
        # The one before may need a moment to stop; `_on_ended` calls this again.
        if opening is not None and not self._thread.is_busy:
            self._next = None
            stop = self._stop = threading.Event()
            as_one, signs = self.as_one, self.signs
            self._thread.start(lambda: _opened(opening, stop, as_one=as_one, signs=signs))

    @Slot(object)
    def _on_produced(self, found: tuple[Opened, Recognition]) -> None:
        if not self._stop.is_set():
            self.opened.emit(*found)

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        if self._stop.is_set():
            self._start_next()
            return
        if problem:
            self.failed.emit(problem)
        self._end()

    def _end(self) -> None:
        self.is_busy = False
        self.ended.emit()


def _opened(
    opening: Opening, stop: threading.Event, *, as_one: bool, signs: bool
) -> Generator[tuple[Opened, Recognition], None, None]:
    """Runs on the other thread."""
    try:
        opened = opening.read(stop.is_set)
    except PictureCancelled:
        return
    if opened.drawing.picture is None:
        yield opened, Recognition(opened.drawing)
        return
    yield opened, preprocessed(opened.drawing, as_one=as_one, signs=signs)
