"""The first weights of a training that starts from a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from digitpad.errors import DigitpadError
from digitpad.learning.devices import RandomState
from digitpad.learning.optim import initialise
from digitpad.recognition.architectures import ENSEMBLE
from digitpad.recognition.model_info import Normalisation
from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.learning.config import TrainingConfig
    from digitpad.recognition.model_file import Model


def first_network(config: TrainingConfig, classes: tuple[str, ...], model: Model) -> nn.Module:
    """A network with a model's weights.

    Where the classes are others, the last layer is new, but for the rows of the classes that the
    model knows by the same names.

    Args:
        config: names the network and draws what is new.
        classes: that the network is to tell apart.
        model: to start from.

    Raises:
        DigitpadError: the model's network is another one.
    """
    if model.info.architecture == ENSEMBLE:
        raise DigitpadError(
            "The model {model!r} is an ensemble, and a training starts from one network:"
            " choose one that it was made of, or new weights.",
            model=model.info.name,
        )
    if model.info.architecture != config.architecture:
        raise DigitpadError(
            "The model {model!r} has the network {architecture}, and a"
            " {architecture_2} cannot start from it: choose its network, or new weights.",
            model=model.info.name,
            architecture=model.info.architecture,
            architecture_2=config.architecture,
        )
    if model.info.normalisation != Normalisation():
        raise DigitpadError(
            "The model {model!r} sees its glyphs at other levels than a training has"
            " them: start from another model, or from new weights.",
            model=model.info.name,
        )
    with RandomState(torch.device("cpu"), config.seed).first_weights():
        network = build_network(config.architecture, len(classes), config.options)
        initialise(network, config.initialisation)
    held, given = network.state_dict(), model.network.state_dict()
    last = _last_layer(network)
    for name, tensor in held.items():
        if name in last:
            _copy_rows(tensor, classes, given[name], model.info.classes)
        elif name in given and given[name].shape == tensor.shape:
            tensor.copy_(given[name])
        else:
            raise DigitpadError(
                "The model {model!r} has layers of other widths than the network to be"
                " trained: give the network the model's options, {options}, or"
                " start from new weights.",
                model=model.info.name,
                options=dict(model.info.options),
            )
    return network


def _last_layer(network: nn.Module) -> frozenset[str]:
    """Names of the tensors that have one row a class."""
    *_, name = (name for name, module in network.named_modules() if isinstance(module, nn.Linear))
    return frozenset({f"{name}.weight", f"{name}.bias"})


def _copy_rows(
    target: torch.Tensor, names: Sequence[str], source: torch.Tensor, known: Sequence[str]
) -> None:
    places = {name: row for row, name in enumerate(known)}
    for row, name in enumerate(names):
        if name in places:
            target[row].copy_(source[places[name]])
