"""How well a network's features tell apart what it never learned: letters and signs.

Whoever teaches the app signs of their own will show it a few drawings of each, and what the network
makes of a glyph before its classifier must do for the rest. A network that pushes all that is no
digit onto one heap would serve badly there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.recognition.layers import Network, normalise
from digitpad.recognition.networks import Ensemble

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.data.dataset import Dataset
    from digitpad.recognition.model_file import Model

SHOTS = 3
"""Drawings of each letter that are known."""

DRAWS = 20
"""Times that they are drawn by lot; the mean over these is reported."""

_BATCH = 500


def told_apart(model: Model, letters: Dataset) -> float | None:
    """Accuracy of the nearest class mean, in [0, 1].

    The mean of SHOTS drawings stands for each letter, and every other drawing goes to the mean
    whose angle to it is the smallest.

    Args:
        model: an ensemble's features are those of its members side by side.
        letters: at least SHOTS + 1 drawings of each class.

    Returns:
        None where the network has no features.
    """
    features = _features(model, letters.glyphs)
    if features is None:
        return None
    random = np.random.default_rng(0)
    places = [np.flatnonzero(letters.labels == label) for label in range(len(letters.classes))]
    shares = []
    for _ in range(DRAWS):
        known = np.stack([random.choice(theirs, SHOTS, replace=False) for theirs in places])
        means = features[known].mean(axis=1)
        nearest = (features @ _unit(means).T).argmax(axis=1)
        others = np.ones(len(letters), dtype=bool)
        others[known] = False
        shares.append(float((nearest == letters.labels)[others].mean()))
    return float(np.mean(shares))


def _features(model: Model, glyphs: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """Features (n, d), each of length 1; those of a member of an ensemble weigh like another's."""
    network = model.network
    members = list(network.members) if isinstance(network, Ensemble) else [network]
    parts = []
    for member in members:
        if not isinstance(member, Network):
            return None
        parts.append(_unit(_embedded(member, model, glyphs)))
    return _unit(np.concatenate(parts, axis=1))


def _embedded(network: Network, model: Model, glyphs: NDArray[np.uint8]) -> NDArray[np.float32]:
    was_training = network.training
    network.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(glyphs), _BATCH):
            levels = torch.from_numpy(glyphs[start : start + _BATCH]).unsqueeze(1)
            found.append(network.embed(normalise(levels, model.info.normalisation)).numpy())
    network.train(was_training)
    return np.concatenate(found)


def _unit(features: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    unit: NDArray[np.float32] = features / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
