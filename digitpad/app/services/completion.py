"""Reads a full page on a thread of its own, while the window stays responsive."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.services.job_thread import JobThread
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.recognition import preprocessed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from digitpad.recognition.division.asking import Predict
    from digitpad.recognition.division.memo import Memo
    from digitpad.recognition.recognition import Recognition

_AT_A_TIME = 32
"""Glyphs that are predicted before the thread looks whether they are still wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """What is to be read.

    Attributes:
        recognition: preprocessed, or of a picture that is not yet.
        as_one: whether all its ink is one symbol.
        predict: of the model.
        reject_below: the model's threshold.
        memo: what the model has been asked for; the thread's own.
        stop: set when it is no longer wanted.
    """

    recognition: Recognition
    as_one: bool
    predict: Predict
    reject_below: float
    memo: Memo
    stop: threading.Event


class Completion(QObject):
    """Completes one recognition at a time. A newer one replaces it.

    Args:
        prepare: called on the thread before the model is used there.
        parent: the parent object.

    Signals:
        done: the complete `Recognition`, and the `Memo` with all that the model was asked for.
    """

    done = Signal(object, object)

    def __init__(self, prepare: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prepare = prepare
        self._present: _Page | None = None
        self._next: _Page | None = None
        self._thread = JobThread("reading", is_urgent=True, parent=self)
        self._thread.produced.connect(self._on_produced)
        self._thread.ended.connect(self._on_ended)

    @property
    def is_busy(self) -> bool:
        """Whether something is being read."""
        return self._thread.is_busy

    def start(
        self,
        recognition: Recognition,
        predict: Predict,
        reject_below: float,
        memo: Memo,
        *,
        as_one: bool = False,
    ) -> None:
        """Read, in place of what is being read. The same is not begun again.

        Args:
            recognition: preprocessed, or of a picture that is not yet.
            predict: may be called on another thread.
            reject_below: the model's own threshold.
            memo: of the model; it is copied.
            as_one: whether all ink is one symbol.
        """
        wanted = recognition.drawing, recognition.proposal, recognition.signs, as_one
        for page in (self._present, self._next):
            if page is not None and not page.stop.is_set():
                its = page.recognition
                if (its.drawing, its.proposal, its.signs, page.as_one) == wanted:
                    return
                page.stop.set()
        stop = threading.Event()
        self._next = _Page(recognition, as_one, predict, reject_below, memo.copy(), stop)
        self._start_next()

    @Slot()
    def cancel(self) -> None:
        """Stop reading; nothing follows."""
        for page in (self._present, self._next):
            if page is not None:
                page.stop.set()
        self._next = None

    def shutdown(self) -> None:
        """Stop reading, and wait until the thread has ended."""
        self.cancel()
        self._thread.shutdown()

    def _start_next(self) -> None:
        page = self._next
        # The one before may need a moment to stop; `_on_ended` calls this again.
        if page is not None and not self._thread.is_busy:
            self._present, self._next = page, None
            prepare = self._prepare
            self._thread.start(lambda: _read(page, prepare))

    @Slot(object)
    def _on_produced(self, found: Recognition) -> None:
        page = self._present
        if page is not None and not page.stop.is_set():
            self.done.emit(found, page.memo)

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        self._present = None
        self._start_next()


def _read(page: _Page, prepare: Callable[[], None]) -> Generator[Recognition, None, None]:
    """Runs on the other thread."""
    prepare()
    recognition = page.recognition
    if not recognition.is_complete and recognition.proposal is None:
        recognition = preprocessed(recognition.drawing, as_one=page.as_one, signs=recognition.signs)
    most: int | None = _AT_A_TIME
    while not page.stop.is_set():
        asked = page.memo.asked
        (found,) = recognize([recognition], page.predict, page.reject_below, page.memo, most)
        if found.is_complete:
            yield found
            return
        if page.memo.asked == asked:
            # More than is remembered: all at once then.
            most = None
