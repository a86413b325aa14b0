"""What happens in a training run beside the events of its training. Free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.errors import DigitpadError
    from digitpad.learning.history import History
    from digitpad.learning.runs.run import Run
    from digitpad.recognition.model_info import ModelInfo


@dataclass(frozen=True, slots=True)
class Begun:
    """The run is there, new or resumed, with what has happened in it before; the first event."""

    run: Run
    history: History


@dataclass(frozen=True, slots=True)
class Warned:
    """Something could not be kept, and the training goes on."""

    problem: DigitpadError


@dataclass(frozen=True, slots=True)
class Suspended:
    """The run can be resumed; the last event where somebody asked for it."""

    run: Run


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The run is over and its model lies on the disk, read again and compared; the last event."""

    run: Run
    path: Path
    info: ModelInfo
