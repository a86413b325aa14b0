"""All numbers behind the curves of one training, as they come; free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.app.train.curves.series import Series, SmoothedSeries
from digitpad.learning.history import BatchRow, EpochRow, Row, ValidationRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class CurveValues:
    """The values of all curves about one step; None where a curve has no point.

    Attributes:
        step: of the batch that is nearest.
        loss: of that batch, in nats.
        smoothed_loss: there.
        accuracy: of that batch, in [0, 1].
        smoothed_accuracy: there.
        rate: learning rate there.
        check_step: where validation was measured nearest to it.
        validation_loss: there, in nats.
        validation_accuracy: there, in [0, 1].
    """

    step: int
    loss: float | None
    smoothed_loss: float | None
    accuracy: float | None
    smoothed_accuracy: float | None
    rate: float | None
    check_step: int | None
    validation_loss: float | None
    validation_accuracy: float | None


class CurveData:
    """All curves of one training.

    Args:
        weight: of the past in the smoothed curves, in [0, 1).

    Attributes:
        loss: of each batch, in nats.
        accuracy: of each batch, in [0, 1].
        rate: learning rate of each step.
        validation_loss: at checks and epochs, in nats.
        validation_accuracy: at checks and epochs, in [0, 1].
        best: the best epoch so far.
        last_step: of the last row; 0 without any.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self.loss = SmoothedSeries(weight)
        self.accuracy = SmoothedSeries(weight)
        self.rate = Series()
        self.validation_loss = Series()
        self.validation_accuracy = Series()
        self.best: EpochRow | None = None
        self.last_step = 0

    def set_weight(self, weight: float) -> None:
        """Smooth with another weight of the past, in [0, 1)."""
        self.loss.weight = weight
        self.accuracy.weight = weight

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows in, in the order of a training.

        An epoch's scores, of the whole validation data, stand in for a check's at the same step.
        """
        batches: list[BatchRow] = []
        scores: dict[int, tuple[float, float]] = {}
        for row in rows:
            self.last_step = max(self.last_step, row.step)
            match row:
                case BatchRow():
                    batches.append(row)
                case ValidationRow():
                    scores[row.step] = row.loss, row.accuracy
                case EpochRow():
                    scores[row.step] = row.validation_loss, row.validation_accuracy
                    if row.is_best:
                        self.best = row
        steps = [row.step for row in batches]
        self.loss.extend(steps, [row.loss for row in batches])
        self.accuracy.extend(steps, [row.accuracy for row in batches])
        self.rate.extend(steps, [row.learning_rate for row in batches])
        if scores:
            steps = sorted(scores)
            for series, column in ((self.validation_loss, 0), (self.validation_accuracy, 1)):
                series.truncate(steps[0] - 1)
                series.extend(steps, [scores[step][column] for step in steps])

    def reading(self, step: float) -> CurveValues | None:
        """The values next to a step; None where there is no batch yet."""
        at = self.rate.nearest(step)
        if at is None:
            return None
        # Of the batch itself, not of a neighbour of one that had no number.
        found = int(self.rate.steps[at])
        loss, accuracy = _index_of(self.loss, found), _index_of(self.accuracy, found)
        check = self.validation_accuracy.nearest(step)
        if check is None:
            check = self.validation_loss.nearest(step)
            measured = None if check is None else int(self.validation_loss.steps[check])
        else:
            measured = int(self.validation_accuracy.steps[check])
        checked_loss = _index_of(self.validation_loss, measured)
        checked_accuracy = _index_of(self.validation_accuracy, measured)
        return CurveValues(
            step=found,
            loss=_value(self.loss.values, loss),
            smoothed_loss=_value(self.loss.smoothed, loss),
            accuracy=_value(self.accuracy.values, accuracy),
            smoothed_accuracy=_value(self.accuracy.smoothed, accuracy),
            rate=float(self.rate.values[at]),
            check_step=measured,
            validation_loss=_value(self.validation_loss.values, checked_loss),
            validation_accuracy=_value(self.validation_accuracy.values, checked_accuracy),
        )


def _index_of(series: Series, step: int | None) -> int | None:
    index = None if step is None else series.nearest(step)
    return index if index is not None and series.steps[index] == step else None


def _value(values: NDArray[np.float64], index: int | None) -> float | None:
    return None if index is None else float(values[index])
