"""One training as the store of runs knows it, and what happens in it beside its own events.

Free of torch.
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
    from digitpad.recognition.model_info import ModelInfo

Status = Literal["running", "suspended", "interrupted", "completed", "stopped", "failed"]
"""How a run stands: some process trains it; it can be resumed because somebody suspended it, or
because its process died; it came to its end, early or not; somebody stopped it; it failed."""

_MAX_NAME = 100
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}", re.ASCII)
_YEARS = range(2000, 2200)
_MOST_STEPS = 2**53


@dataclass(frozen=True, slots=True)
class DataMark:
    """What a run learns from, to tell whether it is still the same.

    Attributes:
        title: what the dataset is called.
        classes: their names, in the order of the outputs.
        count: number of drawings.
        digest: of all glyphs and labels.
        validated: how many of the drawings are for validation; 0 where a run of Digitpad 0.1 does
            not say.
    """

    title: str
    classes: tuple[str, ...]
    count: int
    digest: str
    validated: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One training, as it stood when it was asked for.

    Attributes:
        id: unique for ever; sorts by time.
        name: unique in the store, for people.
        created: when it was begun, with a time zone.
        status: how it stands.
        config: what it is to do.
        notice: a sentence where it did not go as planned, else None.
        data: what it learns from; None until that was loaded.
        steps: of the whole training; 0 until its data was loaded.
        steps_done: of these.
        best_accuracy: on the validation data, in [0, 1]; None before the first epoch has ended.
        best_epoch: which epoch that was; None as above.
        has_model: whether there is a finished network.
        is_resumable: whether it can be resumed, from its checkpoint or from the beginning.
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
        """Names of the classes; empty until the data was loaded."""
        return () if self.data is None else self.data.classes

    @property
    def accuracy_range(self) -> tuple[float, float] | None:
        """Where the accuracy on the validation data may lie, see `wilson_interval`.

        None where there is none, or nobody knows on how many drawings it was found.
        """
        count = 0 if self.data is None else self.data.validated
        if self.best_accuracy is None or not count:
            return None
        return wilson_interval(round(self.best_accuracy * count), count)

    def describe(self) -> str:
        """All that does not change while it is trained, as the JSON that `from_description` reads.

        It lies in the run's folder, so that the list of runs can be made again.
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
        """A suspended run from what `describe` wrote.

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
    """The run is there, new or resumed, with what has happened in it before; the first event."""

    run: Run
    history: History


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence for the user, and the training goes on.

    Something could not be kept, or not be read of the data, or there is a better way to begin.
    """

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


def mark_from(values: dict[str, Any]) -> DataMark:
    """A mark from the object that JSON made of it.

    Raises:
        ValueError, TypeError, KeyError: it is none.
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
    """Whether this can be the id of a run, and thus the name of a folder, and no path to another.

    Ids are as `RunStore.begin` makes them: the time and six hexadecimal digits.
    """
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def checked_id(value: object) -> str:
    """An id from a file; a ValueError where it is none."""
    if not is_run_id(value):
        raise ValueError("no id of a run")
    return value


def checked_status(value: object) -> Status:
    """A status from a file; a ValueError where it is none."""
    for status in get_args(Status):
        if status == value:
            return status  # type: ignore[no-any-return]
    raise ValueError("no status of a run")


def checked_count(value: object) -> int:
    """A count of steps or drawings from a file; a ValueError where it is none."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_STEPS:
        raise ValueError("no count")
    return value


def time_from(value: object) -> datetime:
    """A time from a file; a ValueError or TypeError where it is none, or in no year of these."""
    if not isinstance(value, str):
        raise TypeError("no time")
    # Without a zone it could not be compared with others.
    time = datetime.fromisoformat(value)
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time
    if time.year not in _YEARS:
        raise ValueError("no time of a run")
    return time


def free_name(config: TrainingConfig, taken: set[str]) -> str:
    """A name that says what is trained and is not taken: "MNIST, quicknet 3"."""
    stem = f"{_data_title(config.data)}, {config.architecture}"
    number = 1
    while (name := f"{stem} {number}") in taken:
        number += 1
    return name


def _data_title(choice: DataChoice | None) -> str:
    if choice is None:
        return "Own data"
    if CATALOG[choice.kind].needs_place and choice.path is not None:
        # As long as a name may be, with room for the rest.
        title = Path(choice.path).name.split(".")[0][: _MAX_NAME // 2]
        if title.isprintable() and title.strip():
            return title.strip()
    return CATALOG[choice.kind].title


def checked_name(name: object) -> str:
    """The name without spaces around it.

    Raises:
        DigitpadError: no run can be called so.
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
    """What to raise where another run has the name."""
    return DigitpadError("There is a run called {name!r} already: choose another name.", name=name)


class MissingRunError(DigitpadError):
    """There is no such run."""


def missing_run(id_or_name: str) -> MissingRunError:
    """What to raise where there is no such run."""
    return MissingRunError(
        "There is no run called {run!r}: it may have been deleted; digitpad train --list names all"
        " runs.",
        run=id_or_name,
    )
