"""Opening what people bring, behind the window: decoded, and looked through for ink."""

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
        read: reads it, on another thread; asks its argument again and again whether to go on, and
            raises a `DigitpadError` where it cannot be read.
    """

    name: str
    read: Callable[[Callable[[], bool]], Opened]


class OpeningService(QObject):
    """Opens one thing at a time, the latest that is wanted.

    Attributes:
        is_busy: whether something is waited for.

    Signals:
        started: something is being opened; its name.
        opened: what has been `Opened`, and the `Recognition` of its drawing, without predictions;
            strokes, which are preprocessed at once, are without parts as well.
        failed: a sentence.
        ended: nothing is waited for any more, after one of the two before, or after a cancel.
    """

    started = Signal(str)
    opened = Signal(object, object)
    failed = Signal(str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_busy = False
        self._stop = threading.Event()
        self._next: Opening | None = None
        self._thread = JobThread("opening", parent=self)
        self._thread.produced.connect(self._on_produced)
        self._thread.ended.connect(self._on_ended)

    def open(self, opening: Opening) -> None:
        """Open this in place of what is being opened."""
        self._stop.set()
        self._next = opening
        self.is_busy = True
        self.started.emit(opening.name)
        self._start_next()

    @Slot()
    def cancel(self) -> None:
        """Open nothing."""
        if self.is_busy:
            self._stop.set()
            self._next = None
            self._end()

    def shutdown(self) -> None:
        """Open nothing, and wait until the thread has ended."""
        self.cancel()
        self._thread.shutdown()

    def _start_next(self) -> None:
        opening = self._next
        # What is given up may need a moment to notice.
        if opening is not None and not self._thread.is_busy:
            self._next = None
            stop = self._stop = threading.Event()
            self._thread.start(lambda: _opened(opening, stop))

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
    opening: Opening, stop: threading.Event
) -> Generator[tuple[Opened, Recognition], None, None]:
    """Runs on the other thread."""
    try:
        opened = opening.read(stop.is_set)
    except PictureCancelled:
        return
    if opened.drawing.picture is None:
        yield opened, Recognition(opened.drawing)
        return
    yield opened, preprocessed(opened.drawing)
