"""What was done with the samples, step by step, and what of it can be undone and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digitpad.samples.sample import Sample


class Change(NamedTuple):
    """A step that can be undone: these samples became those."""

    before: tuple[Sample, ...]
    after: tuple[Sample, ...]
    is_lesson: bool = False


class Step(NamedTuple):
    """A change on its way from one list to the other.

    Attributes:
        change: what is undone, or done again.
        place: where it was.
        is_undo: whether it is undone.
    """

    change: Change
    place: int
    is_undo: bool


class History:
    """Changes that were done, and changes that were undone.

    Lessons are undone where they are given, other changes where these are made: each kind has a
    latest one of its own.
    """

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    def has(self, *, undone: bool, is_lesson: bool) -> bool:
        """Whether there is a lesson, or what is none, that was done or undone."""
        return _latest(self._list(undone=undone), is_lesson=is_lesson) is not None

    def add(self, change: Change) -> bool:
        """Add what was done; false if nothing was."""
        if not (change.before or change.after):
            return False
        self._done.append(change)
        self._undone.clear()
        return True

    def clear(self) -> None:
        """Forget all changes."""
        self._done.clear()
        self._undone.clear()

    def take(self, *, is_undo: bool, is_lesson: bool) -> Step | None:
        """Take out the latest lesson, or what is none, to undo it or do it again."""
        source = self._list(undone=not is_undo)
        place = _latest(source, is_lesson=is_lesson)
        return None if place is None else Step(source.pop(place), place, is_undo)

    def put(self, step: Step) -> None:
        """The step is done."""
        self._list(undone=step.is_undo).append(step.change)

    def put_back(self, step: Step) -> None:
        """The step has failed."""
        self._list(undone=not step.is_undo).insert(step.place, step.change)

    def amend(self, samples: Iterable[Sample]) -> None:
        """Lessons have led to these samples, and not to what they were before."""
        new = {sample.id: sample for sample in samples}
        self._done[:] = [
            one._replace(after=tuple(new.get(sample.id, sample) for sample in one.after))
            if one.is_lesson
            else one
            for one in self._done
        ]

    def _list(self, *, undone: bool) -> list[Change]:
        return self._undone if undone else self._done


def _latest(changes: list[Change], *, is_lesson: bool) -> int | None:
    places = (n for n in reversed(range(len(changes))) if changes[n].is_lesson is is_lesson)
    return next(places, None)
