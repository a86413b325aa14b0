"""The cells that were visited, so that one can go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digitpad.recognition.inside.fields import Cell

_MOST = 64


class Trail:
    """The cells on the way to the present one.

    Attributes:
        cells: in order; the last one is the present one.
    """

    def __init__(self) -> None:
        self.cells: list[Cell] = []

    @property
    def can_go_back(self) -> bool:
        """Whether there was a cell before this one."""
        return len(self.cells) > 1

    def visit(self, cell: Cell) -> None:
        """Go to a cell. One of the same layer takes the place of that before it."""
        before = self.cells
        if before and before[-1].layer == cell.layer:
            before = before[:-1]
        self.cells = [*before, cell][-_MOST:]

    def pass_by(self, cells: Iterable[Cell]) -> None:
        """Go through several cells."""
        for cell in cells:
            self.visit(cell)

    def back_to(self, number: int) -> Cell:
        """Go back to the cell with this number; those after it are forgotten."""
        self.cells = self.cells[: number + 1]
        return self.cells[-1]

    def clear(self) -> None:
        """Forget all."""
        self.cells = []
