from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from digitpad.ink.undo import UndoHistory


class HistoryAgainstList(RuleBasedStateMachine):
    """The history, and beside it the plain idea of it: a list of states and a position in it."""

    def __init__(self) -> None:
        super().__init__()
        self.history = UndoHistory(0)
        self.states = [0]
        self.position = 0

    @rule(state=st.integers())
    def push(self, state: int) -> None:
        self.history.push(state)
        self.states[self.position + 1 :] = [state]
        self.position += 1

    @rule(times=st.integers(1, 5))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.position = max(self.position - 1, 0)
            assert self.history.undo() == self.states[self.position]

    @rule(times=st.integers(1, 5))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.position = min(self.position + 1, len(self.states) - 1)
            assert self.history.redo() == self.states[self.position]

    @invariant()
    def agrees(self) -> None:
        assert self.history.present == self.states[self.position]
        assert self.history.can_undo == (self.position > 0)
        assert self.history.can_redo == (self.position < len(self.states) - 1)


TestHistory = HistoryAgainstList.TestCase


def test_ten_thousand_steps_back_and_forth() -> None:
    history = UndoHistory(0)
    for state in range(1, 10_001):
        history.push(state)
    for state in range(9_999, -1, -1):
        assert history.undo() == state
    assert not history.can_undo
    for state in range(1, 10_001):
        assert history.redo() == state
    assert not history.can_redo
