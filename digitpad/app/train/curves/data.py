"""The numbers behind the curves of a training, without Qt.

A curve is an array that grows. It is smoothed, and thinned to as many points as a picture needs.
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
"""With at least so many points in a bin, they are shown as a band."""

_MIDDLE = (0.1, 0.9)
"""Quantiles that are the lower and the upper edge of a band."""


class Series:
    """A curve that grows at its end, in arrays that at least double when they are full.

    Steps ascend. A value that is NaN or infinite makes no point.

    The smoothed curve is an exponential moving average with the bias correction of Adam (Kingma and
    Ba 2015), as in TensorBoard: m[t] / (1 - weight^t) for t from 1, where m[t] = weight m[t-1] +
    (1 - weight) v[t] for the values v, and m[0] = 0. Thus the first values are not pulled towards
    0. Only new points are averaged, unless the weight changes.

    Args:
        weight: of the past, in [0, 1); 0 means no smoothing.

    Attributes:
        weight: as given; it may be changed.
        revision: a number that grows with each change of the points.
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
        """Steps of the points, int64 (n,); a view that is valid until the next change."""
        return self._steps[: self._count]

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the points, finite float64 (n,); a view that is valid until the next change."""
        return self._values[: self._count]

    @property
    def smoothed(self) -> NDArray[np.float64]:
        """Average at each point, float64 (n,); a view that is valid until the next change."""
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
            # Weighted sums over 1, 2, 4, ... values, until older ones weigh nothing.
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
            steps: ascending, and above those of all points before.
            values: one for each step.
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
        """Remove the points after a step."""
        self._count = int(np.searchsorted(self.steps, step, side="right"))
        self._averaged = min(self._averaged, self._count)
        self.revision += 1

    def nearest(self, step: float) -> int | None:
        """Index of the point nearest to a step; None if there are no points."""
        if not self._count:
            return None
        before = max(int(np.searchsorted(self.steps, step)) - 1, 0)
        return before + int(np.abs(self.steps[before : before + 2] - step).argmin())


@dataclass(frozen=True, slots=True)
class CurveValues:
    """The values of all curves near a step, by metric; None if a curve has no point there.

    Attributes:
        step: of the nearest batch.
        batch: values of that batch.
        smoothed: averages at that batch; its values for metrics that are not smoothed.
        validation_step: of the nearest validation; None if there is none.
        validation: values of that validation.
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
        epochs: the number planned, at least 1.
        is_live: whether the training is still running, so that epochs may be to come.

    Attributes:
        weight: as given; `set_weight` changes it.
        training: the curves on training data, by the names of the metrics.
        validation: the curves on validation data, by the names of the metrics.
        best: the best epoch so far; None before the first.
        last_step: the largest step of all events; 0 without any.
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
        # All steps with a batch or a validation: a single curve may lack a point there.
        self._batches, self._validations = Series(), Series()

    @property
    def progress(self) -> float:
        """Epochs done, with the share of the present one."""
        return self.last_step / self.steps_per_epoch

    @property
    def span(self) -> float:
        """Epochs to show: those planned while the training runs, else those that it had."""
        is_open = self.is_live or not self.last_step
        return max(self.epochs, self.progress) if is_open else self.progress

    def set_weight(self, weight: float) -> None:
        """Smooth the noisy metrics with another weight of the past, in [0, 1)."""
        self.weight = weight
        for metric in METRICS:
            if metric.is_noisy:
                self.training[metric.name].weight = weight

    def add(self, rows: Iterable[Row]) -> None:
        """Add events, in the order of the training.

        At the end of an epoch, its metrics on all validation data replace those of a validation on
        part of it at the same step.
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
        """The values nearest to a step; None before the first batch."""
        found = _nearest(self._batches, step)
        if found is None:
            return None
        # A metric that this batch lacks is None, not that of a neighbouring batch.
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
    """Cut the visible part of a curve into at most about `most` bins of the same size.

    The part goes from one point before `low` to one after `high`. If bins have several points, it
    begins a whole bin before `low`. Sizes are powers of two, and bins begin at multiples of them:
    the picture does not flicker while points are added.

    Returns:
        Index of the first point, index after the last one, and points in each bin.
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
    """Thin a rough curve for a picture: the lowest and the highest point of each bin.

    Args:
        steps: int64 (n,), ascending.
        values: float64 (n,), finite.
        low: first step in view.
        high: last step in view.
        columns: width of the picture in pixels, at least 1.

    Returns:
        Steps and values of at most about two points a column. Some lie just out of view, so that
        the line runs to the edges.
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
    """A band for a rough curve with many points: it holds the middle 80 % of each bin.

    With so many points, a line from each to the next would only fill the plot.

    Args:
        steps: int64 (n,), ascending.
        values: float64 (n,), finite.
        low: first step in view.
        high: last step in view.
        columns: largest number of bins in view, at least 1.

    Returns:
        Steps, lower edges and upper edges of the band, each float64 (m,). They are empty if there
        are so few points that each can be seen.
    """
    first, last, size = _bins(steps, low, high, columns)
    if size < _CROWD:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    rest = last - (last - first) % size
    binned = values[first:rest].reshape(-1, size)
    lower, upper = np.quantile(binned, _MIDDLE, axis=1)
    places = steps[first:rest].reshape(-1, size).mean(axis=1)
    # The band runs to the newest point with the width of the last full bin.
    places = np.append(places, steps[last - 1])
    return places, np.append(lower, lower[-1:]), np.append(upper, upper[-1:])


def means(
    steps: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Thin a smooth curve for a picture: the mean of each bin, and the last point.

    Arguments and results are those of `extremes`, but with at most about one point a column, and
    with float64 steps.
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
