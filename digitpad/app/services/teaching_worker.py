"""What runs on the thread of the teaching: work with the samples, and then the teaching itself."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.services.lessons import Adaptation, OvertakenError
from digitpad.app.services.torch_import import ImportStopped, stoppable_imports
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.app.services.lessons import Lessons
    from digitpad.app.services.recognition import ActiveModel
    from digitpad.samples.sample import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Work for the thread.

    Attributes:
        work: is done there; what it returns goes to `then`.
        then: called on the window's thread.
        failed: called there in its place, if the work has raised an error.
        chosen: the model that is taught afterwards.
        number: of the task; only the latest one teaches.
        learned: called on the window's thread when the model has been taught.
    """

    work: Callable[[Lessons], Any]
    then: Callable[[Any], object]
    failed: Callable[[], object]
    chosen: ActiveModel
    number: int
    learned: Callable[[Adaptation], object] | None = None


class State(NamedTuple):
    """The samples and their revision."""

    revision: int
    samples: tuple[Sample, ...]


class TeachingWorker(QObject):
    """Runs on the thread; holds no widgets."""

    replied = Signal(object)

    def __init__(self, lessons: Lessons) -> None:
        super().__init__()
        self.closing = threading.Event()
        self.latest = 0
        """Number of the latest task; written by the window's thread."""
        self.show_state: Callable[[State], object] = lambda _: None
        self.show_adaptation: Callable[[ActiveModel, Adaptation], object] = lambda *_: None
        self.fail: Callable[[DigitpadError], object] = lambda _: None
        self._lessons = lessons
        self._state = -1
        self._taught: tuple[ActiveModel, int] | None = None
        self._adaptation = Adaptation()
        self._to_tell: list[Callable[[Adaptation], object]] = []

    def is_over(self, number: int) -> bool:
        """Whether there is something more important than the task with this number."""
        return number != self.latest or self.closing.is_set()

    @Slot(object)
    def run(self, task: Task | None) -> None:
        """Do a task; None, the last one, ends the thread."""
        if task is None:
            self.thread().quit()
            return
        try:
            result = task.work(self._lessons)
        except DigitpadError as error:
            self.replied.emit(task.failed)
            self.replied.emit(partial(self.fail, error))
        except BaseException:
            self.replied.emit(task.failed)
            raise
        else:
            self.replied.emit(partial(task.then, result))
            if task.learned is not None:
                self._to_tell.append(task.learned)
        self._tell_state()
        if not self.is_over(task.number):
            with stoppable_imports(self.closing.is_set), contextlib.suppress(ImportStopped):
                self._teach(task)

    def _tell_state(self) -> None:
        lessons = self._lessons
        if lessons.has_file and (notice := lessons.store.take_notice()) is not None:
            self.replied.emit(partial(self.fail, notice))
        if lessons.revision != self._state:
            self._state = lessons.revision
            state = State(lessons.revision, tuple(lessons.samples.values()))
            self.replied.emit(partial(self.show_state, state))

    def _teach(self, task: Task) -> None:
        wanted = task.chosen, self._lessons.revision
        is_same = self._taught is not None and (
            self._taught[0] is wanted[0] and self._taught[1] == wanted[1]
        )
        if not is_same:
            try:
                self._adaptation = self._lessons.adaptation(
                    task.chosen, lambda: self.is_over(task.number)
                )
            except OvertakenError:
                return  # whatever comes next teaches
            except DigitpadError as error:
                self.replied.emit(partial(self.fail, error))
                return
            self._taught = wanted
            self.replied.emit(partial(self.show_adaptation, task.chosen, self._adaptation))
        for tell in self._to_tell:
            self.replied.emit(partial(tell, self._adaptation))
        self._to_tell.clear()
        if not is_same and self._adaptation.reason is None:
            self._lessons.keep(task.chosen, self._adaptation.adapted)
