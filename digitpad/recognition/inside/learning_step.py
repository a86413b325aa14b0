"""The loss of one glyph, its gradient, and steps of learning that change no model."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.recognition.inside.inside import Inside

_KEPT_BYTES = 64 * 2**20
"""Of weights that are kept, so that a step back need not be computed."""


@dataclass(frozen=True, slots=True, eq=False)
class LossState:
    """What is known after some steps. All arrays are float64.

    Attributes:
        label: the number of the class that the glyph should be.
        rates: the learning rate of each step so far.
        logits: of the classes.
        probabilities: their softmax, without a temperature, as in training; their sum is 1.
        losses: the cross-entropy ``-log p`` before the first step and after each.
        first: the probabilities before the first step.
        weights: of each convolution (out, in, rows, columns) and fully connected layer (out, in),
            by the layer's name.
        gradients: of the loss with respect to them.
    """

    label: int
    rates: tuple[float, ...]
    logits: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    losses: tuple[float, ...]
    first: NDArray[np.float64]
    weights: Mapping[str, NDArray[np.float64]]
    gradients: Mapping[str, NDArray[np.float64]]

    @property
    def loss(self) -> float:
        """The cross-entropy now, at least 0."""
        return self.losses[-1]

    @property
    def is_finite(self) -> bool:
        """Whether no number has overflowed, as after steps that were much too large."""
        return bool(np.isfinite(self.losses[-1]) and np.isfinite(self.logits).all())


class LearningSandbox:
    """Learns one glyph, step by step, with a copy of a network.

    Each step is one of stochastic gradient descent without momentum, ``w - rate * dL/dw``, for all
    weights and biases. Batch normalisation uses what it has learned and nothing is dropped, as
    while the network is used; lessons beside it are left out. The same steps give the same numbers,
    bit for bit.

    Args:
        inside: the network; it is not changed.
        glyph: uint8 (28, 28), ink 255 on 0.
        label: the number of the class that it should be.
    """

    def __init__(self, inside: Inside, glyph: NDArray[np.uint8], label: int) -> None:
        self._network = copy.deepcopy(inside.network).double().eval()
        self._network.requires_grad_(requires_grad=True)
        self._layers = {
            name: layer
            for name, layer in self._network.named_layers().items()
            if isinstance(layer, nn.Conv2d | nn.Linear)
        }
        levels = torch.from_numpy(np.ascontiguousarray(glyph, np.float64))[None, None]
        self._glyph = inside.normalised(levels)
        self._label = label
        self._kept: dict[tuple[float, ...], list[Tensor]] = {(): self._copied()}
        self._bytes = sum(one.numel() * one.element_size() for one in self._kept[()])
        self._losses: dict[tuple[float, ...], float] = {}
        self._first = _softmax(self._find_gradients(()))

    def reach(self, rates: tuple[float, ...]) -> LossState:
        """The state after steps with these learning rates, each above 0; none for the first."""
        done = next(rates[:n] for n in range(len(rates), -1, -1) if rates[:n] in self._kept)
        for one, known in zip(self._network.parameters(), self._kept[done], strict=True):
            one.data.copy_(known)
        logits = self._find_gradients(done)
        while done != rates:
            self._step(rates[len(done)])
            done = rates[: len(done) + 1]
            self._keep(done)
            logits = self._find_gradients(done)
        return LossState(
            self._label,
            rates,
            logits,
            _softmax(logits),
            tuple(self._losses[rates[:n]] for n in range(len(rates) + 1)),
            self._first,
            {name: layer.weight.detach().numpy().copy() for name, layer in self._layers.items()},
            {name: _gradient(layer) for name, layer in self._layers.items()},
        )

    def _find_gradients(self, done: tuple[float, ...]) -> NDArray[np.float64]:
        """Compute the loss and all gradients; the logits."""
        self._network.zero_grad(set_to_none=True)
        logits = self._network(self._glyph)
        loss = functional.cross_entropy(logits, torch.tensor([self._label]))
        loss.backward()  # type: ignore[no-untyped-call]
        self._losses[done] = loss.item()
        found: NDArray[np.float64] = logits.detach()[0].numpy().copy()
        return found

    def _step(self, rate: float) -> None:
        with torch.no_grad():
            for one in self._network.parameters():
                if one.grad is not None:
                    one.sub_(rate * one.grad)

    def _keep(self, done: tuple[float, ...]) -> None:
        most = max(_KEPT_BYTES // self._bytes, 2)
        while len(self._kept) >= most:
            # The beginning stays: from there everything can be computed again.
            del self._kept[next(key for key in self._kept if key)]
        self._kept[done] = self._copied()

    def _copied(self) -> list[Tensor]:
        return [one.detach().clone() for one in self._network.parameters()]


def _gradient(layer: nn.Conv2d | nn.Linear) -> NDArray[np.float64]:
    gradient = layer.weight.grad
    if gradient is None:
        return np.zeros(tuple(layer.weight.shape))
    found: NDArray[np.float64] = gradient.numpy().copy()
    return found


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        powers = np.exp(logits - logits.max())
        shares: NDArray[np.float64] = powers / powers.sum()
    return shares
