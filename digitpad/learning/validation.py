"""Validation of networks on labelled glyphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from digitpad.data.dataset import OUTLIER, Dataset
from digitpad.learning.metrics import Metrics
from digitpad.recognition.layers import normalise

if TYPE_CHECKING:
    from torch import Tensor, nn

    from digitpad.recognition.model_info import Normalisation

_BATCH = 500

_MOST_PLAIN, _PLAIN_SHARE = 3000, 12
"""The plain loss is found on at most so many training glyphs, and at most one in so many of an
epoch's: a glyph in evaluation takes a third of the time of one in training."""


def validate(
    network: nn.Module, data: Dataset, normalisation: Normalisation, size: int | None = None
) -> Metrics:
    """Accuracy and loss of a network on a dataset, without its outliers.

    Without any other samples both are 0. The network keeps its mode.

    Args:
        network: on any device.
        data: the dataset.
        normalisation: of the levels of glyphs.
        size: largest number of samples, the first ones; None for all.
    """
    glyphs, labels = data.take(slice(size)).tensors()
    return metrics_of(logits_of(network, glyphs, normalisation), labels)


def plain_loss(
    network: nn.Module, data: Dataset, normalisation: Normalisation, epoch_size: int
) -> float:
    """The loss on part of the training data, without augmentation, dropout and label smoothing.

    Args:
        network: on any device.
        data: the training data, in random order.
        normalisation: of the levels of glyphs.
        epoch_size: number of glyphs in an epoch, at least 1; a small share of so many is used.
    """
    size = min(_MOST_PLAIN, max(epoch_size // _PLAIN_SHARE, 1))
    return validate(network, data, normalisation, size).loss


def metrics_of(logits: Tensor, labels: Tensor) -> Metrics:
    """As `validate`, from the logits (n, classes) and labels (n,) of the glyphs."""
    known = labels != OUTLIER
    if not known.any():
        return Metrics(0.0, 0.0)
    logits, labels = logits[known], labels[known]
    accuracy = (logits.argmax(dim=1) == labels).double().mean()
    return Metrics(float(accuracy), float(functional.cross_entropy(logits, labels)))


def logits_of(network: nn.Module, glyphs: Tensor, normalisation: Normalisation) -> Tensor:
    """Logits of glyphs in evaluation mode.

    The network keeps its mode.

    Args:
        network: on any device.
        glyphs: uint8 (n, 28, 28), n at least 1.
        normalisation: of their levels.

    Returns:
        float32 (n, classes) on the CPU. It is an inference tensor: clone it for use with autograd.
    """
    was_training = network.training
    device = next(network.parameters()).device
    network.eval()
    with torch.inference_mode():
        logits = [
            network(
                normalise(part.to(device).unsqueeze(1), normalisation).contiguous(
                    memory_format=torch.channels_last
                )
            ).cpu()
            for part in torch.split(glyphs, _BATCH)
        ]
    network.train(was_training)
    return torch.cat(logits)
