"""Curves as growing arrays, their smoothing, and few points in place of many; free of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)

_FIRST_ROOM = 1024
_BLOCK = 128


class Series:
    """A curve that grows at its end, in arrays that double when they are full.

    Steps ascend. A value that is no number (NaN or infinite) makes no point.

    Attributes:
        revision: another number after each change.
    """

    def __init__(self) -> None:
        self._steps = np.empty(_FIRST_ROOM, np.int64)
        self._values = np.empty(_FIRST_ROOM)
        self._count = 0
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
        self._grow(end)
        self._steps[self._count : end] = np.asarray(steps, np.int64)[finite]
        self._values[self._count : end] = new
        self._count = end
        self.revision += 1

    def truncate(self, step: int) -> None:
        """Forget the points after a step."""
        self._count = int(np.searchsorted(self.steps, step, side="right"))
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

    def _grow(self, needed: int) -> None:
        if needed <= len(self._values):
            return
        room = max(needed, 2 * len(self._values))
        self._steps = _moved(self.steps, room)
        self._values = _moved(self.values, room)


class SmoothedSeries(Series):
    """A curve and its exponential moving average, corrected for its start as in Adam.

    The average of the values v is m[t] / (1 - weight^t) with m[t] = weight m[t-1] +
    (1 - weight) v[t], as in TensorBoard: the first values are not pulled towards 0. New points
    are averaged as they come; only another weight needs all of them again.

    Args:
        weight: of the past, in [0, 1); 0 leaves the curve as it is.
    """

    def __init__(self, weight: float = 0.0) -> None:
        super().__init__()
        self._weight = weight
        self._averages = np.empty(_FIRST_ROOM)
        self._averaged = 0

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
        start, end = self._averaged, len(self)
        if len(self._averages) < end:
            self._averages = _moved(self._averages[:start], len(self._values))
        if start < end:
            last = self._averages[start - 1] * self._correction(start) if start else 0.0
            sums = leaky_sums(self.values[start:], self._weight, float(last))
            self._averages[start:end] = sums / self._correction(np.arange(start + 1, end + 1))
            self._averaged = end
        return self._averages[:end]

    def truncate(self, step: int) -> None:
        """Forget the points after a step."""
        super().truncate(step)
        self._averaged = min(self._averaged, len(self))

    def _correction(self, count: int | NDArray[np.int64]) -> float | NDArray[np.float64]:
        return 1.0 - np.power(self._weight, count, dtype=np.float64)


def leaky_sums(
    values: NDArray[np.float64], weight: float, before: float = 0.0
) -> NDArray[np.float64]:
    """m[t] = weight m[t-1] + (1 - weight) v[t] without a loop over the values.

    Blocks are multiplied with a triangular matrix of powers; only their last sums are handed on
    one by one.

    Args:
        values: (n,), finite.
        weight: in [0, 1).
        before: m before the first value.

    Returns:
        (n,) float64.
    """
    count = len(values)
    if not count:
        return np.empty(0)
    size = min(_BLOCK, count)
    blocks = -(-count // size)
    padded = np.zeros(blocks * size)
    padded[:count] = values
    apart = np.arange(size)[:, None] - np.arange(size)
    powers = np.power(weight, np.maximum(apart, 0), dtype=np.float64)
    sums = padded.reshape(blocks, size) @ np.where(apart >= 0, (1.0 - weight) * powers, 0.0).T
    decay = np.power(weight, np.arange(1, size + 1), dtype=np.float64)
    starts = np.empty(blocks)
    for block, end in enumerate(sums[:, -1]):
        starts[block] = before
        before = decay[-1] * before + end
    sums += starts[:, None] * decay
    return sums.ravel()[:count]


def _moved(filled: NDArray[Kind], room: int) -> NDArray[Kind]:
    bigger = np.empty(room, filled.dtype)
    bigger[: len(filled)] = filled
    return bigger


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

    At most about one point a column; else as `extremes`.
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
