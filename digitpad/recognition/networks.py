"""The networks that Digitpad knows, by name.

Every network takes float32 glyphs (n, 1, 28, 28), normalised (see `layers.normalise`), and returns
logits (n, classes). None of them ends in a softmax: cross-entropy applies it in training, the
recognizer afterwards. `dropout` is the probability of dropping a feature before the classifier, in
[0, 1), `widths` are the channels of the convolutions, and `border` is how many pixels at each edge
of a glyph are left out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.adapted.description import row_lengths
from digitpad.recognition.adapted.taught import Taught
from digitpad.recognition.architectures import (
    ENSEMBLE,
    TAUGHT,
    checked_options,
    ensemble_options,
    taught_options,
)
from digitpad.recognition.layers import Crop, FlattenMaps, Network, Residual, convolution

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor


class TutorialConvNet(Network):
    """The ConvNet of the tutorial that Digitpad follows, with the weights that it has there.

    There it is: convolution 3x3 to 32 channels, ReLU, convolution 3x3 to 64, max-pooling 2x2,
    Dropout2d 0.25, flatten, fully connected to 128, ReLU, Dropout2d 0.5, fully connected to the
    classes, log_softmax. Each difference is named where it is made.

    Maps are dropped at half of `dropout`, features at the whole of it.
    """

    def __init__(self, classes: int, dropout: float = 0.5) -> None:
        super().__init__(
            features=nn.Sequential(
                nn.Conv2d(1, 32, 3),
                nn.ReLU(),
                nn.Conv2d(32, 64, 3),
                nn.MaxPool2d(2),
                # The tutorial has no activation after its second convolution. After pooling this
                # one gives the same as before it, for a quarter of the work.
                nn.ReLU(),
            ),
            head=nn.Sequential(
                nn.Dropout2d(dropout / 2),
                # The same features as in the tutorial, in another order.
                FlattenMaps(),
                nn.Linear(64 * 12 * 12, 128),
                nn.ReLU(),
                # The tutorial has Dropout2d here, which is made for maps: features have no channels
                # to drop.
                nn.Dropout(dropout),
                # The tutorial applies log_softmax to the logits, although its loss, the
                # cross-entropy, applies one itself. Doing it twice changes nothing.
                nn.Linear(128, classes),
            ),
        )


class PadNet(Network):
    """A small convolutional network with batch normalisation.

    Convolution 5x5, pooling to 14x14; two convolutions 3x3, pooling to 7x7; one convolution 3x3;
    dropout; fully connected. Each convolution is followed by batch normalisation (Ioffe and
    Szegedy 2015, arXiv 1502.03167) and ReLU. Position matters to the last layer, so it sees the
    map of 7x7 and not its mean.
    """

    def __init__(
        self,
        classes: int,
        widths: tuple[int, int, int, int] = (32, 64, 64, 80),
        dropout: float = 0.3,
    ) -> None:
        a, b, c, d = widths
        super().__init__(
            features=nn.Sequential(
                *convolution(1, a, 5),
                nn.MaxPool2d(2),
                *convolution(a, b, 3),
                *convolution(b, c, 3),
                nn.MaxPool2d(2),
                *convolution(c, d, 3),
            ),
            head=nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(d * 7 * 7, classes)),
        )


class SureNet(Network):
    """The bundled model's network: deeper where the maps are small, and residual at the end.

    Convolution 6x6 with a stride of 2 to 14x14; two convolutions 3x3 without padding to 10x10,
    pooling to 5x5; two convolutions 3x3, the second one residual; dropout; fully connected. Each
    convolution is followed by batch normalisation and ReLU. It has twice the weights of PadNet and
    takes less time, since most of them are where the maps are small.
    The last width is that of two convolutions.
    """

    def __init__(
        self,
        classes: int,
        widths: tuple[int, int, int, int] = (48, 48, 64, 128),
        dropout: float = 0.3,
    ) -> None:
        a, b, c, d = widths
        super().__init__(
            features=nn.Sequential(
                *convolution(1, a, 6, stride=2, padding=2),
                *convolution(a, b, 3, padding=0),
                *convolution(b, c, 3, padding=0),
                nn.MaxPool2d(2),
                *convolution(c, d, 3),
            ),
            residual=Residual(*convolution(d, d, 3)),
            head=nn.Sequential(FlattenMaps(), nn.Dropout(dropout), nn.Linear(d * 5 * 5, classes)),
        )


class QuickNet(Network):
    """A small network for short trainings on a processor.

    Convolution 6x6 with a stride of 2 to 12x12; convolution 3x3, pooling to 5x5; convolution 3x3
    to 3x3; dropout; fully connected. Each convolution is followed by batch normalisation and ReLU,
    pooling comes before both. The stride and the missing padding make the maps small early, where
    most of the work would be. So does a `border`: MNIST's rule leaves two pixels at each edge empty
    in nearly all digits, and without them maps are 10x10, 4x4 and 2x2, two thirds of the work.
    """

    def __init__(
        self,
        classes: int,
        widths: tuple[int, int, int] = (16, 24, 64),
        dropout: float = 0.0,
        border: int = 0,
    ) -> None:
        a, b, c = widths
        # As the convolutions and the pooling leave it.
        side = ((FIELD - 2 * border - 6) // 2 + 1 - 2) // 2 - 2
        # No layer where there is no border: weights keep the names that they have in files.
        crop = {"crop": nn.Sequential(Crop(border))} if border else {}
        super().__init__(
            **crop,
            features=nn.Sequential(
                *convolution(1, a, 6, stride=2, padding=0),
                nn.Conv2d(a, b, 3, bias=False),
                nn.MaxPool2d(2),
                nn.BatchNorm2d(b),
                nn.ReLU(),
                *convolution(b, c, 3, padding=0),
            ),
            head=nn.Sequential(
                FlattenMaps(), nn.Dropout(dropout), nn.Linear(c * side * side, classes)
            ),
        )


class MultilayerPerceptron(Network):
    """Two fully connected layers of features, for comparison: it does not know what is beside what.

    Features are dropped after each of them.
    """

    def __init__(self, classes: int, dropout: float = 0.2) -> None:
        super().__init__(
            layers=nn.Sequential(
                nn.Flatten(),
                nn.Linear(FIELD * FIELD, 256),
                nn.ReLU(),
                nn.Dropout(dropout),
                nn.Linear(256, 128),
                nn.ReLU(),
                nn.Dropout(dropout),
                nn.Linear(128, classes),
            )
        )


class Ensemble(nn.Module):
    """The mean of the probabilities that several networks give.

    What single networks get wrong differs from one to the other, and where they disagree the mean
    is unsure (Lakshminarayanan and others 2017, arXiv 1612.01474). Probabilities are averaged and
    not logits, so that one network that is very sure cannot overrule all others.

    Args:
        members: networks of the same classes.
        temperatures: the logits of each member are divided by its own before its softmax.
    """

    def __init__(self, members: Sequence[nn.Module], temperatures: Sequence[float]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        # No buffer: they are part of a model's description, which is checked, and not of its
        # weights.
        self.temperatures = tuple(temperatures)

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28): logarithms of the mean."""
        logarithms = torch.stack(
            [
                functional.log_softmax(member(glyphs) / temperature, dim=1)
                for member, temperature in zip(self.members, self.temperatures, strict=True)
            ]
        )
        return torch.logsumexp(logarithms, dim=0) - math.log(len(self.members))


