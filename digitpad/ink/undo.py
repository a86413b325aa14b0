"""Undo and redo of any length over immutable states."""

from __future__ import annotations

from typing import Generic, TypeVar

State = TypeVar("State")


class UndoHistory(Generic[State]):
    """The states that a document went through, and where in them it stands.

    States must be immutable: they are kept, not copied, so a long history of drawings costs only
    the strokes that differ.
    """

    def __init__(self, initial: State) -> None:
        self._past: list[State] = []
        self._present = initial
        self._future: list[State] = []

    @property
    def present(self) -> State:
        """The state to show."""
        return self._present

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._future)

    def push(self, state: State) -> None:
        """Take one step to a new state; what had been undone is forgotten."""
        self._past.append(self._present)
        self._present = state
        self._future.clear()

    def undo(self) -> State:
        """Take a step back where there is one, and return the present state."""
        if self._past:
            self._future.append(self._present)
            self._present = self._past.pop()
        return self._present

    def redo(self) -> State:
        """Take a step forward where there is one, and return the present state."""
        if self._future:
            self._past.append(self._present)
            self._present = self._future.pop()
        return self._present
