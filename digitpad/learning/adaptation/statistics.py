"""What teaching must know of the training data of a model, found when the model is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.data.dataset import OUTLIER
from digitpad.recognition.adapted.description import (
    Describer,
    Statistics,
    described_layers,
    flat_outputs,
)
from digitpad.recognition.layers import EMBEDDING, normalise
from digitpad.recognition.networks import single_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor, nn

    from digitpad.data.dataset import TrainingData
    from digitpad.recognition.layers import Network
    from digitpad.recognition.model_info import Normalisation

EXEMPLARS = 2000
"""Training glyphs that stand for all others."""

GLYPHS = 6000
"""Training glyphs that these are chosen from; more of them change little."""

_NEAR_SHARE = 0.5
"""Share of the exemplars that are the glyphs with the least margins."""

_SHARES = {"relu1": (16, 0.3), EMBEDDING: (24, 0.4)}
_MIDDLE = (24, 0.3)
"""Directions of a layer, and its share of the mean squared distance between glyphs of one class,
which is 1."""

_SHRINKAGE = 0.3
"""What is added to the variances before whitening, as a share of their mean: small ones are mostly
chance."""

_OVERSAMPLING, _ITERATIONS = 16, 6

_LARGEST = 1e12
"""Outputs of a layer are far below it, in any network that reads anything."""

_TINY = torch.finfo(torch.float32).tiny

_BATCH = 250


def class_statistics(
    network: Network,
    normalisation: Normalisation,
    glyphs: NDArray[np.uint8],
    labels: NDArray[np.int64],
) -> Statistics | None:
    """The statistics of a model's training data.

    A description has the first principal directions of each described layer, whitened by how
    glyphs of one class differ: directions in which they hardly differ tell most.

    Args:
        network: in evaluation mode, on the CPU.
        normalisation: of its input.
        glyphs: uint8 (n, 28, 28), training glyphs as they are, about `GLYPHS` of them.
        labels: int64 (n,), their classes.

    Returns:
        None where fewer than two glyphs are read right, or a value is no number or huge.
    """
    layers = described_layers(network)
    outputs, logits = _outputs(network, normalisation, glyphs, layers)
    truth = torch.from_numpy(labels)
    right = torch.nonzero(logits.argmax(dim=1) == truth)[:, 0]
    # A comparison with what is no number is false. Sums of squares must be numbers, too.
    is_sound = all(bool((values.abs() < _LARGEST).all()) for values in outputs.values())
    # Nothing differs from itself.
    if not is_sound or len(right) < 2:
        return None
    state: dict[str, Tensor] = {}
    for number, name in enumerate(layers):
        mean, basis = _directions(outputs[name], truth, *_SHARES.get(name, _MIDDLE))
        # Rounded as in a file, so that a model is the same before and after it was written.
        state |= {f"mean{number}": mean.half().float(), f"basis{number}": basis.half().float()}
    bases = [state[f"basis{number}"] for number in range(len(layers))]
    sizes = [(len(basis), basis.shape[1]) for basis in bases]
    describer = Describer(layers, sizes)
    describer.load_state_dict(state)
    chosen, weights = _exemplars(logits[right])
    taken = right[chosen]
    described = describer({name: values[taken] for name, values in outputs.items()})
    found = Statistics(
        describer.requires_grad_(requires_grad=False).eval(),
        described.half().float(),
        logits[taken].half().float(),
        weights.half().float(),
    )
    # What overflows a float16 cannot be kept.
    return found if all(torch.isfinite(one).all() for one in found.tensors().values()) else None


def training_statistics(
    network: nn.Module, normalisation: Normalisation, data: TrainingData
) -> Statistics | None:
    """The statistics of a training's data: of each source as much as it has in an epoch.

    None for an ensemble, or where hardly anything is read right.
    """
    single = single_network(network)
    if single is None or not data.epoch_size:
        return None
    random = np.random.default_rng(0)
    glyphs, labels = [], []
    for source in data.sources:
        known = np.flatnonzero(source.data.labels != OUTLIER)
        count = min(round(GLYPHS * source.size / data.epoch_size), len(known))
        taken = np.sort(random.choice(known, count, replace=False))
        glyphs.append(source.data.glyphs[taken])
        labels.append(source.data.labels[taken])
    return class_statistics(single, normalisation, np.concatenate(glyphs), np.concatenate(labels))


def _outputs(
    network: Network,
    normalisation: Normalisation,
    glyphs: NDArray[np.uint8],
    layers: Sequence[str],
) -> tuple[dict[str, Tensor], Tensor]:
    parts: dict[str, list[Tensor]] = {name: [] for name in layers}
    logits = []
    with torch.inference_mode():
        for first in range(0, len(glyphs), _BATCH):
            batch = torch.from_numpy(np.ascontiguousarray(glyphs[first : first + _BATCH]))
            outputs = flat_outputs(network, normalise(batch.unsqueeze(1), normalisation), layers)
            logits.append(network.classifier(outputs[EMBEDDING]))
            for name, values in outputs.items():
                parts[name].append(values)
    # A copy: inference tensors could not be used by whoever needs gradients.
    return {name: torch.cat(values).clone() for name, values in parts.items()}, torch.cat(
        logits
    ).clone()


def _directions(values: Tensor, labels: Tensor, count: int, share: float) -> tuple[Tensor, Tensor]:
    """The mean (v,) of a layer's values (n, v), and its whitened directions (v, k)."""
    mean = values.mean(dim=0)
    centred = values - mean
    basis = _principal(centred, min(count, *values.shape)).double()
    places = centred.double() @ basis
    within = places.clone()
    for label in torch.unique(labels):
        own = labels == label
        within[own] -= places[own].mean(dim=0)
    variances, turned = torch.linalg.eigh(within.T @ within / len(within))
    floor = _SHRINKAGE * variances.mean().clamp_min(_TINY)
    whitened = turned / (variances.clamp_min(0) + floor).sqrt()
    spread = (within @ whitened).square().sum(dim=1).mean()
    scale = (share / (2 * spread.clamp_min(_TINY))).sqrt()
    return mean, (basis @ whitened * scale).float()


def _principal(centred: Tensor, count: int) -> Tensor:
    """The first principal directions (v, k) of rows (n, v), by iterations on a random subspace.

    Halko and others 2011, arXiv 0909.4061, algorithm 4.4.
    """
    generator = torch.Generator().manual_seed(0)
    wider = min(count + _OVERSAMPLING, *centred.shape)
    subspace, _ = torch.linalg.qr(torch.randn(centred.shape[1], wider, generator=generator))
    for _ in range(_ITERATIONS):
        subspace, _ = torch.linalg.qr(centred.T @ (centred @ subspace))
    within = centred @ subspace
    _, turned = torch.linalg.eigh((within.T @ within).double())
    principal: Tensor = subspace @ turned[:, -count:].float()
    return principal


def _exemplars(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Which of some glyphs that are read right stand for all, and how much each stands for."""
    count = min(EXEMPLARS, len(logits))
    best = logits.topk(2, dim=1).values
    order = (best[:, 0] - best[:, 1]).argsort(stable=True)
    near = int(_NEAR_SHARE * count)
    others = order[near:]
    picked = torch.from_numpy(np.random.default_rng(0).permutation(len(others))[: count - near])
    weights = torch.ones(count)
    weights[near:] = len(others) / max(count - near, 1)
    return torch.cat((order[:near], others[picked])), weights / len(logits)
