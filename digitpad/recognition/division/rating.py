"""A small network that rates candidates: as a symbol, as something else, as a ligature.

The model that reads glyphs sees each candidate alone: two thirds of an 8 are a good 9, and the
first stroke of a 4 is a good 1. This network sees a candidate among the ink around it, knows the
features of its shape and place, and what the model says of it. It knows no classes, and was trained
on letters and signs, too, so that it holds for any model. `training.numbers.fit` trains it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from digitpad.errors import DigitpadError
from digitpad.ink.division.views import COLUMNS, LAYERS, ROWS
from digitpad.paths import resources_dir
from digitpad.recognition.layers import convolution
from digitpad.recognition.recognizer import lean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

    Floats = NDArray[np.float64]
    Looks = NDArray[np.float32]

PARTS = ("symbol", "other", "ligature")
"""What a part of a division may be."""

SEEN = 96
"""Features of what is seen of a candidate."""

_MAPS = (16, 40, 64)
"""Channels of the convolutions."""

_HIDDEN = 48
"""Units between all features and the three ratings."""

_BLOCK = 256
"""Views at a time: more would not be faster, and need more memory."""


class RatingNet(nn.Module):
    """Looks at a view, and rates what it sees together with the features of the candidate.

    Three convolutions with a stride of 2, each with batch normalisation and ReLU, and a fully
    connected layer find what is seen. This and the features go through a hidden layer, and straight
    to the ratings as well.

    Args:
        features: how many of them a candidate has.
        dropout: probability of dropping a feature before and after the fully connected layer, in
            [0, 1).
    """

    def __init__(self, features: int, dropout: float = 0.25) -> None:
        super().__init__()
        a, b, c = _MAPS
        self.look = nn.Sequential(
            *convolution(LAYERS, a, 5, stride=2),
            *convolution(a, b, 3, stride=2),
            *convolution(b, c, 3, stride=2),
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(c * (ROWS // 8) * (COLUMNS // 8), SEEN),
            nn.ReLU(),
            nn.Dropout(dropout),
        )
        self.mixed = nn.Sequential(
            nn.Linear(SEEN + features, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, len(PARTS))
        )
        self.straight = nn.Linear(SEEN + features, len(PARTS), bias=False)

    def rate(self, looks: Tensor, features: Tensor) -> Tensor:
        """Ratings (n, 3) of candidates.

        Args:
            looks: (n, SEEN), what `look` finds.
            features: (n, features).
        """
        every = torch.cat((looks, features), dim=1)
        rating: Tensor = self.mixed(every) + self.straight(every)
        return rating


def path_of_weights() -> Path:
    """The file with the weights that the program ships."""
    return resources_dir() / "division" / "rating.safetensors"


def load_weights() -> None:
    """Read the shipped network now, and not when the first number is read.

    Raises:
        DigitpadError: its file is missing or damaged.
    """
    _shipped()


def levels_of(views: NDArray[np.uint8]) -> Tensor:
    """What the network gets of views, uint8 (n, LAYERS, ROWS, COLUMNS): float32 in [0, 1]."""
    levels = torch.from_numpy(views).float().mul_(1 / 255)
    return levels.contiguous(memory_format=torch.channels_last)


def looks_of(views: Sequence[NDArray[np.uint8]]) -> Looks:
    """What the network sees of candidates, float32 (n, SEEN).

    Args:
        views: of the candidates, uint8 (LAYERS, ROWS, COLUMNS) each.

    Raises:
        DigitpadError: the network's file is missing or damaged.
    """
    found = np.empty((len(views), SEEN), np.float32)
    with torch.inference_mode():
        for start in range(0, len(views), _BLOCK):
            block = slice(start, start + _BLOCK)
            found[block] = _shipped().look(levels_of(np.stack(views[block]))).numpy()
    return found


def ratings_of(looks: Looks, features: Floats) -> Floats:
    """What each candidate adds to a division as each of PARTS, float64 (n, 3).

    Args:
        looks: float32 (n, SEEN).
        features: float64 (n, features).

    Raises:
        DigitpadError: the network's file is missing or damaged.
    """
    with torch.inference_mode():
        rated = _shipped().rate(torch.from_numpy(looks), torch.from_numpy(features).float())
        return rated.double().numpy()


@cache
def _shipped() -> RatingNet:
    try:
        weights = load(path_of_weights().read_bytes())
        network = RatingNet(weights["straight.weight"].shape[1] - SEEN)
        network.load_state_dict(weights)
    except (OSError, SafetensorError, RuntimeError, LookupError) as error:
        raise DigitpadError("Digitpad's own files are missing: please install it again.") from error
    network.eval()
    network.look = nn.Sequential(*lean(network.look))
    return network
