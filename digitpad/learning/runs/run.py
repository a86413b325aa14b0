"""A training run as the store knows it, and the events of a run beside those of its training.

Without torch.
"""

from __future__ import annotations

import json
import re
import reprlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from digitpad.data.catalog import CATALOG
from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.recognition.model_info import MAX_CLASSES, checked_class
from digitpad.recognition.uncertainty import wilson_interval

if TYPE_CHECKING:
    from typing import TypeGuard

    from digitpad.data.choice import DataChoice
    from digitpad.learning.events import History
    from digitpad.learning.retraining.comparison import Comparison
    from digitpad.recognition.model_info import ModelInfo

Status = Literal["running", "suspended", "interrupted", "completed", "stopped", "failed"]
"""The state of a run: being trained by a process, suspended, left by a process that died, completed
(perhaps early), stopped by the user, or failed."""

_MAX_NAME = 100
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}", re.ASCII)
_YEARS = range(2000, 2200)
_MOST_STEPS = 2**53


@dataclass(frozen=True, slots=True)
class DataMark:
    """Identifies the data of a run.

    Attributes:
        title: the name of the dataset for people.
        classes: names of the classes, in the order of the outputs.
        count: number of samples.
        digest: SHA-256 of the classes, all glyphs, labels and the validation split.
        validated: number of validation samples; 0 if it is not known, in a run of Digitpad 0.1.
    """

    title: str
    classes: tuple[str, ...]
    count: int
    digest: str
    validated: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A training run, as it was when it was read from the store.

    Attributes:
        id: unique, and sorts by time.
        name: for people; unique in the store.
        created: when it was begun, with a time zone.
        status: its state.
        config: its configuration.
        notice: a sentence if it did not go as planned; else None.
        data: identifies its data; None before that was loaded.
        steps: of the whole training; 0 before its data was loaded.
        steps_done: how many of these are done.
        best_accuracy: validation accuracy of the best epoch, in [0, 1]; None before the first has
            ended.
        best_epoch: the best epoch; None before the first has ended.
        has_model: whether it has a model file.
        is_resumable: whether it can be resumed, from a checkpoint or from the beginning.
    """

    id: str
    name: str
    created: datetime
    status: Status
    config: TrainingConfig
    notice: str | None = None
    data: DataMark | None = None
    steps: int = 0
    steps_done: int = 0
    best_accuracy: float | None = None
    best_epoch: int | None = None
    has_model: bool = False
    is_resumable: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty before the data was loaded."""
        return () if self.data is None else self.data.classes

    @property
    def accuracy_range(self) -> tuple[float, float] | None:
        """The range in which the true accuracy probably lies; see `wilson_interval`.

        None if there is no accuracy yet, or the number of validation samples is not known.
        """
        count = 0 if self.data is None else self.data.validated
        if self.best_accuracy is None or not count:
            return None
        return wilson_interval(round(self.best_accuracy * count), count)

    def describe(self) -> str:
        """A description as JSON, which `from_description` reads, without what training changes.

        It is kept in the run's folder, so that the list of runs can be restored.
        """
        return json.dumps(
            {
                "id": self.id,
                "name": self.name,
                "created": self.created.isoformat(),
                "steps": self.steps,
                "data": None if self.data is None else asdict(self.data),
                "config": json.loads(self.config.to_json()),
            },
            indent=2,
        )

    @classmethod
    def from_description(cls, text: str) -> Run:
        """Make a suspended run from what `describe` has written.

        Raises:
            DigitpadError: this is no description.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            data = values["data"]
            return cls(
                id=checked_id(values["id"]),
                name=checked_name(values["name"]),
                created=time_from(values["created"]),
                status="suspended",
                config=TrainingConfig.from_json(json.dumps(values["config"])),
                data=None if data is None else mark_from(data),
                steps=checked_count(values["steps"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise DigitpadError("This is not a description of a run.") from None


@dataclass(frozen=True, slots=True)
class Begun:
    """The first event: the run has begun or is being resumed. It has the history so far."""

    run: Run
    history: History


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence for the user; the training continues.

    Something could not be saved or read, or another configuration would be better.
    """

    problem: DigitpadError


