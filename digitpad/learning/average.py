"""A running average of a network's weights."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn

# The average forgets the first weights sooner: after s steps it goes back over about s / 9.
_WARM_UP = 9


class WeightAverage:
    """An exponential moving average of weights and of normalisations' statistics.

    The average of the last steps lies nearer to the middle of a valley than any of them (Polyak
    and Juditsky 1992; Izmailov and others 2018, arXiv 1803.05407), so that a network is good long
    before its learning rate is small.

    Args:
        network: whose weights are averaged; it is copied.
        steps: over about how many, at least 1.

    Attributes:
        network: with the average as its weights.
    """

    def __init__(self, network: nn.Module, steps: int) -> None:
        self.network = copy.deepcopy(network).requires_grad_(requires_grad=False)
        self._steps = steps

    def update(self, network: nn.Module, step: int) -> None:
        """Take in the weights after a step.

        Args:
            network: of the same kind as the first one.
            step: how many were taken in before.
        """
        keep = min(1 - 1 / self._steps, step / (step + _WARM_UP))
        own, other = self.network.state_dict(), network.state_dict()
        averaged = [name for name, value in own.items() if value.is_floating_point()]
        with torch.no_grad():
            # The public way is a call for each weight.
            torch._foreach_lerp_(
                [own[name] for name in averaged], [other[name] for name in averaged], 1 - keep
            )
            for name in own.keys() - averaged:
                own[name].copy_(other[name])
