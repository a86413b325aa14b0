"""What the drawing of a cell is made from, and the blocks that several kinds of cells share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.app.inside.cell.blocks.block import Choices, Grid, Maps, Mark
from digitpad.app.inside.cell.blocks.words import (
    cell_name,
    decimals_of,
    exact,
    short_name,
    translate,
    written_all,
)
from digitpad.recognition.inside.fields import Cell, receptive_fields
from digitpad.recognition.inside.layers import GLYPH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.inside.layers import Place


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A network at work on a glyph, and what the user has chosen to see of a cell.

    Attributes:
        inside: the network.
        values: of all its layers, by `Inside.exact`.
        choices: of the user.
    """

    inside: Inside
    values: Mapping[str, NDArray[np.float64]]
    choices: Choices

    def name(self, cell: Cell) -> str:
        """A cell in words."""
        return cell_name(self.inside, cell)

    def short(self, cell: Cell) -> str:
        """A cell in few letters."""
        return short_name(self.inside, cell)

    def value(self, cell: Cell) -> float:
        """The value of a cell."""
        return float(self.values[cell.layer][cell.place])

    def said(self, cell: Cell) -> str:
        """A cell and its value, with all digits."""
        return named_number(self.name(cell), self.value(cell))


def named_number(name: str, value: float) -> str:
    """A number with all its digits, and what it is."""
    return translate("Cell", "{name}: {number}").format(name=name, number=exact(value))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        name: in few letters.
        numbers: one a column; NaN for none.
        target: where they come from.
        is_result: whether it is what the lines above it give.
    """

    name: str
    numbers: tuple[float, ...]
    target: Cell | None = None
    is_result: bool = False


def table(
    name: str,
    lines: Sequence[Line],
    columns: tuple[str, ...] = (),
    decimals: Sequence[int] = (),
) -> Grid:
    """A table with a name at the beginning of each line.

    Args:
        name: its caption.
        lines: at least one.
        columns: names of the columns; empty where there is one.
        decimals: of the columns; empty for as many as the largest number of each needs.
    """
    numbers = np.array([line.numbers for line in lines])
    decimals = decimals or [decimals_of(column) for column in numbers.T]
    texts = [
        written_all(column, so_many)[0] for column, so_many in zip(numbers.T, decimals, strict=True)
    ]

    def say(row: int, column: int) -> str:
        line = lines[row]
        if not columns:
            return named_number(line.name, line.numbers[column])
        return translate("Cell", "{name}, {column}: {number}").format(
            name=line.name, column=columns[column], number=exact(line.numbers[column])
        )

    return Grid(
        name,
        numbers,
        tuple(zip(*texts, strict=True)),
        say,
        rows=tuple(line.name for line in lines),
        columns=columns,
        targets={
            (row, column): line.target
            for row, line in enumerate(lines)
            if line.target is not None
            for column in range(numbers.shape[1])
        },
        marks={
            (row, column): Mark.RESULT
            for row, line in enumerate(lines)
            if line.is_result
            for column in range(numbers.shape[1])
        },
    )


def pixels(scene: Scene, cell: Cell) -> Maps:
    """The glyph, with the pixels framed that a cell depends on."""
    levels = scene.values[GLYPH]
    lit = receptive_fields(scene.inside, cell)[GLYPH]
    name = translate("Cell", "The pixels that it depends on")
    if cell.layer == GLYPH:
        name = translate("Cell", "The pixel in the glyph")

    def say(place: Place) -> str:
        return scene.said(Cell(GLYPH, place))

    return Maps(
        name,
        levels,
        255.0,
        say,
        lambda place: Cell(GLYPH, place),
        lit=lit,
        current=_darkest(levels[0], lit.rows, lit.columns),
        is_ink=True,
        summary=translate(
            "Cell", "Rows {top} to {bottom} and columns {left} to {right} of the glyph"
        ).format(
            top=lit.rows.start + 1,
            bottom=lit.rows.stop,
            left=lit.columns.start + 1,
            right=lit.columns.stop,
        ),
    )


def _darkest(levels: NDArray[np.float64], rows: range, columns: range) -> Place:
    """The pixel with the most ink in a block of the glyph."""
    block = levels[rows.start : rows.stop, columns.start : columns.stop]
    row, column = divmod(int(block.argmax()), block.shape[1])
    return 0, rows.start + row, columns.start + column
