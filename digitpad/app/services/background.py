"""Questions that take a moment: they are answered on a thread, and only the latest of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.services.job_thread import JobThread

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from typing import TypeAlias

    Work: TypeAlias = Callable[[], Iterable[object]]


class Background(QObject):
    """Does work of several kinds on one thread, one after another.

    Args:
        prepare: called on the thread before each piece of work.
        parent: the parent object.

    Signals:
        done: the key of the work, and the next item of what it gives.
        failed: the key, and a sentence that says why nothing more follows.
    """

    done = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, prepare: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prepare = prepare
        self._waiting: dict[str, Work] = {}
        self._present = ""
        self._is_wanted = False
        # Whoever asks waits for the answer.
        self._thread = JobThread("inside", is_urgent=True, parent=self)
        self._thread.produced.connect(self._on_produced)
        self._thread.ended.connect(self._on_ended)

    @property
    def is_busy(self) -> bool:
        """Whether something is being done, or waits for that."""
        return self._thread.is_busy or bool(self._waiting)

    def ask(self, key: str, work: Work) -> None:
        """Do work, in place of what was asked for with the same key.

        Args:
            key: names the kind of work. What is being done under this key ends after its next item,
                which is dropped.
            work: called on the thread; what it returns is iterated over there. It must not touch
                what others may change meanwhile.
        """
        self._drop(key)
        self._waiting[key] = work
        self._start_next()

    def cancel(self, key: str) -> None:
        """Nothing of this kind is wanted any more."""
        self._drop(key)

    def shutdown(self) -> None:
        """Drop everything, and wait until the thread has ended."""
        self._waiting.clear()
        self._is_wanted = False
        self._thread.shutdown()

    def _drop(self, key: str) -> None:
        self._waiting.pop(key, None)
        if self._thread.is_busy and self._present == key:
            self._is_wanted = False
            self._thread.cancel()

    def _start_next(self) -> None:
        if self._thread.is_busy or not self._waiting:
            return
        self._present = next(iter(self._waiting))
        work, prepare = self._waiting.pop(self._present), self._prepare
        self._is_wanted = True
        self._thread.start(lambda: _items(prepare, work))

    @Slot(object)
    def _on_produced(self, item: object) -> None:
        if self._is_wanted:
            self.done.emit(self._present, item)

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        key, was_wanted = self._present, self._is_wanted
        self._is_wanted = False
        if problem and was_wanted:
            self.failed.emit(key, problem)
        self._start_next()


def _items(prepare: Callable[[], None], work: Work) -> Generator[object, None, None]:
    """Runs on the thread."""
    prepare()
    yield from work()
