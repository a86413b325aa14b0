"""Warm start: the weights of a model as the first ones of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from digitpad.data.catalog import CATALOG
from digitpad.data.class_names import match_classes
from digitpad.errors import DigitpadError
from digitpad.learning.devices import RandomState
from digitpad.learning.optim import initialise
from digitpad.recognition.architectures import trained_network
from digitpad.recognition.model_info import Normalisation, read_model_info
from digitpad.recognition.networks import build_network, single_network

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from digitpad.data.dataset import TrainingData
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.recognition.model_file import Model


_FEW = 2000
"""With fewer training samples than this, a warm start from the bundled model is better."""


def first_network(config: TrainingConfig, classes: tuple[str, ...], model: Model) -> nn.Module:
    """Make a network with the weights of a model.

    The classifier keeps the rows of classes that the model has under the same name; if all names
    are spellings of classes of the model, such as "seven" for 7, also those. Other rows are new.

    Args:
        config: has the network, and the seed of new weights.
        classes: of the new network.
        model: gives the weights.

    Raises:
        DigitpadError: the model has another network or normalisation, or is an ensemble.
    """
    # Lessons are not trained: the network begins as it was before them.
    source = single_network(model.network)
    if source is None:
        raise DigitpadError(
            "The model {model!r} is an ensemble, and a warm start takes a single network: choose"
            " one of its members, or new weights.",
            model=model.info.name,
        )
    architecture, options = trained_network(model.info)
    if architecture != config.architecture:
        raise DigitpadError(
            "The model {model!r} has the network {architecture}, whose weights do not fit"
            " {chosen}: choose its network, or new weights.",
            model=model.info.name,
            architecture=architecture,
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
    # Found by name, because the tensors of a state are not the parameters themselves.
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
                options=dict(options),
            )
    return network


def hints(config: TrainingConfig, data: TrainingData, bundled_path: Path) -> list[DigitpadError]:
    """Say that a warm start from the bundled model would be better, if it would."""
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
            " Few drawings (--preset few) begins with it, and gives much better results.",
            count=count,
        )
    ]
