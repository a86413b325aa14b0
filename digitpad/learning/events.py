"""What a training tells of itself: small and immutable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn


@dataclass(frozen=True, slots=True)
class Started:
    """The network is built and the first batch is next.

    Attributes:
        epochs: how many there will be.
        batches_per_epoch: steps in each.
        parameters: trained values of the network.
    """

    epochs: int
    batches_per_epoch: int
    parameters: int


@dataclass(frozen=True, slots=True)
class BatchDone:
    """One step of the optimizer.

    Attributes:
        epoch: from 1.
        batch: within the epoch, from 1.
        loss: mean of the batch, in nats.
        learning_rate: of this step.
    """

    epoch: int
    batch: int
    loss: float
    learning_rate: float


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
class EpochDone:
    """One pass over the data.

    Attributes:
        epoch: from 1.
        train_loss: mean over the epoch's batches, in nats, with augmentation and smoothing.
        train_accuracy: share read rightly while training, outliers left out.
        validation: score on each validation set.
        network: the network itself, in training still: copy what is to be kept.
    """

    epoch: int
    train_loss: float
    train_accuracy: float
    validation: Mapping[str, Score]
    network: nn.Module


@dataclass(frozen=True, slots=True)
class Finished:
    """All epochs are done.

    Attributes:
        network: the trained network, in evaluation mode.
    """

    network: nn.Module


Event = Started | BatchDone | EpochDone | Finished
