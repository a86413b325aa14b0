"""What a network makes of many glyphs, kept, so that many adapted models are asked at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.recognition.adapted.description import described
from digitpad.recognition.adapted.taught import Taught
from digitpad.recognition.layers import Network, normalise
from digitpad.recognition.prediction import best_two

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.recognition.model_file import Model

_BATCH = 500


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Glyphs as a network sees them.

    Attributes:
        places: float32 (n, d), descriptions.
        logits: float32 (n, c).
        labels: int64 (n,); OUTLIER for what is no digit.
    """

    places: Tensor
    logits: Tensor
    labels: NDArray[np.int64]

    def take(self, which: NDArray[np.generic]) -> Seen:
        """Some of them."""
        index = torch.from_numpy(np.asarray(which))
        return Seen(self.places[index], self.logits[index], self.labels[which])

    def probabilities(self, model: Model) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 (n, c), by the network or what it became by lessons."""
        network = model.network
        logits = self.logits
        if isinstance(network, Taught):
            logits = logits + network.nearness(self.places) @ network.get_buffer("effects")
        shares = torch.softmax(logits.double() / model.info.calibration.temperature, dim=1)
        return np.asarray(shares.numpy())


def see(model: Model, glyphs: NDArray[np.uint8], labels: NDArray[np.int64]) -> Seen:
    """What a model makes of glyphs, uint8 (n, 28, 28), before it is taught."""
    network, statistics = model.network, model.statistics
    if not isinstance(network, Network) or statistics is None:
        raise ValueError("the model is no single network with statistics")
    places, logits = [], []
    with torch.inference_mode():
        for first in range(0, len(glyphs), _BATCH):
            batch = torch.from_numpy(glyphs[first : first + _BATCH]).unsqueeze(1)
            levels = normalise(batch, model.info.normalisation)
            described_as, found = described(network, statistics.describer, levels)
            places.append(described_as)
            logits.append(found)
    return Seen(torch.cat(places), torch.cat(logits), labels)


def held_together(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each row the probability of its two best classes together."""
    return np.array([best_two(row) for row in probabilities.tolist()])
