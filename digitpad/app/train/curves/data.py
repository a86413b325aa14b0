"""All numbers behind the curves of one training; free of Qt.

Curves are growing arrays, smoothed, and drawn by few points in place of many.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.learning.events import BatchDone, EpochDone, Row, Validated
from digitpad.learning.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_FIRST_ROOM = 1024
_CROWD = 8
"""Points of a bin from which on they are shown as a band."""

_MIDDLE = (0.1, 0.9)
"""Quantiles between which a band lies."""


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
        weight: as given; it may change.
        revision: another number after each change.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self._steps = np.empty(_FIRST_ROOM, np.int64)
        self._values = np.empty(_FIRST_ROOM)
        self._averages = np.empty(_FIRST_ROOM)
        self._count = self._averaged = 0
        self.weight = self._averaged_by = weight
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
    def smoothed(self) -> NDArray[np.float64]:
        """The average at each point, (n,) float64; a view that the next change may outdate."""
        if not self.weight:
            return self.values
        if self._averaged_by != self.weight:
            self._averaged_by, self._averaged = self.weight, 0
        start, end = self._averaged, self._count
        if start < end:
            sums = (1.0 - self.weight) * self.values[start:]
            if start:
                corrected = 1.0 - self.weight**start
                sums[0] += self.weight * corrected * self._averages[start - 1]
            # Sums over 1 value, 2, 4, ... until what is further away weighs nothing.
            span, weight = 1, self.weight
            while span < len(sums) and weight > 0:
                sums[span:] += weight * sums[:-span]
                span, weight = 2 * span, weight * weight
            counts = np.arange(start + 1, end + 1)
            self._averages[start:end] = sums / (1.0 - np.power(self.weight, counts, dtype=float))
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
        before = max(int(np.searchsorted(self.steps, step)) - 1, 0)
        return before + int(np.abs(self.steps[before : before + 2] - step).argmin())


@dataclass(frozen=True, slots=True)
class CurveValues:
    """The values of all curves about one step, by metric; None where a curve has no point.

    Attributes:
        step: of the batch that is nearest.
        batch: of that batch.
        smoothed: averages there; of a metric that is not smoothed, that of the batch.
        validation_step: where the nearest validation was.
        validation: there.
    """

    step: int
    batch: dict[str, float | None]
    smoothed: dict[str, float | None]
    validation_step: int | None
    validation: dict[str, float | None]


class CurveData:
    """All curves of one training.

    Args:
        weight: of the past in the smoothed curves, in [0, 1).
        steps_per_epoch: at least 1.
        epochs: that were planned, at least 1.
        is_live: whether some of these may be to come.

    Attributes:
        weight: as given; `set_weight` changes it.
        training: a curve of the batches for each metric, by its name.
        validation: the same of the validation data.
        best: the best epoch so far.
        last_step: of the last event; 0 without any.
    """

    def __init__(
        self, weight: float = 0.0, steps_per_epoch: int = 1, epochs: int = 1, is_live: bool = False
    ) -> None:
        self.weight = weight
        self.steps_per_epoch, self.epochs, self.is_live = steps_per_epoch, epochs, is_live
        self.training = {m.name: Series(weight if m.is_noisy else 0.0) for m in METRICS}
        self.validation = {m.name: Series() for m in METRICS}
        self.best: EpochDone | None = None
        self.last_step = 0
        # Where there is anything: a curve may lack a point there.
        self._batches, self._validations = Series(), Series()

    @property
    def progress(self) -> float:
        """Epochs that are done."""
        return self.last_step / self.steps_per_epoch

    @property
    def span(self) -> float:
        """Epochs of the whole training: those that it had, or will have."""
        is_open = self.is_live or not self.last_step
        return max(self.epochs, self.progress) if is_open else self.progress

    def set_weight(self, weight: float) -> None:
        """Smooth with another weight of the past, in [0, 1)."""
        self.weight = weight
        for metric in METRICS:
            if metric.is_noisy:
                self.training[metric.name].weight = weight

    def add(self, rows: Iterable[Row]) -> None:
        """Take events in, in the order of a training.

        An epoch's metrics, of all validation data, stand in for those of a part at the same step.
        """
        batches: list[BatchDone] = []
        ended: list[EpochDone] = []
        validated: dict[int, Mapping[str, float]] = {}
        for row in rows:
            self.last_step = max(self.last_step, row.step)
            match row:
                case BatchDone():
                    batches.append(row)
                case Validated():
                    validated[row.step] = row.validation
                case EpochDone():
                    ended.append(row)
                    validated[row.step] = row.validation
                    if row.is_best:
                        self.best = row
        steps = [row.step for row in batches]
        self._batches.extend(steps, steps)
        at_end = [row.step for row in ended]
        for metric in METRICS:
            places = at_end if metric.of_epochs else steps
            known = [row.metrics for row in (ended if metric.of_epochs else batches)]
            found = [metrics.get(metric.name, math.nan) for metrics in known]
            self.training[metric.name].extend(places, found)
        if validated:
            steps = sorted(validated)
            for name, series in self.validation.items():
                series.truncate(steps[0] - 1)
                series.extend(steps, [validated[step].get(name, math.nan) for step in steps])
            steps = [step for step in steps if any(map(math.isfinite, validated[step].values()))]
            if steps:
                self._validations.truncate(steps[0] - 1)
                self._validations.extend(steps, steps)

    def values_at(self, step: float) -> CurveValues | None:
        """The values next to a step; None where there is no batch yet."""
        found = _nearest(self._batches, step)
        if found is None:
            return None
        # Of the batch itself, not of a neighbour of one that had no number.
        at = _nearest(self._validations, step)
        return CurveValues(
            step=found,
            batch={name: _value(s, s.values, found) for name, s in self.training.items()},
            smoothed={name: _value(s, s.smoothed, found) for name, s in self.training.items()},
            validation_step=at,
            validation={name: _value(s, s.values, at) for name, s in self.validation.items()},
        )


def _nearest(series: Series, step: float) -> int | None:
    index = series.nearest(step)
    return None if index is None else int(series.steps[index])


def _value(series: Series, values: NDArray[np.float64], step: int | None) -> float | None:
    index = None if step is None else series.nearest(step)
    return float(values[index]) if index is not None and series.steps[index] == step else None


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


def band(
    steps: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Where most points of a crowded rough curve lie: of each bin, the middle four fifths.

    Lines from one batch to the next would be a wall of ink, in which a single batch cannot be seen
    anyway.

    Args:
        steps: (n,), ascending.
        values: (n,), finite.
        low: first step that is seen.
        high: last step that is seen.
        columns: bins across at most, at least 1.

    Returns:
        Places, lower and upper edges, each (m,); empty where the points can be told apart, as there
        are not even a few for each bin.
    """
    first, last, size = _bins(steps, low, high, columns)
    if size < _CROWD:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    rest = last - (last - first) % size
    binned = values[first:rest].reshape(-1, size)
    lower, upper = np.quantile(binned, _MIDDLE, axis=1)
    places = steps[first:rest].reshape(-1, size).mean(axis=1)
    # To the newest point, as wide as before: a bin that has just begun has no width yet.
    places = np.append(places, steps[last - 1])
    return places, np.append(lower, lower[-1:]), np.append(upper, upper[-1:])


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
