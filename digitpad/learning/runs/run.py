"""One training as the store of runs knows it. Free of torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from digitpad.errors import DigitpadError
from digitpad.learning.config import TrainingConfig

Status = Literal["running", "suspended", "interrupted", "completed", "stopped", "failed"]
"""How a run stands: some process trains it; it waits to be resumed because somebody said so, or
because its process died; it came to its end, early or not; somebody stopped it; it could not go on.
"""


@dataclass(frozen=True, slots=True)
class DataMark:
    """What a run learns from, to tell whether it is still the same.

    Attributes:
        title: what the set is called.
        classes: their names, in the order of the outputs.
        count: number of drawings.
        digest: of all glyphs and labels.
    """

    title: str
    classes: tuple[str, ...]
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Run:
    """One training, as it stood when it was asked for.

    Attributes:
        id: unique for ever; sorts by time.
        name: unique in the store, for people.
        created: when it was begun, with a time zone.
        status: how it stands.
        notice: a sentence where it did not go as planned, else None.
        config: what it was to do.
        data: what it learns from; None until that was loaded.
        steps: of the whole training; 0 until its data was loaded.
        steps_done: of these.
        best_accuracy: on the validation data, in [0, 1]; None before the first epoch has ended.
        best_epoch: which epoch that was; None as above.
        has_model: whether there is a finished network.
        is_resumable: whether it can go on, from its checkpoint or from the beginning.
    """

    id: str
    name: str
    created: datetime
    status: Status
    notice: str | None
    config: TrainingConfig
    data: DataMark | None
    steps: int
    steps_done: int
    best_accuracy: float | None
    best_epoch: int | None
    has_model: bool
    is_resumable: bool

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty until the data was loaded."""
        return () if self.data is None else self.data.classes

    def describe(self) -> str:
        """All that does not change while it is trained, as the JSON that `Description` reads."""
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


@dataclass(frozen=True, slots=True)
class Description:
    """What `Run.describe` keeps of a run; see there and `Run` for the attributes."""

    id: str
    name: str
    created: datetime
    steps: int
    data: DataMark | None
    config: TrainingConfig

    @classmethod
    def from_json(cls, text: str) -> Description:
        """Read a description.

        Raises:
            DigitpadError: this is none.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            data = values["data"]
            return cls(
                str(values["id"]),
                str(values["name"]),
                datetime.fromisoformat(values["created"]),
                int(values["steps"]),
                None if data is None else mark_from(data),
                TrainingConfig.from_json(json.dumps(values["config"])),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            raise DigitpadError("This is no description of a run.") from None


def mark_from(values: dict[str, Any]) -> DataMark:
    """A mark from the object that JSON made of it.

    Raises:
        KeyError, TypeError, ValueError: the object is another one.
    """
    return DataMark(
        str(values["title"]),
        tuple(map(str, values["classes"])),
        int(values["count"]),
        str(values["digest"]),
    )
