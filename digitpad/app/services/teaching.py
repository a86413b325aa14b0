"""Teaching: the user's samples, and the active model adapted by them, on a thread of its own."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.services.history import Change, History
from digitpad.app.services.lessons import Learned, Lessons, relabelled
from digitpad.app.services.teaching_worker import State, Task, TeachingWorker
from digitpad.app.widgets.layout import pause_timer
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from digitpad.app.services.lessons import Adaptation
    from digitpad.app.services.recognition import ActiveModel, RecognitionService
    from digitpad.paths import Profile
    from digitpad.recognition.model_store import ModelStore
    from digitpad.samples.sample import Sample
    from digitpad.samples.store import SampleStore

_QUIET_MS = 2000
"""After so much time without a lesson the teacher looks at all that were learned."""


class TeachingService(QObject):
    """Owns the user's samples, the thread that reads and writes them and teaches, and the undo.

    All methods return at once; what they do is done on that thread, in their order, and what was
    asked for is written even if the program ends meanwhile. Nothing is read before the active model
    is loaded or somebody asks.

    Args:
        profile: where the samples and the adapted models are.
        recognition: its chosen model is taught, and the adapted one is used in its place.
        models: where the models of sets of symbols are; None if there are none.
        used: whether the pad uses what was taught.

    Attributes:
        samples: all of the user's samples, in the order in which they were added; a new tuple after
            each change. Empty until they have been read: `refresh` asks for it.
        revision: of the samples; -1 until they have been read.
        adapted: the chosen model as it was taught; None if it has no lessons (yet).
        reason: why the chosen model cannot be taught; None if it can.
        is_used: whether the pad uses what was taught.

    Signals:
        changed: the samples are others, by whomever; the revision.
        history_changed: what can be undone has changed.
        adaptation_changed: `adapted`, `reason` or `is_used` has.
        learned: what came of a lesson, a `Learned`, the first time or again after an undo; the pad
            uses it by now.
        taken_back: the samples of a lesson, which are gone.
        noticed: a sentence for the user: samples cannot be read or written.
    """

    changed = Signal(object)
    history_changed = Signal()
    adaptation_changed = Signal()
    learned = Signal(object)
    taken_back = Signal(object)
    noticed = Signal(str)
    _wanted = Signal(object)

    def __init__(
        self,
        profile: Profile,
        recognition: RecognitionService,
        *,
        models: ModelStore | None = None,
        used: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.samples: tuple[Sample, ...] = ()
        self.revision = -1
        self.adapted: ActiveModel | None = None
        self.reason: DigitpadError | None = None
        self.is_used = used
        self._recognition, self._models = recognition, models
        self._chosen: ActiveModel | None = None
        self._history = History()
        self._pending = 0
        """Lessons that are not kept yet, and how many of them are to be taken back then."""
        self._to_take_back = 0
        self._lessons = Lessons(profile.samples_path, profile.adapted_dir)
        self._runs_dir = profile.runs_dir
        self._thread = QThread(self)
        self._thread.setObjectName("teaching")
        self._worker = worker = TeachingWorker(self._lessons)
        worker.moveToThread(self._thread)
        worker.show_state = self._on_state
        worker.show_adaptation = self._on_adaptation
        worker.fail = lambda error: self.noticed.emit(translated(error))
        worker.replied.connect(self._on_replied)
        self._wanted.connect(worker.run)
        recognition.model_changed.connect(self._on_model)
        self._warm_up = pause_timer(self, _QUIET_MS, self._on_quiet)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of the samples to undo that is no lesson."""
        return self._history.has(undone=False, is_lesson=False)

    @property
    def can_redo(self) -> bool:
        """Whether there is one to do again."""
        return self._history.has(undone=True, is_lesson=False)

    @property
    def can_take_back(self) -> bool:
        """Whether a lesson of this time can be taken back."""
        is_coming = self._pending > self._to_take_back
        return is_coming or self._history.has(undone=False, is_lesson=True)

    @property
    def can_bring_back(self) -> bool:
        """Whether a lesson that was taken back can be learned again."""
        return self._history.has(undone=True, is_lesson=True)

    @Slot()
    def refresh(self) -> None:
        """Read the samples if they have not been read, or another process has changed them."""
        if self._lessons.has_file or self.revision >= 0:
            self._do(lambda lessons: lessons.refresh())

    def teach(self, make: Callable[[], Sequence[Sample]]) -> None:
        """Learn a lesson: it is kept, then taught; `learned` follows.

        Ink that has been learned already only gets another label.

        Args:
            make: makes its samples, at least one; called on the thread. It may raise a
                `DigitpadError`.
        """
        chosen = self._recognition.chosen
        learned: list[Sample] = []

        def work(lessons: Lessons) -> Change:
            changes = lessons.learn(make())
            new = [
                one if one is was else self._judged(lessons, chosen, one) for was, one in changes
            ]
            learned[:] = new
            pairs = [(was, one) for (was, _), one in zip(changes, new, strict=True)]
            return Change(
                tuple(was for was, one in pairs if was is not None and was is not one),
                tuple(one for was, one in pairs if was is not one),
                is_lesson=True,
            )

        def then(change: Change) -> None:
            self._pending -= 1
            self._did(change)
            if self._to_take_back:
                self._to_take_back -= 1
                self.take_back()

        def failed() -> None:
            self._pending -= 1
            self._to_take_back = min(self._to_take_back, self._pending)
            self.history_changed.emit()

        self._pending += 1
        self._do(work, then, failed, lambda adaptation: self._tell(learned, adaptation))

    def _tell(self, learned: Sequence[Sample], adaptation: Adaptation) -> None:
        first, is_taught = learned[0], adaptation.adapted is not None
        alike = [one for one in self.samples if one.label == first.label]
        count = sum(one.symbols == first.symbols for one in alike)
        used = self.is_used and is_taught
        self.learned.emit(Learned(tuple(learned), count, adaptation.reason, is_taught, used))

    def judge(self) -> Callable[[Sample, Sequence[Sample]], bool]:
        """What tells whether a sample contradicts the active model and others, within `run`."""
        chosen, lessons, is_over = self._recognition.chosen, self._lessons, self._worker.closing
        return lambda one, others: lessons.contradicts(chosen, one, others, is_over.is_set)

    def _judged(self, lessons: Lessons, chosen: ActiveModel, sample: Sample) -> Sample:
        """The sample, flagged if it may be a slip; on the thread."""
        # It is kept, whatever happens now.
        with contextlib.suppress(DigitpadError):
            if lessons.contradicts(chosen, sample, is_over=self._worker.closing.is_set):
                return lessons.edit([replace(sample, is_flagged=True)])[0]
        return sample

    def add(self, samples: Sequence[Sample]) -> None:
        """Add samples."""
        if samples:
            self._do(lambda lessons: lessons.add(samples), lambda new: self._did(Change((), new)))

    def delete(self, sample_ids: Iterable[int]) -> None:
        """Delete samples."""
        numbers = tuple(sample_ids)
        self._do(lambda lessons: lessons.delete(numbers), lambda old: self._did(Change(old, ())))

    def relabel(self, sample_ids: Iterable[int], label: str) -> None:
        """Give samples another label; they are no longer flagged."""
        self._edit(sample_ids, lambda sample: relabelled(sample, label))

    def flag(self, sample_ids: Iterable[int], *, flagged: bool) -> None:
        """Flag samples as possible slips, or no longer."""
        self._edit(sample_ids, lambda sample: replace(sample, is_flagged=flagged))

    def confirm(self, sample_ids: Iterable[int]) -> None:
        """A lesson that was asked about is no slip: it is no longer flagged.

        That is part of the lesson, and no step of its own to undo.
        """
        self._edit(
            sample_ids,
            lambda sample: replace(sample, is_flagged=False),
            lambda change: self._history.amend(change.after),
        )

    def delete_everything(self) -> None:
        """Delete all samples, those in suspended trainings too, adapted models, sets of symbols."""
        models, runs_dir = self._models, self._runs_dir

        def work(lessons: Lessons) -> None:
            from digitpad.learning.adaptation.forgetting import forget_everything
            from digitpad.learning.runs.store import RunStore

            forget_everything(lessons.store, models, RunStore(runs_dir), lessons.kept.folder)
            lessons.refresh()

        self._do(work, lambda _: self._forget_history())

    def run(
        self,
        work: Callable[[SampleStore], Any],
        then: Callable[[Any], object] = lambda _: None,
    ) -> None:
        """Let something be done with the store, on the thread; it cannot be undone here.

        What was changed is noticed. Of a `DigitpadError` that the work raises, `noticed` tells.

        Args:
            work: called with the store, on the thread.
            then: called with what the work has returned, on the window's thread.
        """

        def on_thread(lessons: Lessons) -> Any:
            try:
                return work(lessons.store)
            finally:
                # What the work itself says of the store is enough.
                with contextlib.suppress(DigitpadError):
                    lessons.refresh()

        self._do(on_thread, then)

    @Slot()
    def undo(self) -> None:
        """Undo the latest change of the samples that is no lesson, if there is one."""
        self._step(is_undo=True, is_lesson=False)

    @Slot()
    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(is_undo=False, is_lesson=False)

    @Slot()
    def take_back(self) -> None:
        """Take the latest lesson of this time back, whatever has been changed since."""
        if self._pending > self._to_take_back:
            # It is not kept yet.
            self._to_take_back += 1
        else:
            self._step(is_undo=True, is_lesson=True)

    @Slot()
    def bring_back(self) -> None:
        """Learn the lesson again that was taken back last."""
        self._step(is_undo=False, is_lesson=True)

    @Slot(bool)
    def set_used(self, used: bool) -> None:
        """Use what was taught, or the chosen model as it is without it."""
        if used != self.is_used:
            self.is_used = used
            self._apply()

    def shutdown(self) -> None:
        """Let what was asked for be written, and wait until the thread has ended."""
        self._worker.closing.set()
        if self._thread.isRunning():
            self._wanted.emit(None)
            self._thread.wait()

    def _edit(
        self,
        sample_ids: Iterable[int],
        edit: Callable[[Sample], Sample],
        then: Callable[[Change], object] | None = None,
    ) -> None:
        numbers = tuple(sample_ids)

        def work(lessons: Lessons) -> Change:
            lessons.refresh()
            known = [number for number in numbers if number in lessons.samples]
            before = tuple(lessons.samples[number] for number in known)
            return Change(before, lessons.edit([edit(sample) for sample in before]))

        self._do(work, then or self._did)

    def _did(self, change: Change) -> None:
        if self._history.add(change):
            self.history_changed.emit()

    def _forget_history(self) -> None:
        self._history.clear()
        self.history_changed.emit()

    def _step(self, *, is_undo: bool, is_lesson: bool) -> None:
        """Undo the latest lesson, or what is none, or do it again."""
        history = self._history
        step = history.take(is_undo=is_undo, is_lesson=is_lesson)
        if step is None:
            return
        change = step.change
        before, after = (change.after, change.before) if is_undo else (change.before, change.after)

        def then(_: object) -> None:
            history.put(step)
            self.history_changed.emit()
            if is_undo and is_lesson:
                self.taken_back.emit(change.after)

        def failed() -> None:
            history.put_back(step)
            self.history_changed.emit()

        def tell(adaptation: Adaptation) -> None:
            if is_lesson and not is_undo:
                self._tell(change.after, adaptation)

        self.history_changed.emit()
        self._do(lambda lessons: lessons.replace(before, after), then, failed, tell)

    def _do(
        self,
        work: Callable[[Lessons], Any],
        then: Callable[[Any], object] = lambda _: None,
        failed: Callable[[], object] = lambda: None,
        learned: Callable[[Adaptation], object] | None = None,
    ) -> None:
        if self._worker.closing.is_set():
            return
        self._worker.latest += 1
        task = Task(work, then, failed, self._recognition.chosen, self._worker.latest, learned)
        if not self._thread.isRunning():
            self._thread.start()
        self._wanted.emit(task)

    @Slot(object)
    def _on_replied(self, reply: Callable[[], object]) -> None:
        reply()

    def _on_state(self, state: State) -> None:
        self.revision, self.samples = state
        self.changed.emit(state.revision)

    @Slot()
    def _on_model(self) -> None:
        chosen = self._recognition.chosen
        if chosen is self._chosen:
            return
        self._chosen = chosen
        self.adapted, self.reason = None, None
        self.adaptation_changed.emit()
        self.refresh()

    def _on_adaptation(self, chosen: ActiveModel, adaptation: Adaptation) -> None:
        if chosen is self._recognition.chosen:
            self.adapted, self.reason = adaptation
            self._apply()
            if adaptation.adapted is not None:
                self._warm_up.start()

    def _on_quiet(self) -> None:
        worker, chosen = self._worker, self._recognition.chosen
        number = worker.latest + 1
        self._do(lambda lessons: lessons.warm_up(chosen, lambda: worker.is_over(number)))

    def _apply(self) -> None:
        chosen = self._recognition.chosen
        # The model of a set of symbols is nothing without what it was taught.
        used = self.adapted if self.is_used or chosen.is_made_of_samples else None
        self._recognition.adapt(chosen, used)
        self.adaptation_changed.emit()
