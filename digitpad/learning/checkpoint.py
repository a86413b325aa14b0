"""Everything that a training needs to resume as if it had never been interrupted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from safetensors import SafetensorError
from safetensors.torch import load, save

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

_KEY = "digitpad-checkpoint"
_VERSION = 2
_FORMER_NAMES = {
    "right": "correct",
    "best_score": "best_metric",
    "waited": "epochs_without_improvement",
}
"""What values were called in version 1."""


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
            DigitpadError: this is no checkpoint, or one of a newer version.
        """
        try:
            # The form of safetensors: the header's length, a JSON header, the tensors.
            end = 8 + int.from_bytes(data[:8], "little")
            description = json.loads(json.loads(data[8:end])["__metadata__"][_KEY])
            if description.pop("version") not in {1, _VERSION}:
                raise ValueError("another version")
            values = {_FORMER_NAMES.get(name, name): value for name, value in description.items()}
            return cls(Progress(**values), load(data))
        except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise DigitpadError(
                "The checkpoint {source} is damaged or of another version, so its training cannot"
                " be resumed.",
                source=source,
            ) from None
