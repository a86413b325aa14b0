"""A network from the inside: what each of its layers makes of a glyph."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import nn

from digitpad.recognition.adapted.description import described_layers, flat_rows
from digitpad.recognition.adapted.taught import Taught
from digitpad.recognition.inside.layers import (
    GLYPH,
    INPUT,
    LESSONS,
    PROBABILITIES,
    Layer,
    Wired,
    empty_glyph,
    kind_of,
    wired,
)
from digitpad.recognition.layers import EMBEDDING, Network
from digitpad.recognition.networks import Ensemble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.recognition.model_file import Model

Silent: TypeAlias = "frozenset[tuple[str, int]]"
"""Channels that are switched off: each by the name of its layer and its number."""

NONE_SILENT: Silent = frozenset()


class Inside:
    """The network of a model, layer by layer.

    The network is used as it is, in evaluation mode: dropout lets everything pass, and batch
    normalisation uses what it has learned. Where a model consists of several networks, this is one
    of them.

    Args:
        model: the model; it is not changed.
        member: the number of its network, where it is an ensemble.

    Attributes:
        info: the description of the model.
        member: as given.
        members: how many networks the model consists of.
        network: float32, without lessons.
        lessons: what was taught to the network; None if nothing was.
        temperature: logits are divided by it before the softmax.
        layers: in order, from the glyph to the probabilities.
    """

    def __init__(self, model: Model, member: int = 0) -> None:
        self.info = model.info
        self.member = member
        whole, self.temperature = model.network, model.info.calibration.temperature
        self.members = 1
        if isinstance(whole, Ensemble):
            self.members = len(whole.members)
            # The temperature of an ensemble is that of the mean; each member has its own.
            self.temperature = whole.temperatures[member]
            whole = whole.members[member]
        self.lessons = whole if isinstance(whole, Taught) else None
        network = self.lessons.network if self.lessons is not None else whole
        if not isinstance(network, Network):
            raise TypeError("a network of named layers is expected")
        self.network = network
        self._wired = wired(network, self.lessons)
        shapes = self._pass(empty_glyph(torch.float32), self._wired, NONE_SILENT)
        self.layers = tuple(
            Layer(one.name, kind_of(one.name), tuple(shapes[one.name].shape[1:]), one.inputs)
            for one in self._wired
        )
        self._by_name = {layer.name: layer for layer in self.layers}

    def layer(self, name: str) -> Layer:
        """The layer with a name; KeyError if there is none."""
        return self._by_name[name]

    def normalised(self, levels: Tensor) -> Tensor:
        """Levels in [0, 255] as a network gets them, in their own precision."""
        normalisation = self.info.normalisation
        return (levels / 255 - normalisation.mean) / normalisation.std

    @cached_property
    def whole(self) -> nn.Module:
        """The network with its lessons: logits (n, classes) of normalised glyphs (n, 1, 28, 28).

        Gradients can be found through it.
        """
        module = self.network if self.lessons is None else self.lessons
        if not any(one.is_inference() for one in (*module.parameters(), *module.buffers())):
            return module
        # What was taught a moment ago was made in inference mode, which knows no gradients.
        with torch.inference_mode(mode=False):
            parameters = {
                id(one): nn.Parameter(one.clone(), requires_grad=False)
                for one in module.parameters()
            }
            buffers = {id(one): one.clone() for one in module.buffers()}
            return copy.deepcopy(module, {**parameters, **buffers})

    @property
    def logits_name(self) -> str:
        """The layer whose outputs the softmax takes: the classifier, or what lessons make of it."""
        return self.layers[-1].inputs[0]

    def outputs(
        self, glyph: NDArray[np.uint8], silent: Silent = NONE_SILENT
    ) -> dict[str, NDArray[np.float32]]:
        """What each layer makes of a glyph, quickly: as exact as the network itself.

        Args:
            glyph: uint8 (28, 28), ink 255 on 0.
            silent: channels whose output is 0, whatever goes into them.

        Returns:
            By the names of the layers, float32 arrays of their shapes.
        """
        levels = torch.from_numpy(np.ascontiguousarray(glyph, np.float32))[None, None]
        values = self._pass(levels, self._wired, silent)
        return {name: value[0].numpy() for name, value in values.items()}

    def exact(
        self, glyph: NDArray[np.uint8], silent: Silent = NONE_SILENT
    ) -> dict[str, NDArray[np.float64]]:
        """As `outputs`, but computed in float64, so that shown sums add up."""
        levels = torch.from_numpy(np.ascontiguousarray(glyph, np.float64))[None, None]
        values = self._pass(levels, self._exact, silent)
        return {name: value[0].numpy() for name, value in values.items()}

    def probabilities(
        self, glyphs: NDArray[np.uint8], silent: Silent = NONE_SILENT
    ) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 (n, classes), of glyphs, uint8 (n, 28, 28)."""
        levels = torch.from_numpy(np.ascontiguousarray(glyphs, np.float32))[:, None]
        values = self._pass(levels, self._wired, silent)
        logits = values[self.logits_name].double() / self.temperature
        return torch.softmax(logits, dim=1).numpy()

    def lesson_effects(
        self, values: Mapping[str, NDArray[np.float64]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How near a glyph is to each point of the lessons, and what the points do to each class.

        Args:
            values: by `exact`.

        Returns:
            (points,), in [0, 1], and (points, classes).
        """
        one = next(one for one in self._exact if one.name == LESSONS)
        tensors = {name: torch.from_numpy(values[name])[None] for name in one.inputs}
        with torch.inference_mode():
            near = _nearness(one, tensors)[0]
        return near.numpy(), _taught(one).get_buffer("effects").numpy()

    def module(self, name: str) -> nn.Module | None:
        """The module of a layer, in float64; None where it is no module of the network."""
        return self._modules[name]

    @cached_property
    def _modules(self) -> dict[str, nn.Module | None]:
        return {one.name: one.module for one in self._exact}

    @cached_property
    def _exact(self) -> list[Wired]:
        lessons = copy.deepcopy(self.lessons).double() if self.lessons is not None else None
        network = copy.deepcopy(self.network).double() if lessons is None else lessons.network
        network.requires_grad_(requires_grad=False)
        return wired(network, lessons)

    def _pass(self, levels: Tensor, layers: list[Wired], silent: Silent) -> dict[str, Tensor]:
        values = {GLYPH: levels}
        with torch.inference_mode():
            for one in layers[1:]:
                value = self._value(one, values)
                quiet = [channel for name, channel in silent if name == one.name]
                if quiet:
                    value = value.clone()
                    value[:, quiet] = 0
                values[one.name] = value
        return values

    def _value(self, one: Wired, values: Mapping[str, Tensor]) -> Tensor:
        taken = [values[name] for name in one.inputs]
        if one.name == INPUT:
            return self.normalised(taken[0])
        if one.name == PROBABILITIES:
            return torch.softmax(taken[0] / self.temperature, dim=1)
        if one.name == LESSONS:
            return taken[0] + _nearness(one, values) @ _taught(one).get_buffer("effects")
        if one.module is None:
            return taken[0] + taken[1]
        value: Tensor = one.module(taken[0])
        return value


def _nearness(one: Wired, values: Mapping[str, Tensor]) -> Tensor:
    """How near glyphs are to each of the points of the lessons: (n, points), in [0, 1].

    Args:
        one: the layer of the lessons.
        values: of the layers before it.
    """
    taught = _taught(one)
    names = {name: name for name in described_layers(taught.network)}
    names[EMBEDDING] = one.inputs[1]
    rows = flat_rows({name: values[source] for name, source in names.items()})
    return taught.nearness(taught.describer(rows))


def _taught(one: Wired) -> Taught:
    return cast("Taught", one.module)
