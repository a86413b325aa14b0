"""Everything that a training needs to resume as if it had never been interrupted."""

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
"""What values were called in version 1."""


_MOST = 2**53


class BadCheckpointError(DigitpadError):
    """A checkpoint that no training can be resumed from."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training has come.

    Attributes:
        epoch: that is going on, from 1.
        batch: steps done in it.
        step: steps done in all.
        loss_sum: over the glyphs of this epoch that have a class, in nats.
        correct: glyphs of this epoch that got their own class.
        counted: glyphs of this epoch that have a class.
        seconds: that this epoch's steps took.
        best_epoch: the best so far; 0 before the first has ended.
        best_metric: its monitored metric; a lower loss and a higher accuracy are better.
        epochs_without_improvement: epochs since then.
        first_loss: of the first step, in nats; 0 before it, and where a checkpoint of Digitpad 0.1
            lacks it.
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
        """From the values of a file.

        Raises:
            TypeError: there are others, or too few.
            ValueError: one is of the wrong kind, negative, or no finite number.
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
        """Whether a training of so many epochs, of so many steps each, can have come so far."""
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
        progress: how far it has come.
        tensors: weights ("network."), their average ("average."), the best epoch's ("best."), the
            optimizer's state ("optimizer."), the epoch's order ("order") and random states
            ("random."); copies, on the CPU.
    """

    progress: Progress
    tensors: Mapping[str, Tensor]

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors whose names begin with this one and a dot, under the rest of their names."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): tensor
            for key, tensor in self.tensors.items()
            if key.startswith(prefix)
        }

    def check_progress(self, epochs: int, batches: int, batch_size: int, size: int) -> None:
        """Refuse to continue a training of so many epochs of so many glyphs, where that cannot be.

        Raises:
            BadCheckpointError: the progress is not one of such a training.
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
        """Refuse an order that is none of so many glyphs, and weights that are no numbers."""
        order = self.tensors["order"]
        is_order = not len(order) or 0 <= int(order.min()) <= int(order.max()) < pool
        best = self.part("best").values()
        if not is_order or not all(bool(tensor.isfinite().all()) for tensor in best):
            raise BadCheckpointError("The checkpoint has values that are none.")

    def check_tensors(self, expected: Mapping[str, tuple[torch.Size, torch.dtype]]) -> None:
        """Refuse what is not there, has another shape or type, or is more than expected.

        Code that computes with these tensors trusts them: a shape that is wrong ends the process.

        Args:
            expected: shape and type of each tensor, by its name.

        Raises:
            BadCheckpointError: they do not fit.
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
        """As a safetensors file that `from_bytes` reads again."""
        description = json.dumps({"version": _VERSION, **asdict(self.progress)}, allow_nan=False)
        return save(dict(self.tensors), metadata={_KEY: description})

    @classmethod
    def from_bytes(cls, data: bytes, source: str) -> Checkpoint:
        """Read what `to_bytes` wrote, of this Digitpad or an older one.

        Args:
            data: the content of the file.
            source: names the file in errors.

        Raises:
            BadCheckpointError: this is no checkpoint, or a damaged one.
            DigitpadError: it is one of a newer version.
        """
        try:
            # The form of safetensors: the header's length, a JSON header, the tensors.
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
