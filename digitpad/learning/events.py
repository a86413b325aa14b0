"""What a training tells of itself: small and immutable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

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
        done: steps that are behind it already, above 0 where a checkpoint was taken up.
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
        epoch: from 1.
        batch: within the epoch, from 1.
        step: within the training, from 1.
        loss: mean of the batch, in nats.
        accuracy: share of its glyphs read rightly before the step, in [0, 1].
        learning_rate: of this step.
        glyphs: in the batch.
        seconds: that the step took, all that belongs to it.
    """

    epoch: int
    batch: int
    step: int
    loss: float
    accuracy: float
    learning_rate: float
    glyphs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """A network measured on a labelled set.

    Attributes:
        accuracy: share read rightly, in [0, 1].
        loss: mean cross-entropy in nats, without label smoothing.
    """

    accuracy: float
    loss: float


@dataclass(frozen=True, slots=True)
class Validated:
    """The network measured between two epochs on a part of the validation data.

    Attributes:
        epoch: that is going on.
        step: after which it was measured.
        validation: score on a part of each validation set.
    """

    epoch: int
    step: int
    validation: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the data.

    Attributes:
        epoch: from 1.
        step: after which it ended.
        train_loss: mean over the epoch's batches, in nats, with augmentation and smoothing.
        train_accuracy: share read rightly while training, outliers left out.
        validation: score on each validation set.
        learning_rate: of the last step.
        seconds: that its steps took, without the measuring.
        is_best: whether no epoch before had a better score.
        network: the network that was measured, in training still: copy what is to be kept.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    validation: Mapping[str, Score]
    learning_rate: float
    seconds: float
    is_best: bool
    network: nn.Module


@dataclass(frozen=True, slots=True)
class Finished:
    """The training is over.

    Attributes:
        network: with the weights of the best epoch, in evaluation mode, on the CPU.
        epoch: that epoch, or 0 where a first epoch was never ended.
        outcome: how it came to its end.
        notice: a sentence for the user where it did not end as planned, else None.
    """

    network: nn.Module
    epoch: int
    outcome: Outcome
    notice: str | None = None


Event = Started | BatchDone | Validated | EpochDone | Finished
