"""What happens in a training, as small events of numbers.

`BatchDone`, `Validated` and `EpochDone` are also the rows of a run on disk and the points of its
curves; a `History` holds those of one training. A network is asked of the training itself.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from digitpad.learning.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from digitpad.errors import DigitpadError

Outcome = Literal["completed", "stopped early", "stopped", "diverged"]
"""How a training ended: after all epochs, because patience ran out, because somebody stopped it,
or because it had gone astray (see `divergence`)."""


@dataclass(frozen=True, slots=True)
class Started:
    """The network is built and the next batch comes.

    Attributes:
        epochs: how many there will be.
        batches_per_epoch: steps in each.
        parameters: trained values of the network.
        device: where it is computed: "cpu", "cuda" or "mps".
        done: steps that are behind it already, above 0 where it is resumed.
        passes: how often an epoch goes through the data; above 1 where the data is small.
        glyphs_per_epoch: that are seen in each epoch, drawings of no class with them.
    """

    epochs: int
    batches_per_epoch: int
    parameters: int
    device: str = "cpu"
    done: int = 0
    passes: int = 1
    glyphs_per_epoch: int = 0

    @property
    def steps(self) -> int:
        """Steps of the whole training."""
        return self.epochs * self.batches_per_epoch


@dataclass(frozen=True, slots=True)
class BatchDone:
    """One step of the optimizer.

    Attributes:
        step: within the training, from 1.
        epoch: from 1.
        metrics: of the batch, by the names in `metrics.METRICS`: before the step, with augmentation
            and label smoothing, and without what drawings of no class add.
        glyphs: in the batch.
        seconds: that the step took, all that belongs to it.
    """

    step: int
    epoch: int
    metrics: Mapping[str, float]
    glyphs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Validated:
    """The network was validated within an epoch, on a part of the validation data.

    Attributes:
        step: after which.
        epoch: that is going on.
        validation: metrics by name, means over the validation datasets.
    """

    step: int
    epoch: int
    validation: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the data.

    Attributes:
        step: after which it ended.
        epoch: from 1.
        metrics: means over the epoch's batches; the learning rate is that of the last one. Those
            of the whole epoch stand here, too.
        validation: metrics by name on all validation data, means over its datasets.
        seconds: that its steps took, without the validation.
        is_best: whether no epoch before was better by the monitored metric.
    """

    step: int
    epoch: int
    metrics: Mapping[str, float]
    validation: Mapping[str, float]
    seconds: float
    is_best: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """The training is over.

    Attributes:
        epoch: the best one, or 0 where a first epoch was never ended.
        outcome: how it came to its end.
        notice: for the user where it did not end as planned, else None.
    """

    epoch: int
    outcome: Outcome
    notice: DigitpadError | None = None


Row: TypeAlias = BatchDone | Validated | EpochDone
"""An event that is kept."""

Event: TypeAlias = Started | Row | Finished


class History:
    """What has happened in a training so far. It only grows.

    Args:
        rows: events in the order of their steps.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._rows: list[Row] = list(rows)

    def extend(self, rows: Iterable[Row]) -> None:
        """Add later events."""
        self._rows.extend(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def until(self, step: int) -> History:
        """What happened up to a step, from which a training is resumed."""
        # What is validated between two steps is validated again before the next one.
        return History(
            row
            for row in self._rows
            if row.step < step or (row.step == step and not isinstance(row, Validated))
        )

    def since(self, count: int) -> Sequence[Row]:
        """All events but the first `count`."""
        return self._rows[count:]

    @property
    def batches(self) -> list[BatchDone]:
        """The steps."""
        return [row for row in self._rows if isinstance(row, BatchDone)]

    @property
    def validations(self) -> list[Validated]:
        """What was validated within epochs."""
        return [row for row in self._rows if isinstance(row, Validated)]

    @property
    def epochs(self) -> list[EpochDone]:
        """The epochs that have ended."""
        return [row for row in self._rows if isinstance(row, EpochDone)]

    @property
    def best(self) -> EpochDone | None:
        """The best epoch; None before the first has ended."""
        return next((row for row in reversed(self.epochs) if row.is_best), None)

    def to_csv(self) -> str:
        """One line a step, as RFC 4180 has it; validation metrics stand where they were taken."""
        of_steps = [metric.name for metric in METRICS if metric.of_steps]
        of_epochs = [metric.name for metric in METRICS if metric.of_epochs]
        of_validation = [metric.name for metric in METRICS if metric.of_validation]
        validation: dict[int, Mapping[str, float]] = {}
        ended: dict[int, Mapping[str, float]] = {}
        for row in self._rows:
            if isinstance(row, EpochDone):
                ended[row.step] = row.metrics
            # An epoch ends with all validation data: it counts more than a part at the same step.
            if isinstance(row, EpochDone) or (
                isinstance(row, Validated) and row.step not in validation
            ):
                validation[row.step] = row.validation
        text = io.StringIO()
        writer = csv.writer(text)
        validated_names = (f"validation_{name}" for name in of_validation)
        names = [*of_steps, "glyphs", "seconds", *validated_names, *of_epochs]
        writer.writerow(["step", "epoch", *names])
        nothing: Mapping[str, float] = {}
        for row in self._rows:
            if isinstance(row, BatchDone):
                taken = validation.get(row.step, nothing)
                metrics = (row.metrics.get(name, "") for name in of_steps)
                validated = (taken.get(name, "") for name in of_validation)
                whole = (ended.get(row.step, nothing).get(name, "") for name in of_epochs)
                writer.writerow(
                    [row.step, row.epoch, *metrics, row.glyphs, row.seconds, *validated, *whole]
                )
        return text.getvalue()