@dataclass(frozen=True, slots=True)
class Suspended:
    """The last event if the run was suspended: it can be resumed."""

    run: Run


@dataclass(frozen=True, slots=True)
class ModelReady:
    """The last event if the run has ended: its model file has been written, read and compared.

    With the user's samples it says what has changed for them and for everybody.
    """

    run: Run
    path: Path
    info: ModelInfo
    comparison: Comparison | None = None


def mark_from(values: dict[str, Any]) -> DataMark:
    """Make a mark from its JSON object.

    Raises:
        ValueError, TypeError, KeyError: the object is no mark.
    """
    title, classes, digest = values["title"], values["classes"], values["digest"]
    if not (isinstance(title, str) and isinstance(classes, list) and isinstance(digest, str)):
        raise TypeError("no mark")
    if len(classes) > MAX_CLASSES:
        raise ValueError("too many classes")
    names = tuple(checked_class(name) for name in classes)
    count, validated = (checked_count(values.get(name, 0)) for name in ("count", "validated"))
    return DataMark(title, names, count, digest, validated)


def is_run_id(value: object) -> TypeGuard[str]:
    """Whether this has the form of a run's id, so that it can safely be the name of a folder.

    The form is that of `RunStore.begin`: the time and six hexadecimal digits.
    """
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def checked_id(value: object) -> str:
    """Check an id from a file; raises a ValueError if it is none."""
    if not is_run_id(value):
        raise ValueError("no id of a run")
    return value


def checked_status(value: object) -> Status:
    """Check a status from a file; raises a ValueError if it is none."""
    for status in get_args(Status):
        if status == value:
            return status  # type: ignore[no-any-return]
    raise ValueError("no status of a run")


def checked_count(value: object) -> int:
    """Check a count of steps or samples from a file; raises a ValueError if it is none."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_STEPS:
        raise ValueError("no count")
    return value


def time_from(value: object) -> datetime:
    """Parse a time from a file; raises a ValueError or TypeError if it is none or absurd."""
    if not isinstance(value, str):
        raise TypeError("no time")
    # Times without a zone could not be compared with others.
    time = datetime.fromisoformat(value)
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time
    if time.year not in _YEARS:
        raise ValueError("no time of a run")
    return time


def free_name(config: TrainingConfig, taken: set[str]) -> str:
    """A name that is not taken, made of data, architecture and a number: "MNIST, quicknet 3"."""
    stem = f"{_data_title(config.data)}, {config.architecture}"
    number = 1
    while (name := f"{stem} {number}") in taken:
        number += 1
    return name


def _data_title(choice: DataChoice | None) -> str:
    if choice is None:
        return "Own data"
    if CATALOG[choice.kind].needs_place and choice.path is not None:
        # So short that there is room for the rest of the name.
        title = Path(choice.path).name.split(".")[0][: _MAX_NAME // 2]
        if title.isprintable() and title.strip():
            return title.strip()
    return CATALOG[choice.kind].title


def checked_name(name: object) -> str:
    """The name without surrounding spaces.

    Raises:
        DigitpadError: a run cannot have this name.
    """
    chosen = name.strip() if isinstance(name, str) else ""
    if not chosen or len(chosen) > _MAX_NAME or not chosen.isprintable():
        raise DigitpadError(
            "A run cannot be called {name}: give it a name of up to {length} letters, digits and"
            " signs in one line.",
            name=reprlib.repr(name),
            length=_MAX_NAME,
        )
    return chosen


def taken_name(name: str) -> DigitpadError:
    """The error if another run has this name."""
    return DigitpadError("There is a run called {name!r} already: choose another name.", name=name)


class MissingRunError(DigitpadError):
    """There is no such run."""


def missing_run(id_or_name: str) -> MissingRunError:
    """The error if there is no such run."""
    return MissingRunError(
        "There is no run called {run!r}: it may have been deleted; digitpad train --list names all"
        " runs.",
        run=id_or_name,
    )
