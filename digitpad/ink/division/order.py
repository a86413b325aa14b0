"""The order in which symbols are read: lines from top to bottom, each from left to right."""

from __future__ import annotations

import itertools
import math
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from digitpad.ink.parts import Bounds

_SHARED = 0.35
"""Height that a symbol shares with the one before it in its line, at least, as a share of the
smaller one's."""

_WIDE = 0.75
"""A wide gap, as a share of the median height of its line, at least ..."""

_WIDER = 2.0
"""... and this many times as wide as the median of the other gaps, where there are two."""

_ONLY = 1.0
"""The same share for the only gap of a line, which nothing can be compared with."""


def reading_order(bounds: Sequence[Bounds], signs: Container[int] = ()) -> list[tuple[int, str]]:
    """Symbols in the order of reading, each with what separates it from the one before.

    Args:
        bounds: of each symbol.
        signs: numbers of those that are signs within numbers. They stand in the line of the symbol
            that is nearest, and no space is before or after them.

    Returns:
        For each its number and nothing, a space after a wide gap, or a line break at the
        beginning of a further line.
    """
    order: list[tuple[int, str]] = []
    for number, line in enumerate(_with_signs(_lines(bounds, signs), bounds, signs)):
        gaps = [
            max(bounds[after][0] - bounds[before][2], 0.0)
            for before, after in itertools.pairwise(line)
        ]
        for place, i in enumerate(line):
            before = "\n" if number and not place else ""
            if (
                place
                and i not in signs
                and line[place - 1] not in signs
                and _is_wide(gaps, place - 1, [bounds[j] for j in line if j not in signs])
            ):
                before = " "
            order.append((i, before))
    return order


def _lines(bounds: Sequence[Bounds], signs: Container[int]) -> list[list[int]]:
    """The symbols in lines, but for signs if there is anything else."""
    symbols = [i for i in range(len(bounds)) if i not in signs] or range(len(bounds))
    lines: list[list[int]] = []
    for i in sorted(symbols, key=lambda i: (bounds[i][0] + bounds[i][2], bounds[i])):
        shared = [_shared(bounds[i], bounds[line[-1]]) for line in lines]
        best = max(range(len(lines)), key=shared.__getitem__, default=None)
        if best is None or shared[best] < _SHARED:
            lines.append([i])
        else:
            lines[best].append(i)
    return sorted(lines, key=lambda line: median(bounds[i][1] + bounds[i][3] for i in line))


def _with_signs(
    lines: list[list[int]], bounds: Sequence[Bounds], signs: Container[int]
) -> list[list[int]]:
    """The lines with the signs in them."""
    placed = {i for line in lines for i in line}
    line_of = {i: number for number, line in enumerate(lines) for i in line}
    found = [list(line) for line in lines]
    for i in range(len(bounds)):
        if i in signs and i not in placed:
            nearest = min(placed, key=lambda j: (_apart(bounds[i], bounds[j]), bounds[j]))
            found[line_of[nearest]].append(i)
    for line in found:
        line.sort(key=lambda i: (bounds[i][0] + bounds[i][2], bounds[i]))
    return found


def _apart(a: Bounds, b: Bounds) -> float:
    """The distance of two bounds."""
    x = max(a[0] - b[2], b[0] - a[2], 0.0)
    return math.hypot(x, max(a[1] - b[3], b[1] - a[3], 0.0))


def _shared(a: Bounds, b: Bounds) -> float:
    """How much of the lower one's height both have in common."""
    common = min(a[3], b[3]) - max(a[1], b[1])
    lower = min(a[3] - a[1], b[3] - b[1])
    return common / lower if lower > 0 else float(common >= 0)


def _is_wide(gaps: Sequence[float], place: int, line: Sequence[Bounds]) -> bool:
    height = median(bottom - top for _, top, _, bottom in line)
    others = [gap for i, gap in enumerate(gaps) if i != place]
    usual = median(others) if len(others) > 1 else 0.0
    return gaps[place] > max((_WIDE if others else _ONLY) * height, _WIDER * usual)
