"""Networks measured on labelled glyphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from digitpad.data.training_data import OUTLIER, GlyphSet
from digitpad.learning.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from digitpad.recognition.model_info import Normalisation

_BATCH = 500


def measure(network: nn.Module, data: GlyphSet, normalisation: Normalisation) -> Metrics:
    """Accuracy and cross-entropy of a network on a labelled set, outliers left out.

    The network is left in the mode in which it came. An empty set scores 0 and 0.
    """
    return metrics_of(logits_of(network, data.glyphs, normalisation), data.labels)


def metrics_of(logits: Tensor, labels: Tensor) -> Metrics:
    """`measure` where the logits (n, classes) of the glyphs are known already."""
    known = labels != OUTLIER
    if not known.any():
        return Metrics(0.0, 0.0)
    logits, labels = logits[known], labels[known]
    accuracy = (logits.argmax(dim=1) == labels).double().mean()
    return Metrics(float(accuracy), float(functional.cross_entropy(logits, labels)))


def validate_all(
    network: nn.Module,
    sets: Mapping[str, GlyphSet],
    normalisation: Normalisation,
    size: int | None = None,
) -> Mapping[str, Metrics]:
    """`measure` on each set, or on its first glyphs.

    Args:
        network: left in the mode in which it came.
        sets: by name.
        normalisation: of the levels.
        size: at most so many glyphs of each set; None takes all.
    """
    return {
        name: measure(network, GlyphSet(data.glyphs[:size], data.labels[:size]), normalisation)
        for name, data in sets.items()
    }


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
                part.to(device)
                .unsqueeze(1)
                .float()
                .div_(255)
                .sub_(normalisation.mean)
                .div_(normalisation.std)
                .contiguous(memory_format=torch.channels_last)
            ).cpu()
            for part in torch.split(glyphs, _BATCH)
        ]
    network.train(was_training)
    return torch.cat(logits)
