"""A running average of a network's weights."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn

# The average forgets the first weights sooner: after s steps it goes back over about s / 9.
_WARM_UP = 9


class AveragedWeights:
    """An exponential moving average of weights and of normalisations' statistics.

    The average of the last steps lies nearer to the middle of a valley than any of them (Polyak
    and Juditsky 1992; Izmailov and others 2018, arXiv 1803.05407), so that a network is good long
    before its learning rate is small.

    Args:
        network: whose weights are averaged; the average begins as a copy of it.
        steps: over about how many, at least 1.

    Attributes:
        network: with the average as its weights.
    """

    def __init__(self, network: nn.Module, steps: int) -> None:
        self.network = copy.deepcopy(network).requires_grad_(requires_grad=False)
        self._steps = steps
        # Steps and loading change these tensors in place; looking them up takes longer than a step
        # of the average.
        pairs = list(
            zip(self.network.state_dict().values(), network.state_dict().values(), strict=True)
        )
        self._averaged = [pair for pair in pairs if pair[0].is_floating_point()]
        self._copied = [pair for pair in pairs if not pair[0].is_floating_point()]

    def update(self, step: int) -> None:
        """Take in the weights after a step.

        Args:
            step: how many were taken in before.
        """
        keep = min(1 - 1 / self._steps, step / (step + _WARM_UP))
        own, other = zip(*self._averaged, strict=True)
        with torch.no_grad():
            # The public way is a call for each weight.
            torch._foreach_lerp_(own, other, 1 - keep)
            for average, value in self._copied:
                average.copy_(value)
