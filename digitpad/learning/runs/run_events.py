"""What a session tells beside the events of its training. Free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.learning.runs.run import Run
    from digitpad.recognition.model_info import ModelInfo


@dataclass(frozen=True, slots=True)
class Created:
    """The run is there, new or taken up again; the first event.

    Attributes:
        run: as it stands now.
    """

    run: Run


@dataclass(frozen=True, slots=True)
class Warned:
    """Something could not be kept, and the training goes on.

    Attributes:
        sentence: for the user.
    """

    sentence: str


@dataclass(frozen=True, slots=True)
class Suspended:
    """The run waits to be resumed; the last event where somebody asked for it.

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
