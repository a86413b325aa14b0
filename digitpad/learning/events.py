"""The events of a training: small immutable objects of numbers.

`BatchDone`, `Validated` and `EpochDone` are also the rows of a run on disk and the points of its
curves. A `History` holds those of one training. No event holds a network: that is
`Training.network`.
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
"""How a training ended: after all epochs, because patience ran out, because the user stopped it, or
because it diverged (see `divergence`)."""


@dataclass(frozen=True, slots=True)
class Started:
    """The network is built, and the first step is next.

    Attributes:
        epochs: number of epochs.
        batches_per_epoch: number of steps in each.
        parameters: number of parameters of the network.
        device: "cpu", "cuda" or "mps".
        done: steps done before the training was resumed; 0 for a new one.
        passes: how often an epoch goes through the data; above 1 for small data.
        glyphs_per_epoch: number of glyphs in each epoch, those of no class included.
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
        step: number of the step in the training, from 1.
        epoch: from 1.
        metrics: of the batch, by the names in `METRICS`. They are those before the step, with
            augmentation and label smoothing, and without the glyphs of no class.
        glyphs: number of glyphs in the batch.
        seconds: time of the whole step.
    """

    step: int
    epoch: int
    metrics: Mapping[str, float]
    glyphs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Validated:
    """The network was validated within an epoch, on part of the validation data.

    Attributes:
        step: the step before it.
        epoch: the present epoch.
        validation: metrics by name, means over the validation datasets.
    """

    step: int
    epoch: int
    validation: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EpochDone:
    """An epoch has ended.

    Attributes:
        step: its last step.
        epoch: from 1.
        metrics: by name: means over the glyphs of the epoch, the learning rate of its last step,
            and the metrics that are found only at its end.
        validation: metrics by name on all validation data, means over its datasets.
        seconds: time of its steps, without validation.
        is_best: whether it is the best epoch so far by the monitored metric.
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
        epoch: the best epoch; 0 if no epoch has ended.
        outcome: how it ended.
        notice: a sentence for the user if it did not end as planned; else None.
    """

    epoch: int
    outcome: Outcome
    notice: DigitpadError | None = None


Row: TypeAlias = BatchDone | Validated | EpochDone
"""An event that is kept."""

Event: TypeAlias = Started | Row | Finished


class History:
    """The events of a training so far. It only grows.

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
        """The history up to a step from which the training is resumed."""
        # A validation right after this step is repeated before the next one.
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
        """The events of the steps."""
        return [row for row in self._rows if isinstance(row, BatchDone)]

    @property
    def validations(self) -> list[Validated]:
        """The validations within epochs."""
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
        """CSV (RFC 4180) with a line for each step; other steps have empty validation metrics."""
        of_steps = [metric.name for metric in METRICS if metric.of_steps]
        of_epochs = [metric.name for metric in METRICS if metric.of_epochs]
        of_validation = [metric.name for metric in METRICS if metric.of_validation]
        validation: dict[int, Mapping[str, float]] = {}
        ended: dict[int, Mapping[str, float]] = {}
        for row in self._rows:
            if isinstance(row, EpochDone):
                ended[row.step] = row.metrics
            # At the end of an epoch, metrics on all validation data replace those on part of it.
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
