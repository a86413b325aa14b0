"""Drawings that are asked for one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.ink.drawing import Drawing


class DrawRound:
    """A plan of labels, and how far it has come.

    Args:
        plan: labels to draw, one after another.

    Attributes:
        plan: as given.
        drawings: of the places before the present one; None where one was skipped.
    """

    def __init__(self, plan: Sequence[str] = ()) -> None:
        self.plan = tuple(plan)
        self.drawings: list[Drawing | None] = []

    @property
    def place(self) -> int:
        """The present place, from 0; the length of the plan at its end."""
        return len(self.drawings)

    @property
    def label(self) -> str:
        """What to draw now; "" at the end."""
        return "" if self.is_done else self.plan[self.place]

    @property
    def is_done(self) -> bool:
        """Whether the end of the plan is reached."""
        return self.place >= len(self.plan)

    @property
    def drawn(self) -> int:
        """The number of drawings."""
        return sum(drawing is not None for drawing in self.drawings)

    def step(self, drawing: Drawing | None) -> None:
        """Go on, with a drawing or without one; not at the end."""
        if self.is_done:
            raise ValueError("the round has ended")
        self.drawings.append(drawing)

    def back(self) -> tuple[str, Drawing | None]:
        """Go back one place; its label, and the drawing that was there. Not at the beginning."""
        drawing = self.drawings.pop()
        return self.label, drawing
