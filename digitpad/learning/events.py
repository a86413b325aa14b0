"""What happens in a training, as small events of numbers.

`BatchDone`, `Validated` and `EpochDone` are also the rows of a run on disk and the points of its
curves. What a network is at that moment is asked of the training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.errors import DigitpadError

Outcome = Literal["completed", "stopped early", "stopped", "diverged"]
"""How a training ended: after all epochs, because patience ran out, because somebody stopped it,
or because the loss was no longer a number."""


@dataclass(frozen=True, slots=True)
class Started:
    """The network is built and the next batch comes.

    Attributes:
        epochs: how many there will be.
        batches_per_epoch: steps in each.
        parameters: trained values of the network.
        device: where it is computed: "cpu", "cuda" or "mps".
        done: steps that are behind it already, above 0 where it is resumed.
    """

    epochs: int
    batches_per_epoch: int
    parameters: int
    device: str = "cpu"
    done: int = 0

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
            and label smoothing.
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
        metrics: means over the epoch's batches; the learning rate is that of the last one.
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
