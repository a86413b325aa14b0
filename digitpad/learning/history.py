"""The course of a training as plain numbers: what curves are drawn from and files keep."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from digitpad.learning.events import BatchDone, EpochDone, Validated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digitpad.learning.events import Event, Score


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One step of the optimizer.

    Attributes:
        step: within the training, from 1.
        epoch: from 1.
        loss: in nats, with augmentation and smoothing.
        accuracy: in [0, 1].
        learning_rate: of this step.
        glyphs: in the batch.
        seconds: that it took.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    learning_rate: float
    glyphs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ValidationRow:
    """The network measured on a part of the validation data between two epochs.

    Attributes:
        step: after which it was measured.
        epoch: that was going on.
        loss: mean over the validation sets, in nats.
        accuracy: mean over the validation sets, in [0, 1].
    """

    step: int
    epoch: int
    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One pass over the data; validation scores are of the whole validation data.

    Attributes:
        step: after which it ended.
        epoch: from 1.
        train_loss: in nats, with augmentation and smoothing.
        train_accuracy: in [0, 1].
        validation_loss: mean over the validation sets, in nats.
        validation_accuracy: mean over the validation sets, in [0, 1].
        learning_rate: of its last step.
        seconds: that its steps took.
        is_best: whether it was the best so far when it ended.
    """

    step: int
    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    is_best: bool


Row: TypeAlias = BatchRow | ValidationRow | EpochRow
"""Whatever a training tells in numbers."""


@dataclass(slots=True)
class History:
    """Everything that a training has told, in the order of its steps.

    Attributes:
        batches: a row for each step.
        checks: measured between epochs.
        epochs: a row for each whole epoch.
    """

    batches: list[BatchRow] = field(default_factory=list)
    checks: list[ValidationRow] = field(default_factory=list)
    epochs: list[EpochRow] = field(default_factory=list)

    def extend(self, rows: Iterable[Row]) -> None:
        """Add rows of any kinds, later ones than those that are there."""
        for row in rows:
            match row:
                case BatchRow():
                    self.batches.append(row)
                case ValidationRow():
                    self.checks.append(row)
                case EpochRow():
                    self.epochs.append(row)

    @property
    def best(self) -> EpochRow | None:
        """The best epoch; None before the first has ended."""
        return next((row for row in reversed(self.epochs) if row.is_best), None)

    def truncate(self, step: int) -> None:
        """Forget what came after a step: training goes on from there."""
        self.batches = [row for row in self.batches if row.step <= step]
        self.checks = [row for row in self.checks if row.step <= step]
        self.epochs = [row for row in self.epochs if row.step <= step]

    def to_csv(self) -> str:
        """One line a step, as RFC 4180 has it; a validation score stands where it was measured."""
        scores: dict[int, ValidationRow | EpochRow] = {row.step: row for row in self.checks}
        scores.update({row.step: row for row in self.epochs})
        text = io.StringIO()
        writer = csv.writer(text)
        names = [entry.name for entry in fields(BatchRow)]
        writer.writerow([*names, "validation_loss", "validation_accuracy"])
        # Not astuple, which copies every value: a long training has 100 000 rows.
        values = attrgetter(*names)
        writer.writerows([*values(row), *_validation(scores.get(row.step))] for row in self.batches)
        return text.getvalue()


def row_of(event: Event) -> Row | None:
    """An event's numbers; None where it has none."""
    match event:
        case BatchDone():
            return BatchRow(
                event.step,
                event.epoch,
                event.loss,
                event.accuracy,
                event.learning_rate,
                event.glyphs,
                event.seconds,
            )
        case Validated():
            loss, accuracy = mean_metrics(event.validation)
            return ValidationRow(event.step, event.epoch, loss, accuracy)
        case EpochDone():
            loss, accuracy = mean_metrics(event.validation)
            return EpochRow(
                event.step,
                event.epoch,
                event.train_loss,
                event.train_accuracy,
                loss,
                accuracy,
                event.learning_rate,
                event.seconds,
                event.is_best,
            )
    return None


def mean_metrics(scores: Mapping[str, Score]) -> tuple[float, float]:
    """Loss and accuracy, each set counted alike; NaN without any set."""
    if not scores:
        return float("nan"), float("nan")
    count = len(scores)
    return (
        sum(score.loss for score in scores.values()) / count,
        sum(score.accuracy for score in scores.values()) / count,
    )


def _validation(row: ValidationRow | EpochRow | None) -> tuple[float | str, float | str]:
    match row:
        case ValidationRow():
            return row.loss, row.accuracy
        case EpochRow():
            return row.validation_loss, row.validation_accuracy
    return "", ""
