"""From glyphs to calibrated predictions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from digitpad.recognition.prediction import Prediction

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.recognition.modelfile import Model
    from digitpad.recognition.modelinfo import ModelInfo


class Recognizer:
    """Reads glyphs with one model.

    It sets no thread count: whoever owns the calling thread does (one for the pad, whose window
    would otherwise freeze beside a training; all cores for batches on the command line).

    Args:
        model: its network is copied, not changed.
    """

    def __init__(self, model: Model) -> None:
        self._info = model.info
        self._network = _for_inference(model.network)
        # One multiply-add takes bytes to normalised levels.
        normalisation = model.info.normalisation
        self._scale = 1.0 / (255.0 * normalisation.std)
        self._offset = -normalisation.mean / normalisation.std

    @property
    def info(self) -> ModelInfo:
        """The description of the model."""
        return self._info

    def probabilities(self, glyphs: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Calibrated probabilities.

        Args:
            glyphs: uint8 (n, 28, 28), ink 255 on 0.

        Returns:
            float64 (n, classes), each row summing to 1.
        """
        if len(glyphs) == 0:
            return np.empty((0, len(self._info.classes)))
        with torch.inference_mode():
            levels = torch.from_numpy(np.ascontiguousarray(glyphs)).unsqueeze(1).float()
            logits = self._network(levels.mul_(self._scale).add_(self._offset)).double()
            calibrated = torch.softmax(logits / self._info.calibration.temperature, dim=1)
        probabilities: NDArray[np.float64] = calibrated.numpy()
        return probabilities

    def predict(self, glyphs: NDArray[np.uint8]) -> list[Prediction]:
        """As `probabilities`, one prediction a glyph, refused where the model is too unsure."""
        threshold = self._info.calibration.reject_below
        return [
            Prediction(self._info.classes, tuple(row), rejected=max(row) < threshold)
            for row in self.probabilities(glyphs).tolist()
        ]


def _for_inference(network: nn.Module) -> nn.Module:
    """A copy whose batch normalisations are folded into the convolutions before them."""
    network = copy.deepcopy(network)
    network.eval()
    for parent in network.modules():
        if isinstance(parent, nn.Sequential):
            layers = list(parent)
            for i in range(len(layers) - 1):
                convolution, normalisation = layers[i], layers[i + 1]
                if isinstance(convolution, nn.Conv2d) and isinstance(normalisation, nn.BatchNorm2d):
                    parent[i] = fuse_conv_bn_eval(convolution, normalisation)
                    parent[i + 1] = nn.Identity()
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network
