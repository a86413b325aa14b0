"""What the blocks of all sums have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.app.inside.cell.blocks.scene import Line, table
from digitpad.app.inside.cell.blocks.words import (
    decimals_of,
    translate,
    written,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.app.inside.cell.blocks.block import Grid

    Array = NDArray[np.float64]

_SUM_DIGITS = 5
"""Digits of the largest number of a sum."""


def sum_of(terms: list[str], total: float, decimals: int, *, is_cut: bool) -> str:
    """A sum as it is written behind a formula.

    Args:
        terms: the first of what is added.
        total: the sum.
        decimals: of the sum.
        is_cut: whether there are more terms.
    """
    dots = ["…"] if is_cut else []
    return f"= {' + '.join([*terms, *dots]) or '0'} = {written(total, decimals)}"


def bias_and_result(bias: float, value: float, *, has_bias: bool) -> list[Line]:
    """The last lines of a table: the bias, if there is any, and the result."""
    lines = [Line(translate("Cell", "Bias b"), (bias,))] if has_bias else []
    return [*lines, Line(translate("Cell", "Result"), (value,), is_result=True)]


def whole_sum(lines: list[Line]) -> Grid:
    """A table of few numbers and what they add up to, with more digits than elsewhere."""
    decimals = decimals_of([line.numbers for line in lines], _SUM_DIGITS)
    return table(translate("Cell", "The whole sum"), lines, decimals=[decimals])


def strongest_colour(values: Array) -> float:
    """The size of the largest of some numbers, which gets the strongest colour."""
    return float(np.abs(values).max(initial=0.0))
