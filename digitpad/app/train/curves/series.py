"""Curves as growing arrays, their smoothing, and few points in place of many; free of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_FIRST_ROOM = 1024


class Series:
    """A curve that grows at its end, in arrays that double when they are full.

    Steps ascend. A value that is no number (NaN or infinite) makes no point.

    Its exponential moving average is corrected for its start as in Adam: of the values v it is
    m[t] / (1 - weight^t) with m[t] = weight m[t-1] + (1 - weight) v[t], as in TensorBoard: the
    first values are not pulled towards 0. New points are averaged as they come; only another
    weight needs all of them again.

    Args:
        weight: of the past, in [0, 1); 0 leaves the curve as it is.

    Attributes:
        revision: another number after each change.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self._steps = np.empty(_FIRST_ROOM, np.int64)
        self._values = np.empty(_FIRST_ROOM)
        self._averages = np.empty(_FIRST_ROOM)
        self._count = self._averaged = 0
        self._weight = weight
        self.revision = 0

    def __len__(self) -> int:
        return self._count

    @property
    def steps(self) -> NDArray[np.int64]:
        """Where the points are, (n,) int64; a view that the next `extend` may outdate."""
        return self._steps[: self._count]

    @property
    def values(self) -> NDArray[np.float64]:
        """The points, (n,) float64, finite; a view that the next `extend` may outdate."""
        return self._values[: self._count]

    @property
    def weight(self) -> float:
        """Of the past, in [0, 1)."""
        return self._weight

    @weight.setter
    def weight(self, weight: float) -> None:
        if weight != self._weight:
            self._weight = weight
            self._averaged = 0

    @property
    def smoothed(self) -> NDArray[np.float64]:
        """The average at each point, (n,) float64; a view that the next change may outdate."""
        start, end = self._averaged, self._count
        if not self._weight:
            return self.values
        if start < end:
            sums = (1.0 - self._weight) * self.values[start:]
            if start:
                corrected = 1.0 - self._weight**start
                sums[0] += self._weight * corrected * self._averages[start - 1]
            # Sums over 1 value, 2, 4, ... until what is further away weighs nothing.
            span, weight = 1, self._weight
            while span < len(sums) and weight > 0:
                sums[span:] += weight * sums[:-span]
                span, weight = 2 * span, weight * weight
            counts = np.arange(start + 1, end + 1)
            self._averages[start:end] = sums / (1.0 - np.power(self._weight, counts, dtype=float))
            self._averaged = end
        return self._averages[:end]

    def extend(self, steps: Sequence[int], values: Sequence[float]) -> None:
        """Add points.

        Args:
            steps: ascending, above the last one's.
            values: as many.
        """
        new = np.asarray(values, np.float64)
        finite = np.isfinite(new)
        new = new[finite]
        end = self._count + len(new)
        if end > len(self._values):
            room = max(end, 2 * len(self._values))
            self._steps = np.resize(self._steps, room)
            self._values = np.resize(self._values, room)
            self._averages = np.resize(self._averages, room)
        self._steps[self._count : end] = np.asarray(steps, np.int64)[finite]
        self._values[self._count : end] = new
        self._count = end
        self.revision += 1

    def truncate(self, step: int) -> None:
        """Forget the points after a step."""
        self._count = int(np.searchsorted(self.steps, step, side="right"))
        self._averaged = min(self._averaged, self._count)
        self.revision += 1

    def nearest(self, step: float) -> int | None:
        """Index of the point next to a step; None where there is no point."""
        if not self._count:
            return None
        after = int(np.searchsorted(self.steps, step))
        if after == self._count:
            return after - 1
        if after and step - self.steps[after - 1] <= self.steps[after] - step:
            return after - 1
        return after


def _bins(steps: NDArray[np.int64], low: float, high: float, most: int) -> tuple[int, int, int]:
    """A part of a curve, cut into pieces of the same size and a rest: its ends, and the size.

    It has the points from `low` to `high` and one beyond each; where there are more than `most`, a
    whole piece beyond `low`. Sizes are powers of two, and pieces begin at multiples of them: the
    picture of what is there already holds still while points are added.
    """
    first = max(int(np.searchsorted(steps, low)) - 1, 0)
    last = min(int(np.searchsorted(steps, high, side="right")) + 1, len(steps))
    size = 1
    while size * most < last - first:
        size *= 2
    if size > 1:
        first = max(first - first % size - size, 0)
    return first, last, size


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
    first, last, size = _bins(steps, low, high, columns)
    if size <= 2:
        return steps[first:last], values[first:last]
    rest = last - (last - first) % size
    chosen = [np.array([last - 1])]
    for start, end, width in ((first, rest, size), (rest, last, last - rest)):
        if start < end:
            binned = values[start:end].reshape(-1, width)
            starts = np.arange(start, end, width)
            chosen += [starts + binned.argmin(axis=1), starts + binned.argmax(axis=1)]
    indices = np.unique(np.concatenate(chosen))
    return steps[indices], values[indices]


def means(
    steps: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points that a picture of a smooth curve needs: the middle of each bin, and the last.

    At most about one point a column; else as `extremes`.
    """
    first, last, size = _bins(steps, low, high, columns)
    if size == 1:
        return steps[first:last].astype(np.float64), values[first:last]
    rest = last - (last - first) % size
    middles, averages = (
        np.append(array[first:rest].reshape(-1, size).mean(axis=1), array[last - 1])
        for array in (steps, values)
    )
    return middles, averages
