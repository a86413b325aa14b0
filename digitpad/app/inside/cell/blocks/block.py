"""What is shown of a cell, block by block: text, grids of numbers, pictures of maps.

Blocks are made anew whenever a number changes; the widgets that show them stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.recognition.inside.fields import Cell, Region
    from digitpad.recognition.inside.layers import Place

    Spot: TypeAlias = tuple[int, int]
    """Row and column within a grid."""


class Mark(Enum):
    """What is special about a number in a grid."""

    PADDING = auto()  # outside of the map
    CHOSEN = auto()  # the one that won, or that is shown in detail
    RESULT = auto()


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph.

    Attributes:
        text: without markup.
        quiet: whether it has the quiet colour.
    """

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and the same with numbers.

    Attributes:
        name: of the typeset formula; "" where it is only written.
        text: the formula as plain text.
        numbers: with the numbers of this cell; "" where a table has them.
    """

    name: str
    text: str
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that can be switched on and off.

    Attributes:
        name: by which it is known.
        text: of the control.
        tip: a sentence.
        is_on: as it is now.
    """

    name: str
    text: str
    tip: str
    is_on: bool


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Numbers in rows and columns.

    Attributes:
        name: its caption.
        numbers: float64 (rows, columns); NaN where there is none.
        texts: as they are shown, in the same shape.
        say: a sentence about the number in a row and a column, with all its digits.
        rows: names of the rows; empty for none.
        columns: names of the columns; empty for none.
        targets: where numbers come from, by row and column.
        marks: what is special about numbers, by row and column.
        limit: the size of the strongest colour; 0 for a grid without colours.
        choices: where a column can be chosen, what each of them stands for; else empty.
        summary: the whole grid in words.
        sign: what is done with it and the grid before it, such as "×".
    """

    name: str
    numbers: NDArray[np.float64]
    texts: tuple[tuple[str, ...], ...]
    say: Callable[[int, int], str]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    targets: Mapping[Spot, Cell] = field(default_factory=dict)
    marks: Mapping[Spot, Mark] = field(default_factory=dict)
    limit: float = 0.0
    choices: tuple[int, ...] = ()
    summary: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Maps as pictures, each value a pixel.

    Attributes:
        name: its caption.
        values: (maps, rows, columns).
        limit: the size of the strongest colour.
        say: a sentence about the value in a place.
        target: the cell of a place; None where it leads nowhere.
        lit: what is framed, if anything.
        current: the place that is chosen at first.
        is_ink: whether values are levels of a glyph, which are painted grey.
        summary: the whole picture in words.
    """

    name: str
    values: NDArray[np.float64]
    limit: float
    say: Callable[[Place], str]
    target: Callable[[Place], Cell | None]
    lit: Region | None = None
    current: Place = (0, 0, 0)
    is_ink: bool = False
    summary: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Blocks side by side, as many as fit."""

    blocks: tuple[Grid | Maps, ...]


Block: TypeAlias = "Text | Formula | Switch | Grid | Maps | Flow"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user has chosen in the drawing of a cell.

    Attributes:
        channel: the map whose patch is shown in large; None for the one with the largest sum.
        largest_first: whether maps are ordered by the size of their sums.
    """

    channel: int | None = None
    largest_first: bool = False
