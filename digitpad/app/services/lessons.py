"""The user's samples, and the models that are taught by them. Used on one thread, without Qt."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.app.services.recognition import predictor_of
from digitpad.app.services.torch_import import use_one_thread
from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.kept import KeptModels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from digitpad.app.services.recognition import ActiveModel
    from digitpad.learning.adaptation.teacher import Teacher
    from digitpad.recognition.model_file import Model
    from digitpad.samples.sample import Sample
    from digitpad.samples.store import SampleStore


class OvertakenError(Exception):
    """The teaching was given up, since something more important is to be done."""


class Adaptation(NamedTuple):
    """What the samples make of a model.

    Attributes:
        adapted: the model that was taught; None if it has no lessons.
        reason: why it cannot be taught; None if it can.
    """

    adapted: ActiveModel | None = None
    reason: DigitpadError | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a lesson.

    Attributes:
        samples: the samples of the lesson, as they are kept.
        count: how many samples have the label of the first of them.
        reason: why the active model cannot be taught; None if it can.
        is_taught: whether the active model has been taught.
        is_used: whether the pad uses what it was taught.
    """

    samples: tuple[Sample, ...]
    count: int
    reason: DigitpadError | None = None
    is_taught: bool = True
    is_used: bool = True


class Lessons:
    """The samples, and what they make of a model.

    Its methods raise a `DigitpadError` where the samples cannot be read or written.

    Args:
        path: of the samples.
        adapted_dir: keeps adapted models, by the names of the models that they come from.

    Attributes:
        samples: all samples, by number; empty before `refresh`.
        revision: of the samples; -1 before `refresh`.
        kept: the adapted models on disk.
    """

    def __init__(self, path: Path, adapted_dir: Path) -> None:
        self._path, self.kept = path, KeptModels(adapted_dir)
        self._store: SampleStore | None = None
        self.samples: dict[int, Sample] = {}
        self.revision = -1
        self._pupil: Model | None = None
        """The model that was taught last."""
        self._teacher: Teacher | None = None
        self._reason: DigitpadError | None = None
        self._is_warm = False
        """Whether the teacher has looked at all samples, so that the next lesson is quick."""

    @property
    def has_file(self) -> bool:
        """Whether anything was ever taught."""
        return self._path.exists()

    @property
    def store(self) -> SampleStore:
        """Where the samples are; whoever writes there calls `refresh` afterwards."""
        if self._store is None:
            from digitpad.samples.store import SampleStore

            self._store = SampleStore(self._path)
        return self._store

    def refresh(self) -> bool:
        """Read the samples again if anybody has changed them; whether that is so."""
        revision = self.store.revision()
        if revision == self.revision:
            return False
        samples = self.store.list()
        self.samples = {sample.id: sample for sample in samples}
        self.revision = revision
        return True

    def add(self, samples: Sequence[Sample]) -> tuple[Sample, ...]:
        """Add samples, or bring deleted ones back; they are returned as they are on disk."""
        added = self.store.add(samples)
        self.refresh()
        # Strokes are rounded there: what is taught now and after a restart must be the same.
        return tuple(self.samples.get(sample.id, sample) for sample in added)

    def delete(self, sample_ids: Sequence[int]) -> tuple[Sample, ...]:
        """Delete samples; those that were there."""
        deleted = self.store.delete(sample_ids)
        self.refresh()
        return deleted

    def edit(self, samples: Sequence[Sample]) -> tuple[Sample, ...]:
        """Give samples the labels and flags that these have, all or none."""
        changed = self.store.edit(samples)
        self.refresh()
        return tuple(self.samples.get(one.id, one) for one in changed)

    def learn(self, samples: Sequence[Sample]) -> list[tuple[Sample | None, Sample]]:
        """Add samples, or give those another label that have been learned already.

        Returns:
            What was there before, and what is there now, for each of them.
        """
        self.refresh()
        known = [(sample, self._same(sample)) for sample in samples]
        added = iter(self.add([sample for sample, same in known if same is None]))
        changes: list[tuple[Sample | None, Sample]] = []
        for sample, same in known:
            if same is None:
                changes.append((None, next(added)))
            elif same.label == sample.label:
                changes.append((same, same))
            else:
                (one,) = self.edit([relabelled(same, sample.label)])
                changes.append((same, one))
        return changes

    def _same(self, sample: Sample) -> Sample | None:
        """The latest sample of the same ink; None if there is none."""
        for other in reversed(self.samples.values()):
            if other.symbols == sample.symbols and np.array_equal(other.glyph, sample.glyph):
                return other
        return None

    def replace(self, before: Sequence[Sample], after: Sequence[Sample]) -> None:
        """Make these samples of those: what is in one alone is deleted or brought back."""
        old, new = ({sample.id: sample for sample in samples} for samples in (before, after))
        if gone := [number for number in old if number not in new]:
            self.delete(gone)
        if back := [sample for number, sample in new.items() if number not in old]:
            self.add(back)
        if other := [sample for number, sample in new.items() if number in old]:
            self.edit(other)

    def contradicts(
        self,
        chosen: ActiveModel,
        sample: Sample,
        others: Sequence[Sample] | None = None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Whether a sample contradicts the model and others, and may be a slip.

        Args:
            chosen: the model.
            sample: to be judged.
            others: what it may contradict; None stands for all samples that are kept.
            is_over: asked again and again; where it is true, nothing is contradicted.
        """
        if is_over() or (teacher := self._teacher_of(chosen)) is None:
            return False
        known = tuple(self.samples.values()) if others is None else others
        with suppress(OvertakenError), _given_up(teacher, is_over):
            return teacher.contradicts(sample, known)
        return False

    def adaptation(
        self, chosen: ActiveModel, is_over: Callable[[], bool] = lambda: False
    ) -> Adaptation:
        """What the samples make of a model: from its file, if that still belongs to them.

        Args:
            chosen: the model.
            is_over: asked again and again: whether there is something more important.

        Raises:
            OvertakenError: it was true.
        """
        if chosen.model is None:
            return Adaptation()
        # A teacher who is there already is as quick as the file.
        found, samples = None, tuple(self.samples.values())
        if self._pupil is not chosen.model:
            found = self.kept.load(chosen.name, chosen.model, samples)
        if found is None:
            teacher = self._teacher_of(chosen)
            if teacher is None:
                return Adaptation(reason=self._reason)
            with _given_up(teacher, is_over):
                found = teacher.teach(samples)
            self._is_warm = True
        if found is chosen.model:
            return Adaptation()
        return Adaptation(_active(chosen, found))

    def warm_up(self, chosen: ActiveModel, is_enough: Callable[[], bool]) -> None:
        """Let the teacher look at all samples, so that the next lesson is quick.

        Args:
            chosen: the model.
            is_enough: asked again and again; where it is true, this ends.
        """
        if is_enough():
            return
        teacher = self._teacher_of(chosen)
        for sample in () if self._is_warm else tuple(self.samples.values()):
            if teacher is None or is_enough():
                return
            teacher.contradicts(sample, ())
        self._is_warm = True

    def keep(self, chosen: ActiveModel, adapted: ActiveModel | None) -> None:
        """Keep an adapted model for the next start; None removes what is kept."""
        if adapted is None or adapted.model is None or chosen.model is None:
            self.kept.remove(chosen.name)
        else:
            samples = self.samples.values()
            self.kept.keep(chosen.name, chosen.model, samples, adapted.model)

    def _teacher_of(self, chosen: ActiveModel) -> Teacher | None:
        """The model's teacher; None, with a `_reason`, if it cannot be taught."""
        from digitpad.learning.adaptation.teacher import Teacher

        if chosen.model is None:
            return None
        if self._pupil is not chosen.model:
            use_one_thread()
            self._teacher, self._reason, self._is_warm = None, None, False
            try:
                self._teacher = Teacher(chosen.model)
            except DigitpadError as error:
                self._reason = error
            self._pupil = chosen.model
        return self._teacher


@contextmanager
def _given_up(teacher: Teacher, is_over: Callable[[], bool]) -> Iterator[None]:
    """Within this, what the teacher does ends in an `OvertakenError` where that is true."""

    def check() -> None:
        if is_over():
            raise OvertakenError

    before, teacher.check = teacher.check, check
    try:
        yield
    finally:
        teacher.check = before


def relabelled(sample: Sample, label: str) -> Sample:
    """A sample with another label; it is no longer flagged."""
    return replace(sample, label=label, is_flagged=False)


def _active(chosen: ActiveModel, model: Model) -> ActiveModel:
    info = model.info
    return replace(
        chosen,
        predictor=predictor_of(model),
        model=model,
        reject_below=info.calibration.reject_below,
        can_reject=info.can_reject,
        lessons=info.lessons,
        notice=None,
    )
