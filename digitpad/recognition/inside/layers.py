"""The layers of a network as they are shown: their names, shapes, and what goes into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

from digitpad.ink.glyph import FIELD
from digitpad.recognition.adapted.description import described_layers
from digitpad.recognition.layers import Residual

if TYPE_CHECKING:
    from typing import TypeAlias

    from digitpad.recognition.adapted.taught import Taught
    from digitpad.recognition.layers import Network

Place: TypeAlias = tuple[int, ...]
"""Of a cell in the output of a layer: channel, row and column, or the number of a feature."""

GLYPH, INPUT, LESSONS, PROBABILITIES = "glyph", "input", "lessons", "probabilities"
"""The names of what is no layer of a network, but stands in one row with them: the levels of the
glyph, the same after normalisation, logits with the effect of lessons, and the result."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it is shown.

    Attributes:
        name: as in `Network.named_layers`, or one of GLYPH, INPUT, LESSONS and PROBABILITIES.
        kind: the name without its number: "conv", "norm", "relu", "pool", "crop", "sum",
            "dropout", "flatten", "fc", or the name itself where it has no number.
        shape: of its output: channels, height and width of maps, or the number of features.
        inputs: the layers whose outputs it takes; for "sum" first the one without a change.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    inputs: tuple[str, ...]

    @property
    def has_maps(self) -> bool:
        """Whether the output consists of maps, one a channel, and not of single features."""
        return len(self.shape) == 3

    def contains(self, place: Place) -> bool:
        """Whether there is such a cell."""
        return len(place) == len(self.shape) and all(
            0 <= index < size for index, size in zip(place, self.shape, strict=True)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Wired:
    """A layer with the module that computes it; None where it is no module of the network."""

    name: str
    module: nn.Module | None
    inputs: tuple[str, ...]


def wired(network: Network, lessons: Taught | None) -> list[Wired]:
    """The layers of a network in order, from the glyph to the probabilities.

    Args:
        network: the network.
        lessons: what was taught to it; None if nothing was.
    """
    names = {id(layer): name for name, layer in network.named_layers().items()}
    found = [Wired(GLYPH, None, ()), Wired(INPUT, None, (GLYPH,))]
    last = INPUT
    for sequence in network.sequences.values():
        before = last
        for module in sequence:
            found.append(Wired(names[id(module)], module, (last,)))
            last = found[-1].name
        if isinstance(sequence, Residual):
            found.append(Wired(names[id(sequence)], None, (before, last)))
            last = found[-1].name
    if lessons is not None:
        places = tuple(name for name in described_layers(network) if name in names.values())
        found.append(Wired(LESSONS, lessons, (last, found[-1].inputs[0], *places)))
        last = LESSONS
    return [*found, Wired(PROBABILITIES, None, (last,))]


def kind_of(name: str) -> str:
    """The kind of a layer with this name."""
    return name.rstrip("0123456789")


def empty_glyph(dtype: torch.dtype) -> torch.Tensor:
    """The levels of a glyph without ink, (1, 1, 28, 28)."""
    return torch.zeros(1, 1, FIELD, FIELD, dtype=dtype)
