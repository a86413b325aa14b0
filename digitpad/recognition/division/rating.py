"""A small network that rates candidates: as a symbol, as something else, as a ligature.

The model that reads glyphs sees each candidate alone: two thirds of an 8 are a good 9, and the
first stroke of a 4 is a good 1. This network sees a candidate among the ink around it, knows the
features of its shape and place, and what the model says of it. Its ratings know no classes, and it
was trained on letters and signs, too, so that they hold for any model.

A digit that was cut out of its neighbours lacks some of its ink, or has some of theirs. No model
learns such digits. This network does, and tells which digit a candidate is among the ink around it;
what it says and what the model says are multiplied. `training.numbers.fit` trains it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from digitpad.data.dataset import DIGITS
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

NOT_WHOLE, OTHER = len(DIGITS) + 1, len(DIGITS)
"""What the network tells beside DIGITS, behind them: what is no whole symbol, other symbols."""

_MAPS = ((16, 5, 2), (32, 3, 1), (48, 3, 2), (64, 3, 1), (96, 3, 2))
"""The convolutions: channels, side of the kernel, stride."""

_LEAST_TOLD = math.log(0.01)
"""Logarithm of a probability that is told, at least: a model that was taught a hand may know
better."""

_HIDDEN = 48
"""Units between all features and the three ratings."""

_BLOCK = 256
"""Views at a time: more would not be faster, and need more memory."""


Row = TypeVar("Row")


class Rated(NamedTuple, Generic[Row]):
    """What the network says of candidates, as arrays or tensors.

    Attributes:
        parts: (n, 3), what each adds to a division as each of PARTS.
        digits: (n, 12), logits: which of DIGITS it is, another symbol, or none.
    """

    parts: Row
    digits: Row


class RatingNet(nn.Module):
    """Looks at a view, and rates what it sees together with the features of the candidate.

    Five convolutions, each with batch normalisation and ReLU, and a fully connected layer find what
    is seen. This and the features go through a hidden layer to the ratings, and straight to them as
    well. What is seen goes to one layer for the digits.

    Args:
        features: how many of them a candidate has.
        dropout: probability of dropping a feature before and after the fully connected layer, in
            [0, 1).
    """

    def __init__(self, features: int, dropout: float = 0.25) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = LAYERS
        for maps, side, stride in _MAPS:
            layers += convolution(channels, maps, side, stride=stride)
            channels = maps
        self.look = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(channels * (ROWS // 8) * (COLUMNS // 8), SEEN),
            nn.ReLU(),
            nn.Dropout(dropout),
        )
        self.mixed = nn.Sequential(
            nn.Linear(SEEN + features, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, len(PARTS))
        )
        self.straight = nn.Linear(SEEN + features, len(PARTS), bias=False)
        self.digits = nn.Linear(SEEN, len(DIGITS) + 2)

    def rate(self, looks: Tensor, features: Tensor) -> Rated[Tensor]:
        """What is said of candidates, as tensors.

        Args:
            looks: (n, SEEN), what `look` finds.
            features: (n, features).
        """
        every = torch.cat((looks, features), dim=1)
        parts = self.mixed(every) + self.straight(every)
        return Rated(parts, self.digits(looks))


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


def ratings_of(looks: Looks, features: Floats) -> Rated[Floats]:
    """What the network says of candidates, as arrays of float64.

    Args:
        looks: float32 (n, SEEN).
        features: float64 (n, features).

    Raises:
        DigitpadError: the network's file is missing or damaged.
    """
    with torch.inference_mode():
        rated = _shipped().rate(torch.from_numpy(looks), torch.from_numpy(features).float())
        return Rated(*(tensor.double().numpy() for tensor in rated))


def no_symbol(looks: Looks) -> Floats:
    """How probable it is, as the network says, that candidates are no whole symbols, float64 (n,).

    Args:
        looks: float32 (n, SEEN).

    Raises:
        DigitpadError: the network's file is missing or damaged.
    """
    with torch.inference_mode():
        told = _shipped().digits(torch.from_numpy(looks)).double().softmax(1)
        found: Floats = told[:, NOT_WHOLE].numpy()
    return found


def read_by_both(
    own: Tensor, digits: Tensor, trust: Tensor, classes: Sequence[str] = DIGITS
) -> Tensor:
    """Logarithms of probabilities by a model and the network together, (n, classes).

    Both probabilities are raised to what they are trusted, and multiplied: a log-linear pool
    (Genest and Zidek 1986, "Combining probability distributions"). Classes that are no digits are
    pooled as one, other symbols: among themselves they stay as probable as the model says.

    Args:
        own: (n, classes), logarithms of the model's probabilities.
        digits: (n, 12), see `Rated`.
        trust: (n, 2), exponents, at least 0: for the model and for the network.
        classes: of the model.
    """
    known = [i for i, name in enumerate(classes) if name in DIGITS]
    others = [i for i, name in enumerate(classes) if name not in DIGITS]
    pooled = own[:, known]
    places = [DIGITS.index(classes[i]) for i in known]
    if others:
        of_others = own[:, others].logsumexp(1, keepdim=True)
        pooled = torch.cat((pooled, of_others), dim=1)
        places.append(OTHER)
    told = digits[:, :NOT_WHOLE].log_softmax(1).clamp(min=_LEAST_TOLD)[:, places]
    pooled = (trust[:, :1] * pooled + trust[:, 1:] * told).log_softmax(1)
    if not others:
        return pooled
    both = torch.empty_like(own)
    both[:, known] = pooled[:, :-1]
    both[:, others] = pooled[:, -1:] + own[:, others] - of_others
    return both


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
