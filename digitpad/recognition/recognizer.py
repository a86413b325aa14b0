"""Gives calibrated predictions for glyphs."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from digitpad.recognition.layers import Network, normalise
from digitpad.recognition.prediction import Prediction, predictions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from digitpad.recognition.model_file import Model


class Recognizer:
    """Gives the predictions of a model, with a copy of its network.

    The caller sets the number of torch threads: one for the pad, whose window would else freeze
    during a training, and all cores for batches on the command line.

    Args:
        model: the model.

    Attributes:
        info: the description of the model.
    """

    def __init__(self, model: Model) -> None:
        self.info = model.info
        self._network = _for_inference(model.network)

    def probabilities(self, glyphs: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 (n, classes), of glyphs, uint8 (n, 28, 28).

        If the numbers of the network overflow, all classes have the same probability.
        """
        if len(glyphs) == 0:
            return np.empty((0, len(self.info.classes)))
        with torch.inference_mode():
            # Glyphs may be read-only, of which torch warns.
            writable = np.require(glyphs, requirements=["C", "W"])
            levels = torch.from_numpy(writable).unsqueeze(1)
            logits = self._network(normalise(levels, self.info.normalisation)).double()
            calibrated = torch.softmax(logits / self.info.calibration.temperature, dim=1)
            is_none = ~torch.isfinite(calibrated).all(dim=1)
            if is_none.any():
                calibrated[is_none] = 1 / len(self.info.classes)
        return calibrated.numpy()

    def predict(
        self, glyphs: NDArray[np.uint8], reject_below: float | None = None
    ) -> list[Prediction]:
        """A prediction for each glyph.

        Args:
            glyphs: uint8 (n, 28, 28), ink 255 on 0.
            reject_below: threshold in [0, 1]: a glyph is rejected if its two best classes have less
                probability together. None for the model's own threshold.
        """
        threshold = self.info.calibration.reject_below if reject_below is None else reject_below
        return predictions_of(self.probabilities(glyphs).tolist(), self.info.classes, threshold)


def _for_inference(network: nn.Module) -> nn.Module:
    """A copy of a network with fewer layers: a call takes as long as a small convolution."""
    network = copy.deepcopy(network).eval()
    for module in list(network.modules()):
        if isinstance(module, Network):
            for name, sequence in module.sequences.items():
                setattr(module, name, type(sequence)(*lean(sequence)))
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


def lean(layers: Iterable[nn.Module]) -> list[nn.Module]:
    """Layers for inference: batch normalisations folded, no dropout, and ReLU in place.

    Args:
        layers: in evaluation mode, in the order in which they are called.
    """
    kept: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, nn.BatchNorm2d) and kept and isinstance(kept[-1], nn.Conv2d):
            kept[-1] = fuse_conv_bn_eval(kept[-1], layer)
        elif isinstance(layer, nn.ReLU):
            kept.append(nn.ReLU(inplace=True))
        elif not isinstance(layer, nn.Dropout | nn.Dropout2d):
            kept.append(layer)
    return kept
