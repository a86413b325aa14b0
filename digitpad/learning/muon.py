"""Muon, an optimizer whose steps turn a whole weight matrix at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

# Of a polynomial that drives all singular values towards 1, fast rather than exactly (Jordan 2024).
_LINEAR, _CUBIC, _QUINTIC = 3.4445, -4.7750, 2.0315

_ROUNDS = 3
"""Times that it is applied; five, as in the original, make no better networks here."""

_SHARE = 0.25
"""Of the learning rate, for hidden matrices: the others then take steps as with SGD alone."""

_TINY = 1e-7


class Muon(torch.optim.SGD):
    """SGD with Nesterov momentum, whose direction is made orthogonal for each hidden weight matrix.

    The gradient of a matrix is mostly that of a few directions; made orthogonal, the rare ones
    count as much (Jordan 2024, "Muon: an optimizer for hidden layers in neural networks"). A
    convolution is the matrix of its output channels. As in the author's CIFAR-10 speedrun
    (airbench94_muon) weights keep their size: each hidden matrix has after a step the norm that it
    had before. A quarter of the learning rate is the share of itself by which a step may change it,
    and nothing decays. The other parameters take plain steps of SGD.

    Args:
        hidden: parameters of two or more dimensions, the first one that of the outputs; they are
            the first group.
        others: further groups of parameters, as any optimizer takes them.
        lr: learning rate of all.
        momentum: of all, in [0, 1).
    """

    def __init__(
        self,
        hidden: Iterable[Tensor],
        others: Iterable[dict[str, Any]],
        lr: float,
        momentum: float,
    ) -> None:
        groups = [{"params": list(hidden), "weight_decay": 0.0}, *others]
        super().__init__(groups, lr=lr, momentum=momentum, nesterov=momentum > 0, fused=True)

    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Take a step; the gradients of the hidden matrices are used up by it."""
        first = self.param_groups[0]
        with torch.no_grad():
            for weight in first["params"]:
                if weight.grad is not None:
                    self._turn(weight, weight.grad, first["lr"], first["momentum"])
                    # What SGD is to leave alone.
                    weight.grad = None
        super().step(closure)

    def _turn(self, weight: Tensor, gradient: Tensor, rate: float, momentum: float) -> None:
        direction = gradient
        if momentum:
            state = self.state[weight]
            if state.get("momentum_buffer") is None:
                state["momentum_buffer"] = torch.zeros_like(weight)
            buffer = state["momentum_buffer"].mul_(momentum).add_(gradient)
            direction = gradient.add(buffer, alpha=momentum)
        # Inputs last, as they lie in memory while a network is trained (channels last).
        moved = direction.movedim(1, -1)
        turn = orthogonalised(moved.flatten(1)).view(moved.shape).movedim(-1, 1)
        norm = weight.norm()
        weight.sub_(turn * (norm * (_SHARE * rate / len(weight) ** 0.5)))
        weight.mul_(norm / weight.norm().clamp_(min=_TINY))


def orthogonalised(matrix: Tensor) -> Tensor:
    """About the nearest matrix with orthonormal rows or columns, whichever are fewer.

    By Newton and Schulz's iteration; singular values come out between about 0.5 and 1.2, those that
    were tiny smaller.
    """
    is_tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.T if is_tall else matrix
    found = found / found.norm().clamp(min=_TINY)
    for _ in range(_ROUNDS):
        squared = found @ found.T
        factor = torch.addmm(squared, squared, squared, beta=_CUBIC, alpha=_QUINTIC)
        found = torch.addmm(found, factor, found, beta=_LINEAR)
    return found.T if is_tall else found
