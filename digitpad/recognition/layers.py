"""What networks are made of: named layers, and what comes before the first one."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, cast

from torch import nn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from torch import Tensor

    from digitpad.recognition.model_info import Normalisation


EMBEDDING = "embedding"
"""Names the features before the classifier among the outputs of `Network.layer_outputs`."""


def normalise(levels: Tensor, normalisation: Normalisation) -> Tensor:
    """What a network gets of ink: levels in [0, 255] as float32, by a model's normalisation.

    Levels that are float32 already are changed in place.
    """
    # One multiply-add, where dividing by 255, subtracting and dividing would be three passes.
    mean, std = normalisation.mean, normalisation.std
    return levels.float().mul_(1 / (255 * std)).sub_(mean / std)


class FlattenMaps(nn.Module):
    """Maps (n, channels, height, width) as features (n, height * width * channels).

    The channels of a pixel stay together, as they lie in memory while a network is trained
    (channels last), so that neither the maps nor their gradient are copied.
    """

    def forward(self, maps: Tensor) -> Tensor:
        """The features of some maps."""
        return maps.permute(0, 2, 3, 1).flatten(1)


class Crop(nn.Module):
    """Glyphs or maps (n, channels, height, width) without so many pixels at each edge."""

    def __init__(self, border: int) -> None:
        super().__init__()
        self.border = border

    def forward(self, maps: Tensor) -> Tensor:
        """What is within the border."""
        border = self.border
        return maps[:, :, border:-border, border:-border]


class Residual(nn.Sequential):
    """Layers whose output is added to their input (He and others 2016, arXiv 1512.03385)."""

    def forward(self, maps: Tensor) -> Tensor:
        """The maps and what the layers make of them, added."""
        change = maps
        for layer in self:
            change = layer(change)
        return maps + change


_KINDS: Mapping[type[nn.Module], str] = {
    # Any other layer is called as its class: "tanh", "avgpool2d".
    Crop: "crop",
    nn.Conv2d: "conv",
    nn.BatchNorm2d: "norm",
    nn.ReLU: "relu",
    nn.MaxPool2d: "pool",
    Residual: "sum",
    nn.Dropout2d: "dropout",
    nn.Dropout: "dropout",
    nn.Flatten: "flatten",
    FlattenMaps: "flatten",
    nn.Linear: "fc",
}


class Network(nn.Module):
    """What all networks share: layers with names, and a classifier on what the others make.

    A network is a few sequences of layers, one after the other; the last layer of the last one is
    the classifier. What goes into it would be called "features", but in files the weights of the
    first sequence begin with that name, and PyTorch takes it from the attribute. So the method is
    `embed`, and the layers have names of their own, which no file depends on.

    Args:
        sequences: by the first part of the names that their weights have in files.
    """

    def __init__(self, **sequences: nn.Sequential) -> None:
        super().__init__()
        for name, sequence in sequences.items():
            self.add_module(name, sequence)

    @property
    def sequences(self) -> Mapping[str, nn.Sequential]:
        """The sequences of layers, in the order in which a glyph passes through them."""
        return cast("Mapping[str, nn.Sequential]", self._modules)

    @property
    def classifier(self) -> nn.Linear:
        """The last fully connected layer, with one output a class."""
        return cast("nn.Linear", list(self.sequences.values())[-1][-1])

    def named_layers(self) -> dict[str, nn.Module]:
        """Each layer by its kind and number ("conv1", "norm1", "relu1", ... "fc2"), in order.

        "sum1" is the output of the first `Residual`, after the layers within it.
        """
        layers: dict[str, nn.Module] = {}
        counts: Counter[str] = Counter()
        for sequence in self.sequences.values():
            for layer in (*sequence, *([sequence] if isinstance(sequence, Residual) else [])):
                kind = _KINDS.get(type(layer), type(layer).__name__.lower())
                counts[kind] += 1
                layers[f"{kind}{counts[kind]}"] = layer
        return layers

    def embed(self, glyphs: Tensor) -> Tensor:
        """Features (n, d) of normalised glyphs (n, 1, 28, 28): what goes into the classifier."""
        return self.layer_outputs(glyphs, ())[EMBEDDING]

    def layer_outputs(self, glyphs: Tensor, names: Collection[str]) -> dict[str, Tensor]:
        """What some layers make of normalised glyphs (n, 1, 28, 28).

        Args:
            glyphs: what the network gets.
            names: of layers; not of those within a `Residual`.

        Returns:
            The outputs by these names, and the features before the classifier as EMBEDDING.
        """
        *first, last = self.sequences.values()
        wanted = self.named_layers().items() if names else ()
        named = {id(layer): name for name, layer in wanted if name in names}
        outputs: dict[str, Tensor] = {}
        values = glyphs
        # A residual sequence is more than its layers, one after the other.
        steps = [[one] if isinstance(one, Residual) else list(one) for one in first]
        for layer in chain(*steps, list(last)[:-1]):
            values = layer(values)
            if id(layer) in named:
                outputs[named[id(layer)]] = values
        outputs[EMBEDDING] = values
        return outputs

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28): `classifier(embed(glyphs))`."""
        # Written as whole sequences: the pad feels every call of Python.
        values = glyphs
        for sequence in self.sequences.values():
            values = sequence(values)
        return values


def convolution(
    inputs: int, outputs: int, kernel: int, *, stride: int = 1, padding: int | None = None
) -> tuple[nn.Module, ...]:
    """A convolution with batch normalisation and ReLU; without `padding` maps keep their size."""
    padding = kernel // 2 if padding is None else padding
    # The bias would be taken away again by the normalisation that follows.
    return (
        nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )
