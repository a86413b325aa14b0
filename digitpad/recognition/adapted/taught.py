"""A network that was taught: what lessons change is near to them, and all else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from digitpad.recognition.adapted.description import Describer, described, described_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from digitpad.recognition.layers import Network

LENGTH = 0.45
"""Distance in which the effect of a lesson fades, where two glyphs of one class are 1 apart on
average (root mean square)."""

CLOSE_LENGTH = 0.15
"""Likewise of a lesson that may be a slip: it is felt by what looks just like it, and hardly
elsewhere."""


class Taught(nn.Module):
    """A network with lessons beside it.

    The logits are those of the network and, for each lesson's point, its effects times a Gaussian
    of the distance of descriptions: a kernel machine with the network as its prior mean. Without
    points it is the network.

    Args:
        network: as it was before the lessons.
        sizes: of the describer, see there.
        points: how many there are.
        classes: how many the network knows.
        close: how many of the points, the last ones, are felt within `CLOSE_LENGTH` only.

    Attributes:
        close: as given.
    """

    def __init__(
        self,
        network: Network,
        sizes: Sequence[tuple[int, int]],
        points: int,
        classes: int,
        close: int = 0,
    ) -> None:
        super().__init__()
        self.network = network
        self.close = close
        self.describer = Describer(described_layers(network), sizes)
        width = sum(directions for _, directions in sizes)
        self.register_buffer("points", torch.zeros(points, width))
        self.register_buffer("effects", torch.zeros(points, classes))

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
        places, logits = described(self.network, self.describer, glyphs)
        return logits + self.nearness(places) @ self.get_buffer("effects")

    def nearness(self, places: Tensor) -> Tensor:
        """How near descriptions (n, d) are to each of the points: (n, points), in [0, 1]."""
        return nearness(places, self.get_buffer("points"), self.close)


def nearness(first: Tensor, second: Tensor, close: int = 0) -> Tensor:
    """A Gaussian of the distances between descriptions (n, d) and (m, d): (n, m), in [0, 1].

    Args:
        first: descriptions.
        second: points.
        close: how many of the points, the last ones, are felt close by only.
    """
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1)[None] - 2 * first @ second.T
    squares = squares.clamp_min(0)
    if not close:
        return torch.exp(-squares / (2 * LENGTH**2))
    widths = torch.full_like(second[:, 0], 2 * LENGTH**2)
    widths[len(second) - close :] = 2 * CLOSE_LENGTH**2
    return torch.exp(-squares / widths)
