"""Short descriptions of glyphs, and those of a model's training data, which teaching needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from digitpad.ink.glyph import FIELD
from digitpad.recognition.architectures import MOST_DIRECTIONS
from digitpad.recognition.layers import EMBEDDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from digitpad.recognition.layers import Network

MOST_EXEMPLARS = 10_000
"""Of a model, in a file."""

_EARLY = "relu1"
_EARLY_SIDE, _MIDDLE_SIDE = 2, 5
"""Maps are averaged over regions to at most so many rows and columns."""


def described_layers(network: Network) -> tuple[str, ...]:
    """The layers of a network that describe a glyph.

    The first activation knows how the ink looks, what pooling leaves knows the strokes and where
    they are, and the features before the classifier know what it is. There, what a hand has of its
    own is mostly gone.
    """
    names = list(network.named_layers())
    pools = [name for name in names if name.startswith("pool")]
    return (*(name for name in names if name == _EARLY), *pools[-1:], EMBEDDING)


def flat_outputs(network: Network, glyphs: Tensor, layers: Sequence[str]) -> dict[str, Tensor]:
    """What these layers make of normalised glyphs (n, 1, 28, 28), as rows (n, v) each.

    Large maps are averaged over regions. EMBEDDING is always there.
    """
    return flat_rows(network.layer_outputs(glyphs, layers))


def flat_rows(outputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Outputs of layers by name, as rows (n, v) each; see `flat_outputs`."""
    return {name: _flat(name, output) for name, output in outputs.items()}


def row_lengths(network: Network) -> tuple[int, ...]:
    """How many values a row of the output of each of `described_layers` has, as in `flat_outputs`.

    Args:
        network: in evaluation mode.
    """
    layers = described_layers(network)
    device = next(network.parameters()).device
    with torch.inference_mode():
        outputs = flat_outputs(network, torch.zeros(1, 1, FIELD, FIELD, device=device), layers)
    return tuple(outputs[name].shape[1] for name in layers)


def _flat(name: str, output: Tensor) -> Tensor:
    if output.ndim == 2:
        return output
    side = _EARLY_SIDE if name == _EARLY else _MIDDLE_SIDE
    if output.shape[-1] > side:
        output = functional.adaptive_avg_pool2d(output, side)
    return output.flatten(1)


class Describer(nn.Module):
    """Describes glyphs by some directions in the outputs of some layers.

    Args:
        layers: their names.
        sizes: of each of them, how many values a row of its output has and how many directions.

    Attributes:
        layers: as given.
        sizes: as given.
    """

    def __init__(self, layers: Sequence[str], sizes: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self.layers = tuple(layers)
        self.sizes = tuple(sizes)
        for number, (values, directions) in enumerate(sizes):
            self.register_buffer(f"mean{number}", torch.zeros(values))
            self.register_buffer(f"basis{number}", torch.zeros(values, directions))

    def forward(self, outputs: Mapping[str, Tensor]) -> Tensor:
        """Descriptions (n, d), of the outputs as `flat_outputs` gives them."""
        parts = []
        for number, name in enumerate(self.layers):
            mean, basis = self.get_buffer(f"mean{number}"), self.get_buffer(f"basis{number}")
            parts.append((outputs[name] - mean) @ basis)
        return torch.cat(parts, dim=1)


def described(network: Network, describer: Describer, glyphs: Tensor) -> tuple[Tensor, Tensor]:
    """The descriptions (n, d) and the logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
    outputs = flat_outputs(network, glyphs, describer.layers)
    return describer(outputs), network.classifier(outputs[EMBEDDING])


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """What teaching must know of the data that a model was trained with, so as not to forget it.

    Some of the training glyphs by their descriptions: those that the model nearly misreads, and a
    share of all others.

    Attributes:
        describer: describes glyphs by what the model's layers make of them.
        exemplars: float32 (m, d), descriptions of training glyphs that the model reads right.
        logits: float32 (m, classes), what it makes of them.
        weights: float32 (m,), how much each of them stands for.
    """

    describer: Describer
    exemplars: Tensor
    logits: Tensor
    weights: Tensor

    def tensors(self) -> dict[str, Tensor]:
        """All that a file keeps of them, by name."""
        return {
            "exemplars": self.exemplars,
            "logits": self.logits,
            "weights": self.weights,
            **self.describer.state_dict(),
        }


def statistics_of(
    tensors: Mapping[str, Tensor], network: Network, classes: int
) -> Statistics | None:
    """The statistics that a file keeps; None where its tensors do not fit together.

    Args:
        tensors: by the names of `Statistics.tensors`, finite; float16, as a file has them.
        network: that of the model, in evaluation mode.
        classes: how many it knows.
    """
    layers, values = described_layers(network), row_lengths(network)
    numbers = range(len(layers))
    names = {"exemplars", "logits", "weights"}
    names |= {f"{kind}{number}" for kind in ("mean", "basis") for number in numbers}
    if tensors.keys() != names or any(t.dtype != torch.float16 for t in tensors.values()):
        return None
    bases = [tensors[f"basis{number}"] for number in numbers]
    if any(basis.ndim != 2 or not 1 <= basis.shape[1] <= MOST_DIRECTIONS for basis in bases):
        return None
    count = len(tensors["weights"]) if tensors["weights"].ndim else 0
    width = sum(basis.shape[1] for basis in bases)
    shapes = {"exemplars": (count, width), "logits": (count, classes), "weights": (count,)}
    for number, (basis, size) in enumerate(zip(bases, values, strict=True)):
        shapes |= {f"mean{number}": (size,), f"basis{number}": (size, basis.shape[1])}
    if not 1 <= count <= MOST_EXEMPLARS or any(
        tuple(tensors[name].shape) != shape for name, shape in shapes.items()
    ):
        return None
    weights = tensors["weights"].float()
    if weights.min() < 0 or weights.sum() == 0:
        return None
    describer = Describer(
        layers, [(size, b.shape[1]) for size, b in zip(values, bases, strict=True)]
    )
    exact = {name: tensor.float() for name, tensor in tensors.items()}
    describer.load_state_dict({name: exact[name] for name in describer.state_dict()})
    return Statistics(describer, exact["exemplars"], exact["logits"], exact["weights"])
