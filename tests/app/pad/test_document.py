from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from digitpad.app.pad.document import PadDocument
from digitpad.ink.drawing import Drawing


def dot(x: int) -> Drawing:
    return Drawing.of([[(x, 0)]])


class HistoryAgainstList(RuleBasedStateMachine):
    """The history, and beside it the plain idea of it: a list of states and a position in it."""

    def __init__(self) -> None:
        super().__init__()
        self.document = PadDocument()
        self.states = [Drawing()]
        self.position = 0

    @rule(x=st.integers(-1000, 1000))
    def replace(self, x: int) -> None:
        self.document.replace(dot(x))
        self.states[self.position + 1 :] = [dot(x)]
        self.position += 1

    @rule(times=st.integers(1, 5))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.position = max(self.position - 1, 0)
            self.document.undo()
            assert self.document.drawing == self.states[self.position]

    @rule(times=st.integers(1, 5))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.position = min(self.position + 1, len(self.states) - 1)
            self.document.redo()
            assert self.document.drawing == self.states[self.position]

    @invariant()
    def agrees(self) -> None:
        assert self.document.drawing == self.states[self.position]
        assert self.document.can_undo == (self.position > 0)
        assert self.document.can_redo == (self.position < len(self.states) - 1)


TestHistory = HistoryAgainstList.TestCase


def test_ten_thousand_steps_back_and_forth() -> None:
    document = PadDocument()
    drawings = [document.drawing, *map(dot, range(1, 10_001))]
    for drawing in drawings[1:]:
        document.replace(drawing)
    for drawing in reversed(drawings[:-1]):
        document.undo()
        assert document.drawing is drawing
    assert not document.can_undo
    for drawing in drawings[1:]:
        document.redo()
        assert document.drawing is drawing
    assert not document.can_redo
