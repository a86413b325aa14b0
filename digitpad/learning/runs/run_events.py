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
    """The run is there, new or resumed; the first event.

    Attributes:
        run: as it stands now.
        history: what has happened in it before; not used by the run itself.
    """

    run: Run
    history: History


@dataclass(frozen=True, slots=True)
class Warned:
    """Something could not be kept, and the training goes on.

    Attributes:
        problem: for the user.
    """

    problem: DigitpadError


@dataclass(frozen=True, slots=True)
class Suspended:
    """The run can be resumed; the last event where somebody asked for it.

    Attributes:
        run: as it stands now.
    """

    run: Run


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The run is over and its model lies on the disk, read again and checked; the last event.

    Attributes:
        run: as it stands now.
        path: the model file.
        info: its description.
    """

    run: Run
    path: Path
    info: ModelInfo
