"""The networks that Digitpad knows, by name.

Every network takes float32 glyphs (n, 1, 28, 28), normalised, and returns logits (n, classes).
None of them ends in a softmax: cross-entropy applies it in training, the recognizer afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.architectures import ENSEMBLE
from digitpad.recognition.members import Ensemble, ensemble_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor


class FlattenMaps(nn.Module):
    """Maps (n, channels, height, width) as features (n, height * width * channels).

    The channels of a pixel stay together, as they lie in memory while a network is trained
    (channels last), so that neither the maps nor their gradient are copied.
    """

    def forward(self, maps: Tensor) -> Tensor:
        """The features of some maps."""
        return maps.permute(0, 2, 3, 1).flatten(1)


class TutorialConvNet(nn.Module):
    """The ConvNet of the tutorial that Digitpad follows, with two slips of its code mended.

    Convolution 3x3 to 32 channels, convolution 3x3 to 64, max-pooling 2x2, dropout, fully
    connected to 128, dropout, fully connected to the classes; ReLU after each but the last.

    The slips: it used `Dropout2d` on flattened features, which drops nothing in a sensible way
    there (each feature would be a channel of its own), so here the first dropout drops channels
    of feature maps and the second single features; and it applied a (log-)softmax in `forward`
    although its loss, cross-entropy on logits, applies one itself.

    Args:
        classes: number of outputs.
        dropout: probability of dropping a feature before the last layer, in [0, 1); the maps
            before the first fully connected layer are dropped at half of it.
    """

    def __init__(self, classes: int, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            # The tutorial pools after ReLU. The largest of four values is the same before and after
            # it, and so is its gradient, for a quarter of the work.
            nn.Conv2d(1, 32, 3),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3),
            nn.MaxPool2d(2),
            nn.ReLU(),
        )
        self.head = nn.Sequential(
            nn.Dropout2d(dropout / 2),
            FlattenMaps(),
            nn.Linear(64 * 12 * 12, 128),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(128, classes),
        )

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
        logits: Tensor = self.head(self.features(glyphs))
        return logits


class PadNet(nn.Module):
    """A small convolutional network with batch normalisation.

    Convolution 5x5, pooling to 14x14; two convolutions 3x3, pooling to 7x7; one convolution 3x3;
    dropout; fully connected. Each convolution is followed by batch normalisation (Ioffe and
    Szegedy 2015, arXiv 1502.03167) and ReLU. Position matters to the last layer, so it sees the
    map of 7x7 and not its mean.

    Args:
        classes: number of outputs.
        widths: channels of the four convolutions.
        dropout: probability of dropping a feature before the fully connected layer, in [0, 1).
    """

    def __init__(
        self,
        classes: int,
        widths: tuple[int, int, int, int] = (32, 64, 64, 80),
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(
            *_convolution(1, a, 5),
            nn.MaxPool2d(2),
            *_convolution(a, b, 3),
            *_convolution(b, c, 3),
            nn.MaxPool2d(2),
            *_convolution(c, d, 3),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(d * 7 * 7, classes))

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
        logits: Tensor = self.head(self.features(glyphs))
        return logits


class SureNet(nn.Module):
    """The bundled model's network: deeper where the maps are small, and residual at the end.

    Convolution 6x6 with a stride of 2 to 14x14; two convolutions 3x3 without padding to 10x10,
    pooling to 5x5; two convolutions 3x3, the second one residual (He and others 2016, arXiv
    1512.03385); dropout; fully connected. Each convolution is followed by batch normalisation and
    ReLU. It has twice the weights of PadNet and takes less time, since most of them are where the
    maps are small.

    Args:
        classes: number of outputs.
        widths: channels of the first three convolutions, and of the last two.
        dropout: probability of dropping a feature before the fully connected layer, in [0, 1).
    """

    def __init__(
        self,
        classes: int,
        widths: tuple[int, int, int, int] = (48, 48, 64, 128),
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(
            *_convolution(1, a, 6, stride=2, padding=2),
            *_convolution(a, b, 3, padding=0),
            *_convolution(b, c, 3, padding=0),
            nn.MaxPool2d(2),
            *_convolution(c, d, 3),
        )
        self.residual = nn.Sequential(*_convolution(d, d, 3))
        self.head = nn.Sequential(FlattenMaps(), nn.Dropout(dropout), nn.Linear(d * 5 * 5, classes))

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
        maps = self.features(glyphs)
        logits: Tensor = self.head(maps + self.residual(maps))
        return logits


class QuickNet(nn.Module):
    """A small network for short trainings on a processor.

    Convolution 6x6 with a stride of 2 to 12x12; convolution 3x3, pooling to 5x5; convolution 3x3
    to 3x3; dropout; fully connected. Each convolution is followed by batch normalisation and ReLU,
    pooling comes before both. The stride and the missing padding make the maps small early, where
    most of the work would be.

    Args:
        classes: number of outputs.
        dropout: probability of dropping a feature before the fully connected layer, in [0, 1).
    """

    def __init__(self, classes: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 6, stride=2, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 24, 3, bias=False),
            nn.MaxPool2d(2),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            nn.Conv2d(24, 64, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
        )
        self.head = nn.Sequential(
            FlattenMaps(), nn.Dropout(dropout), nn.Linear(64 * 3 * 3, classes)
        )

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
        logits: Tensor = self.head(self.features(glyphs))
        return logits


class MultilayerPerceptron(nn.Module):
    """Two fully connected layers of features, for comparison: it does not know what is beside what.

    Args:
        classes: number of outputs.
        dropout: probability of dropping a feature after each hidden layer, in [0, 1).
    """

    def __init__(self, classes: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(FIELD * FIELD, 256),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(256, 128),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(128, classes),
        )

    def forward(self, glyphs: Tensor) -> Tensor:
        """Logits (n, classes) of normalised glyphs (n, 1, 28, 28)."""
        logits: Tensor = self.layers(glyphs)
        return logits


def _convolution(
    inputs: int, outputs: int, kernel: int, *, stride: int = 1, padding: int | None = None
) -> tuple[nn.Module, ...]:
    padding = kernel // 2 if padding is None else padding
    # The bias would be taken away again by the normalisation that follows.
    return (
        nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def _padnet(classes: int, options: Mapping[str, Any]) -> nn.Module:
    return PadNet(classes, **_checked(options, widths=_widths, dropout=_dropout))


def _surenet(classes: int, options: Mapping[str, Any]) -> nn.Module:
    return SureNet(classes, **_checked(options, widths=_widths, dropout=_dropout))


def _tutorial(classes: int, options: Mapping[str, Any]) -> nn.Module:
    return TutorialConvNet(classes, **_checked(options, dropout=_dropout))


def _quicknet(classes: int, options: Mapping[str, Any]) -> nn.Module:
    return QuickNet(classes, **_checked(options, dropout=_dropout))


def _mlp(classes: int, options: Mapping[str, Any]) -> nn.Module:
    return MultilayerPerceptron(classes, **_checked(options, dropout=_dropout))


ARCHITECTURES: Mapping[str, Callable[[int, Mapping[str, Any]], nn.Module]] = {
    "quicknet": _quicknet,
    "padnet": _padnet,
    "surenet": _surenet,
    "tutorial-convnet": _tutorial,
    "mlp": _mlp,
}


def _ensemble(classes: int, options: Mapping[str, Any]) -> nn.Module:
    known = ensemble_options(options)
    members = [
        build_network(known.architecture, classes, known.options) for _ in known.temperatures
    ]
    return Ensemble(members, known.temperatures)


def build_network(architecture: str, classes: int, options: Mapping[str, Any]) -> nn.Module:
    """A new network with PyTorch's own initial weights.

    Args:
        architecture: one of ARCHITECTURES, or "ensemble".
        classes: number of outputs, at least 2.
        options: of the architecture: "dropout" for all, and "widths" for padnet and surenet.
            Those of an ensemble are described with `ensemble_options`.

    Raises:
        DigitpadError: there is no such architecture, or an option is unknown or out of range.
    """
    if architecture == ENSEMBLE:
        return _ensemble(classes, options)
    try:
        builder = ARCHITECTURES[architecture]
    except KeyError:
        known = ", ".join(sorted(ARCHITECTURES))
        raise DigitpadError(
            "There is no network called {architecture!r}; Digitpad knows {known}.",
            architecture=architecture,
            known=known,
        ) from None
    return builder(classes, options)


def parameter_count(network: nn.Module) -> int:
    """Number of trained values in a network."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network: nn.Module) -> int:
    """Multiplications and additions in pairs that one glyph takes, in convolutions and products.

    Args:
        network: reads one empty glyph to be counted.
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


def _checked(options: Mapping[str, Any], **checks: Callable[[object], object]) -> dict[str, Any]:
    """The options, each passed through its check; those not given keep the network's defaults."""
    unknown = set(options) - set(checks)
    if unknown:
        raise DigitpadError("The network has no option {unknown!r}.", unknown=sorted(unknown)[0])
    return {name: checks[name](value) for name, value in options.items()}


def _widths(value: object) -> tuple[int, int, int, int]:
    match value:
        case [int(a), int(b), int(c), int(d)] if all(1 <= width <= 512 for width in (a, b, c, d)):
            return a, b, c, d
    raise DigitpadError("The network's widths must be four whole numbers from 1 to 512.")


def _dropout(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        raise DigitpadError("Dropout must be a number from 0 up to, but not including, 1.")
    return float(value)
