"""The first weights of a training that starts from a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from digitpad.errors import DigitpadError
from digitpad.learning.devices import RandomState
from digitpad.learning.optim import initialise
from digitpad.recognition.layers import Network
from digitpad.recognition.model_info import Normalisation
from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from torch import nn

    from digitpad.learning.config import TrainingConfig
    from digitpad.recognition.model_file import Model


def first_network(config: TrainingConfig, classes: tuple[str, ...], model: Model) -> nn.Module:
    """A network with a model's weights.

    Where the classes are others, the classifier is new, but for the rows of the classes that the
    model knows by the same names.

    Args:
        config: names the network and draws what is new.
        classes: that the network is to tell apart.
        model: to start from.

    Raises:
        DigitpadError: the model's network is another one.
    """
    source = model.network
    if not isinstance(source, Network):
        raise DigitpadError(
            "The model {model!r} is an ensemble, and a training starts from one network:"
            " choose one that it was made of, or new weights.",
            model=model.info.name,
        )
    if model.info.architecture != config.architecture:
        raise DigitpadError(
            "The model {model!r} has the network {architecture}, and {chosen} cannot start from"
            " it: choose its network, or new weights.",
            model=model.info.name,
            architecture=model.info.architecture,
            chosen=config.architecture,
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
    given = source.state_dict()
    rows = {known: row for row, known in enumerate(model.info.classes)}
    # By their names: a state holds copies of the tensors' handles.
    prefix = next(name for name, module in source.named_modules() if module is source.classifier)
    for name, tensor in network.state_dict().items():
        if name.startswith(f"{prefix}."):
            for row, known in enumerate(classes):
                if known in rows:
                    tensor[row].copy_(given[name][rows[known]])
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
