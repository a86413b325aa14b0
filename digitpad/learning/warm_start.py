"""The first weights of a training that starts from a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from digitpad.data.catalog import CATALOG
from digitpad.data.class_names import match_classes
from digitpad.errors import DigitpadError
from digitpad.learning.devices import RandomState
from digitpad.learning.optim import initialise
from digitpad.recognition.layers import Network
from digitpad.recognition.model_info import Normalisation, read_model_info
from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from digitpad.data.dataset import TrainingData
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.recognition.model_file import Model


_FEW = 2000
"""Training drawings, below which a network does better to begin with what a model knows."""


def first_network(config: TrainingConfig, classes: tuple[str, ...], model: Model) -> nn.Module:
    """A network with a model's weights.

    Where the classes are others, the classifier is new, but for the rows of the classes that the
    model knows by the same names, or by all of them in another spelling, as "seven" for 7.

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
            "The model {model!r} is an ensemble, and a warm start takes a single network: choose"
            " one of its members, or new weights.",
            model=model.info.name,
        )
    if model.info.architecture != config.architecture:
        raise DigitpadError(
            "The model {model!r} has the network {architecture}, whose weights do not fit"
            " {chosen}: choose its network, or new weights.",
            model=model.info.name,
            architecture=model.info.architecture,
            chosen=config.architecture,
        )
    if model.info.normalisation != Normalisation():
        raise DigitpadError(
            "The model {model!r} normalises its glyphs in another way than training does: choose"
            " another model for the warm start, or new weights.",
            model=model.info.name,
        )
    with RandomState(torch.device("cpu"), config.seed).first_weights():
        network = build_network(config.architecture, len(classes), config.options)
        initialise(network, config.initialisation)
    given = source.state_dict()
    meant = match_classes(classes, model.info.classes).taken
    rows = {known: row for row, known in enumerate(model.info.classes)}
    # By their names: a state holds copies of the tensors' handles.
    prefix = next(name for name, module in source.named_modules() if module is source.classifier)
    for name, tensor in network.state_dict().items():
        if name.startswith(f"{prefix}."):
            for row, own in enumerate(classes):
                if (known := meant.get(own, own)) in rows:
                    tensor[row].copy_(given[name][rows[known]])
        elif name in given and given[name].shape == tensor.shape:
            tensor.copy_(given[name])
        else:
            raise DigitpadError(
                "The model {model!r} has layers of other widths than the network to be trained:"
                " give the network the model's options, {options}, or choose new weights.",
                model=model.info.name,
                options=dict(model.info.options),
            )
    return network


def hints(config: TrainingConfig, data: TrainingData, bundled_path: Path) -> list[DigitpadError]:
    """That the bundled model would be a better beginning, where it would; else nothing."""
    choice, count = config.data, len(data.sources[0].data)
    is_own = choice is not None and CATALOG[choice.kind].needs_place
    if config.warm_start is not None or not is_own or count >= _FEW:
        return []
    try:
        bundled = read_model_info(bundled_path)
    except DigitpadError:
        return []
    if not set(data.classes) <= set(bundled.classes):
        return []
    return [
        DigitpadError(
            "{count} drawings are few, and the bundled model knows all their classes: the preset"
            " Few drawings (--preset few) begins with it, and comes much further.",
            count=count,
        )
    ]
