"""Ruled lines, squares and frames on the paper: straight, thin, and right across the picture.

Lines paler than the ink go with the threshold. What this module finds are lines about as dark as
the ink itself, which would else be parts of the digit, or its only part.

The search is a Hough transform (Duda and Hart 1972) over small angles: every thin run of ink in a
column of pixels votes for the lines that pass through it. Taken away are the runs along a line
that is found, but not where a stroke crosses it, for there the run is longer than the line is
thick.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_SMALLEST = 100
"""In a picture whose shorter side has fewer pixels, a line looks like a stroke."""

_THICKEST = 0.016
"""Thickness of a line as a share of its length: no pen draws a digit of such thin strokes."""

_ACROSS = 0.75
"""A line covers at least this share of the picture's width (or height) that no stroke hides."""

_SEEN = 0.5
"""And this share of the whole width."""

_STEEPEST = 0.12
"""Rise of a line over its length: a page is seldom turned by more than seven degrees."""

_BAND = 3
"""A line stays within two bands of this many pixels, because lenses bend it and paper curls."""

_MOST_RUNS = 40
"""Thin runs in a column, in the mean, beyond which they are noise and not lines."""

_TO_EDGE = 0.05
"""What is nearer to the picture's edge than this share of its longer side reaches to it; and
what is smaller than that is no digit."""


def ruled_lines(possible: Mask) -> Mask:
    """Which of the pixels that may be ink, bool (h, w), belong to lines on the paper.

    None where a digit would not be left, or where the line may be one of its strokes.
    """
    if min(possible.shape) < _SMALLEST:
        return np.zeros_like(possible)
    rows, row_count = _lines_across(possible)
    columns, column_count = _lines_across(possible.T)
    lines: Mask = rows | columns.T
    if not lines.any() or not _is_digit_left(possible & ~lines, max(row_count, column_count) > 1):
        return np.zeros_like(possible)
    return lines


class _Runs(NamedTuple):
    """The runs of set pixels in the columns of a mask, int64 (n,) each; `stop` is excluded."""

    column: Ints
    start: Ints
    stop: Ints

    def chosen(self, which: Mask) -> _Runs:
        return _Runs(self.column[which], self.start[which], self.stop[which])

    def painted(self, shape: tuple[int, ...]) -> Mask:
        steps = np.zeros((shape[0] + 1, shape[1]), np.int8)
        steps[self.start, self.column] = 1
        steps[self.stop, self.column] = -1
        return np.cumsum(steps[:-1], axis=0) > 0


def _runs(mask: Mask) -> _Runs:
    steps = np.diff(np.pad(mask.T, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    column, start = np.nonzero(steps == 1)
    return _Runs(column, start, np.nonzero(steps == -1)[1])


def _lines_across(mask: Mask) -> tuple[Mask, int]:
    """The pixels of all lines from left to right, and how many lines there are."""
    lines = straight_across(mask, _THICKEST, _ACROSS)
    painted = np.zeros_like(mask)
    for line in lines:
        painted |= line
    return painted, len(lines)


def straight_across(mask: Mask, thickest: float, across: float) -> list[Mask]:
    """The pixels, bool (h, w), of each thin straight line from left to right, the clearest first.

    Args:
        mask: bool (h, w), ink.
        thickest: thickness of a line as a share of the mask's width, at most.
        across: the line's share of the width that no stroke hides, at least.
    """
    width = mask.shape[1]
    every = _runs(mask)
    is_thin = every.stop - every.start <= max(thickest * width, 2.0)
    runs, strokes = every.chosen(is_thin), every.chosen(~is_thin)
    # Too few runs for a line, as in almost every picture, or noise everywhere.
    if not _SEEN * width <= len(runs.column) <= _MOST_RUNS * width:
        return []
    votes = _Votes(runs, mask.shape)
    thickness = runs.stop - runs.start
    lines = []
    # Each takes runs away in half of all columns or more, so that they come to an end.
    while (on_line := votes.best_line(strokes, across)) is not None:
        # A run on the line that is much thicker than the line is a stroke along it.
        is_ruled = thickness[on_line] <= 1.5 * np.median(thickness[on_line]) + 1
        votes.withdraw(on_line)
        lines.append(runs.chosen(on_line[is_ruled]).painted(mask.shape))
    return lines


class _Votes:
    """How many thin runs lie in each band of the picture, for each slope that a line may have.

    Args:
        runs: the thin runs.
        shape: height and width of the picture.
    """

    def __init__(self, runs: _Runs, shape: tuple[int, ...]) -> None:
        height, self._width = shape
        self._runs = runs
        self._rises = np.arange(-_STEEPEST, _STEEPEST, 2.0 / self._width)
        offset = runs.column - self._width / 2
        middle = (runs.start + runs.stop) / 2
        # All bands that a run may be in, counted from 0.
        lowest = math.floor(-_STEEPEST * self._width / 2 / _BAND) - 1
        self._lowest = lowest
        self._bands = math.ceil((height + _STEEPEST * self._width / 2) / _BAND) + 2 - lowest
        band = np.floor((middle - self._rises[:, None] * offset) / _BAND).astype(np.int32)
        # (slopes, runs): where each run votes.
        self._places = band - lowest + self._bands * np.arange(len(self._rises))[:, None]
        self._counts = self._counted(slice(None))

    def _counted(self, which: Ints | slice) -> Ints:
        size = len(self._rises) * self._bands
        places = self._places[:, which].ravel()
        return np.bincount(places, minlength=size).reshape(-1, self._bands)

    def withdraw(self, which: Ints) -> None:
        """Take back the votes of some runs, by their indices."""
        self._counts -= self._counted(which)
        # There is no such band: they are not found again.
        self._places[:, which] = -1

    def best_line(self, strokes: _Runs, across: float) -> Ints | None:
        """Indices of the thin runs on the line that most of them lie on; None if it is too short.

        Strokes, which are thicker, may hide a part of a line.
        """
        pairs = self._counts[:, :-1] + self._counts[:, 1:]
        slope, band = (int(i) for i in np.unravel_index(pairs.argmax(), pairs.shape))
        place = slope * self._bands + band
        chosen = np.flatnonzero((self._places[slope] == place) | (self._places[slope] == place + 1))
        seen = np.count_nonzero(np.bincount(self._runs.column[chosen]))
        # Where the two bands meet.
        level = _BAND * (band + self._lowest + 1)
        line = level + self._rises[slope] * (strokes.column - self._width / 2)
        hidden = strokes.column[(strokes.start <= line) & (line < strokes.stop)]
        free = self._width - np.count_nonzero(np.bincount(hidden))
        return chosen if seen >= max(across * free, _SEEN * self._width) else None


def _is_digit_left(rest: Mask, are_several: bool) -> bool:
    """Whether what the lines leave is a digit, and not the other strokes of one.

    One single line that crosses the picture may be a stroke of a digit that the picture is cut
    to; its other strokes then reach about to the picture's edge as well.
    """
    from scipy import ndimage

    labels, count = ndimage.label(rest, np.ones((3, 3), bool))
    if count == 0:
        return False
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    rows, columns = ndimage.find_objects(labels)[int(sizes.argmax()) - 1]
    longer = max(rows.stop - rows.start, columns.stop - columns.start)
    edge = _TO_EDGE * max(rest.shape)
    inside = all(
        edge < piece.start and piece.stop < side - edge
        for piece, side in zip((rows, columns), rest.shape, strict=True)
    )
    return (inside or are_several) and longer >= edge
