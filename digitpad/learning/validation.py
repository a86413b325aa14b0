"""Networks validated on labelled glyphs."""

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
"""The plain loss is that of at most so many training glyphs, and one in so many of an epoch's: a
glyph that is only looked at costs a third of one that is learned from."""


def validate(
    network: nn.Module, data: Dataset, normalisation: Normalisation, size: int | None = None
) -> Metrics:
    """Accuracy and cross-entropy of a network on labelled glyphs, outliers left out.

    Without labelled glyphs both are 0. The network is left in the mode in which it came.

    Args:
        network: on any device.
        data: the glyphs and their labels.
        normalisation: of their levels.
        size: at most so many of them, the first ones; None takes all.
    """
    glyphs, labels = data.take(slice(size)).tensors()
    return metrics_of(logits_of(network, glyphs, normalisation), labels)


def plain_loss(
    network: nn.Module, data: Dataset, normalisation: Normalisation, epoch_size: int
) -> float:
    """The loss on a part of the training data as validation takes its own, with nothing changed.

    Args:
        network: on any device.
        data: what is learned from, in random order.
        normalisation: of its levels.
        epoch_size: glyphs in an epoch, at least 1; a small share of so many are taken.
    """
    size = min(_MOST_PLAIN, max(epoch_size // _PLAIN_SHARE, 1))
    return validate(network, data, normalisation, size).loss


def metrics_of(logits: Tensor, labels: Tensor) -> Metrics:
    """`validate` where the logits (n, classes) of the glyphs are known already."""
    known = labels != OUTLIER
    if not known.any():
        return Metrics(0.0, 0.0)
    logits, labels = logits[known], labels[known]
    accuracy = (logits.argmax(dim=1) == labels).double().mean()
    return Metrics(float(accuracy), float(functional.cross_entropy(logits, labels)))


def logits_of(network: nn.Module, glyphs: Tensor, normalisation: Normalisation) -> Tensor:
    """Logits float32 (n, classes) of uint8 glyphs (n, 28, 28), in evaluation mode, on the CPU.

    They are inference tensors: clone them for anything that autograd takes part in. The network
    is left in the mode in which it came.
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
