"""All numbers behind the curves of one training, as they come; free of Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.app.train.curves.series import Series
from digitpad.learning.events import BatchDone, EpochDone, Row, Validated
from digitpad.learning.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray


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
        self,
        weight: float = 0.0,
        steps_per_epoch: int = 1,
        epochs: int = 1,
        *,
        is_live: bool = False,
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
        validated: dict[int, Mapping[str, float]] = {}
        for row in rows:
            self.last_step = max(self.last_step, row.step)
            match row:
                case BatchDone():
                    batches.append(row)
                case Validated():
                    validated[row.step] = row.validation
                case EpochDone():
                    validated[row.step] = row.validation
                    if row.is_best:
                        self.best = row
        steps = [row.step for row in batches]
        self._batches.extend(steps, steps)
        for name, series in self.training.items():
            series.extend(steps, [row.metrics.get(name, math.nan) for row in batches])
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
