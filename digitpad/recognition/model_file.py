"""Models as files: safetensors with one JSON string of metadata, never a pickle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.adapted.description import statistics_of
from digitpad.recognition.layers import normalise
from digitpad.recognition.model_info import (
    METADATA_KEY,
    ModelInfo,
    read_model_bytes,
    read_model_info,
)
from digitpad.recognition.networks import build_network, single_network
from digitpad.storage.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import nn

    from digitpad.recognition.adapted.description import Statistics

_STATISTICS = "statistics."
"""How the names begin that `Statistics` have in a file."""

_SEGMENTS = (
    "012456",
    "25",
    "02346",
    "02356",
    "1235",
    "01356",
    "013456",
    "025",
    "0123456",
    "012356",
)
"""The lit segments of each digit, from top to bottom and from left to right."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network and all that is needed to use it.

    Attributes:
        info: its description.
        network: float32, in evaluation mode.
        statistics: of its training data, so that it can be taught; None where it has none.
    """

    info: ModelInfo
    network: nn.Module
    statistics: Statistics | None = None


def save_model(model: Model, path: Path, *, half: bool = False) -> None:
    """Write a model file atomically.

    Args:
        model: what to write.
        path: of the file.
        half: write the weights of convolutions and fully connected layers, which are nearly all of
            it, as float16. The file is half as large; the loaded model is float32 all the same,
            and its predictions differ by what was rounded: evaluate that one, not the one given
            here.

    Raises:
        DigitpadError: the file cannot be written, or a weight is not finite, or too large for
            float16.
    """
    write_atomically(path, model_bytes(model, half=half))


def model_bytes(model: Model, *, half: bool = False) -> bytes:
    """The content of a model file; see `save_model`."""
    tensors = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in model.network.state_dict().items()
    }
    statistics = {} if model.statistics is None else model.statistics.tensors()
    if odd := _not_finite({**tensors, **statistics}):
        raise DigitpadError("The model has weights that are not numbers ({weight}).", weight=odd)
    if half:
        # Biases and statistics are few, and some of them are too small for float16.
        tensors = {
            name: tensor.half() if tensor.ndim > 1 and tensor.is_floating_point() else tensor
            for name, tensor in tensors.items()
        }
        if odd := _not_finite(tensors):
            raise DigitpadError(
                "The model has weights that are too large for float16 ({weight}).", weight=odd
            )
    # They are rounded to float16 where they are made.
    tensors |= {_STATISTICS + name: tensor.half() for name, tensor in statistics.items()}
    return save(tensors, metadata={METADATA_KEY: model.info.to_json()})


def load_model(path: Path) -> Model:
    """Read a model file strictly: every weight there, of the right shape, finite; nothing else.

    Weights are float32, or float16 where the file is to be small; the model's are float32.

    Raises:
        DigitpadError: the file cannot be read, is truncated, foreign, of another schema, or does
            not fit the network that it names.
    """
    info = read_model_info(path)
    try:
        tensors = load(read_model_bytes(path))
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise DigitpadError("The model file {path} is damaged or incomplete.", path=path) from None
    if odd := _not_finite(tensors):
        raise DigitpadError(
            "{path} has weights that are not numbers ({weight}).", path=path, weight=odd
        )
    statistics = {
        name.removeprefix(_STATISTICS): tensors.pop(name)
        for name in list(tensors)
        if name.startswith(_STATISTICS)
    }
    # On the meta device a description that asks for a huge network costs no memory.
    with torch.device("meta"):
        network = build_network(info.architecture, len(info.classes), info.options)
    expected = network.state_dict()
    if expected.keys() != tensors.keys() or any(
        expected[name].shape != tensor.shape or not _may_be_stored(expected[name], tensor)
        for name, tensor in tensors.items()
    ):
        raise DigitpadError(
            "{path} is not a usable model: its weights do not fit the network {architecture}"
            " that it names.",
            path=path,
            architecture=info.architecture,
        )
    tensors = {name: tensor.to(expected[name].dtype) for name, tensor in tensors.items()}
    network.load_state_dict(tensors, assign=True)
    network.requires_grad_(requires_grad=False).eval()
    with torch.inference_mode():
        levels = torch.from_numpy(_trial_glyphs()).unsqueeze(1)
        logits = network(normalise(levels, info.normalisation)) / info.calibration.temperature
    if logits.shape != (len(levels), len(info.classes)) or not torch.isfinite(logits).all():
        raise DigitpadError("{path} is not a usable model: its outputs are not numbers.", path=path)
    return Model(info, network, _statistics(statistics, network, info, path))


def _statistics(
    tensors: dict[str, torch.Tensor], network: nn.Module, info: ModelInfo, path: Path
) -> Statistics | None:
    """The statistics of a file, if it has any."""
    if not tensors:
        return None
    single = single_network(network)
    found = None
    if single is not None:
        found = statistics_of(tensors, single, len(info.classes))
    if found is None:
        raise DigitpadError(
            "{path} is not a usable model: the statistics of its training data do not fit it.",
            path=path,
        )
    return found


def _trial_glyphs() -> NDArray[np.uint8]:
    """Glyphs of many kinds, uint8 (n, 28, 28): no ink, nothing but ink, noise, and ten digits.

    The digits are those of a display with seven segments: enough to find what overflows.
    """
    glyphs = np.zeros((3 + len(_SEGMENTS), FIELD, FIELD), dtype=np.uint8)
    glyphs[1] = 255
    glyphs[2] = np.random.default_rng(0).integers(0, 256, (FIELD, FIELD), dtype=np.uint8)
    top, middle, bottom, left, right = 4, 13, 22, 8, 18
    places = (
        (slice(top, top + 3), slice(left, right + 3)),
        (slice(top, middle + 3), slice(left, left + 3)),
        (slice(top, middle + 3), slice(right, right + 3)),
        (slice(middle, middle + 3), slice(left, right + 3)),
        (slice(middle, bottom + 3), slice(left, left + 3)),
        (slice(middle, bottom + 3), slice(right, right + 3)),
        (slice(bottom, bottom + 3), slice(left, right + 3)),
    )
    for glyph, lit in zip(glyphs[3:], _SEGMENTS, strict=True):
        for segment in lit:
            glyph[places[int(segment)]] = 255
    return glyphs


def _may_be_stored(expected: torch.Tensor, stored: torch.Tensor) -> bool:
    """Whether a tensor of a file has the type of the network's own, or half of it."""
    return stored.dtype == expected.dtype or (
        expected.dtype == torch.float32 and stored.dtype == torch.float16
    )


def _not_finite(tensors: dict[str, torch.Tensor]) -> str | None:
    """The name of a tensor with values that are not numbers, if there is one."""
    for name, tensor in tensors.items():
        # Of eight bits a model has none: they do not fit it, whatever they are.
        is_known = tensor.is_floating_point() and tensor.dtype.itemsize > 1
        if is_known and not torch.isfinite(tensor).all():
            return name
    return None
