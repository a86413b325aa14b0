"""Few points in place of many, for curves with more points than the screen has pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class _Bins(NamedTuple):
    """A part of a curve, cut into pieces of the same size and a rest.

    Sizes are powers of two, and pieces begin at multiples of them: the picture of what is there
    already holds still while points are added.
    """

    first: int
    size: int
    whole: int
    last: int

    @property
    def rest(self) -> int:
        return self.first + self.whole * self.size


def _bins(steps: NDArray[np.int64], low: float, high: float, most: int) -> _Bins:
    """Bins of the points from `low` to `high` and of one beyond each; of size 1 for few points.

    Of a curve that begins before `low` there is a whole bin beyond.
    """
    first = max(int(np.searchsorted(steps, low)) - 1, 0)
    last = min(int(np.searchsorted(steps, high, side="right")) + 1, len(steps))
    size = 1
    while size * most < last - first:
        size *= 2
    if size > 1:
        first = max(first - first % size - size, 0)
    return _Bins(first, size, (last - first) // size, last)


def extremes(
    steps: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float, columns: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The points that a picture of a rough curve needs: the lowest and the highest of each bin.

    Args:
        steps: (n,), ascending.
        values: (n,), finite.
        low: first step that is seen.
        high: last step that is seen.
        columns: pixels across, at least 1.

    Returns:
        Steps and values of at most about two points a column, within and just beyond what is
        seen, so that a line runs to the edge.
    """
    bins = _bins(steps, low, high, columns)
    if bins.size <= 2:
        return steps[bins.first : bins.last], values[bins.first : bins.last]
    binned = values[bins.first : bins.rest].reshape(bins.whole, bins.size)
    pairs = np.stack([binned.argmin(axis=1), binned.argmax(axis=1)], axis=1)
    pairs.sort(axis=1)
    pairs += bins.first + bins.size * np.arange(bins.whole)[:, None]
    chosen = [pairs.ravel()]
    if bins.rest < bins.last:
        tail = values[bins.rest : bins.last]
        ends = sorted({int(tail.argmin()), int(tail.argmax()), len(tail) - 1})
        chosen.append(bins.rest + np.array(ends))
    indices = np.concatenate(chosen)
    return steps[indices], values[indices]


def means(
    steps: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points that a picture of a smooth curve needs: the middle of each bin, and the last.

    Args:
        steps: (n,), ascending.
        values: (n,), finite.
        low: first step that is seen.
        high: last step that is seen.
        columns: pixels across, at least 1.

    Returns:
        Steps (as float64) and values of at most about one point a column, within and just beyond
        what is seen.
    """
    bins = _bins(steps, low, high, columns)
    part = slice(bins.first, bins.last)
    if bins.size == 1:
        return steps[part].astype(np.float64), values[part]
    points = []
    for array in (steps, values):
        middles = array[bins.first : bins.rest].reshape(bins.whole, bins.size).mean(axis=1)
        points.append(np.append(middles, array[bins.last - 1]))
    return points[0], points[1]
