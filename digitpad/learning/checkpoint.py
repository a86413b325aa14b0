"""Checkpoints: all that a training needs to be resumed as if it had never been interrupted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.torch import load, save

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor

_KEY = "digitpad-checkpoint"
_VERSION = 2
_FORMER_NAMES = {
    "right": "correct",
    "best_score": "best_metric",
    "waited": "epochs_without_improvement",
}
"""Names of values in version 1, and their names today."""


_MOST = 2**53


class BadCheckpointError(DigitpadError):
    """A checkpoint that no training can be resumed from."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a training.

    Attributes:
        epoch: the present epoch, from 1.
        batch: steps done in this epoch.
        step: steps done in all.
        loss_sum: sum of the losses of this epoch's glyphs that have a class, in nats.
        correct: glyphs of this epoch whose predicted class is right.
        counted: glyphs of this epoch that have a class.
        seconds: time that the steps of this epoch took.
        best_epoch: the best epoch so far; 0 before the first has ended.
        best_metric: the monitored metric of the best epoch.
        epochs_without_improvement: epochs since the best one.
        first_loss: loss of the first step, in nats; 0 before it, and after a checkpoint of Digitpad
            0.1, which lacks it.
    """

    epoch: int = 1
    batch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    counted: int = 0
    seconds: float = 0.0
    best_epoch: int = 0
    best_metric: float = 0.0
    epochs_without_improvement: int = 0
    first_loss: float = 0.0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Progress:
        """Make the progress from the values in a file.

        Raises:
            TypeError: a value is missing or unknown.
            ValueError: a value has a wrong type, is negative, or is no finite number.
        """
        progress = cls(**values)
        for entry in fields(cls):
            value = getattr(progress, entry.name)
            kinds = (int,) if type(entry.default) is int else (int, float)
            # NaN is in no range; a comparison also takes integers too large for a float.
            if type(value) not in kinds or not -_MOST <= value <= _MOST:
                raise ValueError(f"{entry.name} is out of range")
            if value < 0 and entry.name not in {"loss_sum", "best_metric"}:
                raise ValueError(f"{entry.name} is negative")
        return progress

    def fits(self, epochs: int, batches: int, batch_size: int) -> bool:
        """Whether a training of this size can have this progress; `batches` is steps per epoch."""
        return (
            1 <= self.epoch <= epochs + 1
            and self.batch <= (batches if self.epoch <= epochs else 0)
            and self.step == (self.epoch - 1) * batches + self.batch
            and self.correct <= self.counted <= self.batch * batch_size
            and self.best_epoch < self.epoch
            and self.epochs_without_improvement < self.epoch
        )


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A training between two steps.

    Attributes:
        progress: of the training.
        tensors: copies on the CPU, by name: the weights ("network." and the name of the weight),
            their EMA ("average."), those of the best epoch ("best."), the state of the optimizer
            ("optimizer."), the order of the epoch ("order"), and random states ("random.").
    """

    progress: Progress
    tensors: Mapping[str, Tensor]

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors whose names begin with `name` and a dot, by the rest of their names."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): tensor
            for key, tensor in self.tensors.items()
            if key.startswith(prefix)
        }

    def check_progress(self, epochs: int, batches: int, batch_size: int, size: int) -> None:
        """Check that the progress is that of a training of this size.

        Args:
            epochs: of the training.
            batches: steps in each epoch.
            batch_size: glyphs in each step.
            size: glyphs in each epoch.

        Raises:
            BadCheckpointError: it is not.
        """
        order = self.tensors.get("order")
        if self.progress.batch and order is not None and order.numel() != size:
            raise BadCheckpointError(
                "The checkpoint belongs to a training with other data: it had {count} drawings per"
                " epoch, and now there are {epoch_size}.",
                count=order.numel(),
                epoch_size=size,
            )
        if not self.progress.fits(epochs, batches, batch_size):
            raise BadCheckpointError(
                "The checkpoint does not fit its training: it says that step {step} is in epoch"
                " {epoch}.",
                step=self.progress.step,
                epoch=self.progress.epoch,
            )

    def check_values(self, pool: int) -> None:
        """Check that the order fits so many glyphs, and that the best weights are finite.

        Raises:
            BadCheckpointError: one of them does not.
        """
        order = self.tensors["order"]
        is_order = not len(order) or 0 <= int(order.min()) <= int(order.max()) < pool
        best = self.part("best").values()
        if not is_order or not all(bool(tensor.isfinite().all()) for tensor in best):
            raise BadCheckpointError("The checkpoint has values that are none.")

    def check_tensors(self, expected: Mapping[str, tuple[torch.Size, torch.dtype]]) -> None:
        """Check that the tensors are just those expected, with the same shapes and dtypes.

        Compiled code that computes with them does not check: a wrong shape could end the process.

        Args:
            expected: shape and dtype of each tensor, by name.

        Raises:
            BadCheckpointError: they are not.
        """
        found = {name: (tensor.shape, tensor.dtype) for name, tensor in self.tensors.items()}
        for name in sorted(found.keys() | expected.keys()):
            if found.get(name) != expected.get(name):
                raise BadCheckpointError(
                    "The checkpoint does not fit its training: {tensor} is missing, or is not what"
                    " the network and the optimizer need.",
                    tensor=name,
                )

    def to_bytes(self) -> bytes:
        """The content of a safetensors file, which `from_bytes` reads again."""
        description = json.dumps({"version": _VERSION, **asdict(self.progress)}, allow_nan=False)
        return save(dict(self.tensors), metadata={_KEY: description})

    @classmethod
    def from_bytes(cls, data: bytes, source: str) -> Checkpoint:
        """Read what `to_bytes` of this or an older version has written.

        Args:
            data: the content of the file.
            source: names the file in errors.

        Raises:
            BadCheckpointError: this is no checkpoint, or it is damaged.
            DigitpadError: it was written by a newer version.
        """
        try:
            # A file of safetensors has the length of its header, the header as JSON, and tensors.
            end = 8 + int.from_bytes(data[:8], "little")
            description = json.loads(json.loads(data[8:end])["__metadata__"][_KEY])
            version = description.pop("version")
            if type(version) is not int or version < 1:
                raise ValueError("no version")
            if version > _VERSION:
                raise DigitpadError(
                    "The checkpoint {source} was written by a newer Digitpad: install that one to"
                    " resume its training.",
                    source=source,
                )
            values = {_FORMER_NAMES.get(name, name): value for name, value in description.items()}
            return cls(Progress.of(values), load(data))
        except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadCheckpointError(
                "The checkpoint {source} is damaged, so its training cannot be resumed.",
                source=source,
            ) from None