ARCHITECTURES: Mapping[str, Callable[..., Network]] = {
    "quicknet": QuickNet,
    "padnet": PadNet,
    "surenet": SureNet,
    "tutorial-convnet": TutorialConvNet,
    "mlp": MultilayerPerceptron,
}


def build_network(architecture: str, classes: int, options: Mapping[str, Any]) -> nn.Module:
    """A new network with PyTorch's own initial weights.

    Args:
        architecture: one of ARCHITECTURES, "ensemble" or "taught".
        classes: number of outputs, at least 2.
        options: of the architecture, see `checked_options`, `ensemble_options` and
            `taught_options`.

    Raises:
        DigitpadError: there is no such architecture, or an option is unknown or out of range.
    """
    if architecture == ENSEMBLE:
        known = ensemble_options(options)
        members = [
            build_network(known.architecture, classes, known.options) for _ in known.temperatures
        ]
        return Ensemble(members, known.temperatures)
    if architecture == TAUGHT:
        taught = taught_options(options)
        network = build_network(taught.architecture, classes, taught.options)
        values = tuple(size for size, _ in taught.sizes)
        if not isinstance(network, Network) or row_lengths(network.eval()) != values:
            raise DigitpadError("The network does not fit the sizes of its descriptions.")
        return Taught(network, taught.sizes, taught.points, classes, taught.close)
    if architecture not in ARCHITECTURES:
        raise DigitpadError(
            "There is no network called {architecture!r}; Digitpad knows {known}.",
            architecture=architecture,
            known=", ".join(sorted(ARCHITECTURES)),
        )
    return ARCHITECTURES[architecture](classes, **checked_options(architecture, options))


def single_network(network: nn.Module) -> Network | None:
    """The network itself, as it was before lessons; None for an ensemble."""
    if isinstance(network, Taught):
        return network.network
    return network if isinstance(network, Network) else None


def parameter_count(network: nn.Module) -> int:
    """Number of trained values in a network."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network: nn.Module) -> int:
    """Multiplications and additions in pairs that one glyph takes, in convolutions and products.

    Args:
        network: gets one empty glyph to be counted.
    """
    counts: list[int] = []

    def count(module: nn.Module, _inputs: object, output: Tensor) -> None:
        if isinstance(module, nn.Conv2d | nn.Linear):
            # Every output value is one inner product with a row of the weights.
            counts.append(output[0].numel() * module.weight[0].numel())

    hooks = [module.register_forward_hook(count) for module in network.modules()]
    was_training = network.training
    network.eval()
    try:
        device = next(network.parameters()).device
        with torch.inference_mode():
            network(torch.zeros(1, 1, FIELD, FIELD, device=device))
    finally:
        network.train(was_training)
        for hook in hooks:
            hook.remove()
    return sum(counts)
