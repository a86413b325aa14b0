"""Models as files: safetensors with one JSON string of metadata, never a pickle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.model_info import METADATA_KEY, ModelInfo, read_model_info
from digitpad.recognition.networks import build_network
from digitpad.storage.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

_MAX_BYTES = 512 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network and all that is needed to use it.

    Attributes:
        info: its description.
        network: float32, in evaluation mode.
    """

    info: ModelInfo
    network: nn.Module


def save_model(model: Model, path: Path, *, half: bool = False) -> None:
    """Write a model file atomically.

    Args:
        model: what to write.
        path: of the file.
        half: write the weights of convolutions and fully connected layers, which are nearly all of
            it, as float16. The file is half as large; the loaded model is float32 all the same,
            and its answers differ by what was rounded: measure that one, not the one given here.

    Raises:
        DigitpadError: the file cannot be written, or a weight is not finite, or too large for
            float16.
    """
    tensors = {
        name: tensor.detach().cpu().contiguous()
        for name, tensor in model.network.state_dict().items()
    }
    _check_finite(tensors, "The model")
    if half:
        # Biases and statistics are few, and some of them are too small for float16.
        tensors = {
            name: tensor.half() if tensor.ndim > 1 and tensor.is_floating_point() else tensor
            for name, tensor in tensors.items()
        }
        _check_finite(tensors, "As float16 the model")
    write_atomically(path, save(tensors, metadata={METADATA_KEY: model.info.to_json()}))


def load_model(path: Path) -> Model:
    """Read a model file strictly: every weight there, of the right shape, finite; nothing else.

    Weights are float32, or float16 where the file is to be small; the model's are float32.

    Raises:
        DigitpadError: the file cannot be read, is truncated, foreign, of another schema, or does
            not fit the network that it names.
    """
    info = read_model_info(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DigitpadError("{path} is too large to be a Digitpad model.", path=path)
        tensors = load(path.read_bytes())
    except OSError as error:
        raise DigitpadError(
            "The model file {path} cannot be read: {reason}.",
            path=path,
            reason=error.strerror or error,
        ) from error
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise DigitpadError("The model file {path} is damaged or incomplete.", path=path) from None
    _check_finite(tensors, str(path))
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
        logits = network(torch.zeros(1, 1, FIELD, FIELD))
    if not torch.isfinite(logits).all():
        raise DigitpadError("{path} is not a usable model: its answers are not numbers.", path=path)
    return Model(info, network)


def _may_be_stored(expected: torch.Tensor, stored: torch.Tensor) -> bool:
    """Whether a tensor of a file has the type of the network's own, or half of it."""
    return stored.dtype == expected.dtype or (
        expected.dtype == torch.float32 and stored.dtype == torch.float16
    )


def _check_finite(tensors: dict[str, torch.Tensor], source: str) -> None:
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise DigitpadError(
                "{source} has weights that are not numbers ({name}).", source=source, name=name
            )
