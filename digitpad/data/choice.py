"""Which drawings to learn from. Free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.data.catalog import CATALOG
from digitpad.errors import DigitpadError
from digitpad.fields import FieldInfo, check
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.data.catalog import DataKind

DATA_FIELDS: Mapping[str, FieldInfo] = {
    "data.kind": FieldInfo(
        Marked("Data"),
        Marked("The drawings that the network learns from. They also give it its classes."),
        choices={kind: entry.title for kind, entry in CATALOG.items()},
    ),
    "data.count": FieldInfo(
        Marked("Number of drawings"),
        Marked("Fewer drawings train faster and teach less. They are chosen at random."),
        limits=(20, 10_000_000),
        whole=True,
    ),
}
"""The settings of the data, for the table of all settings."""


@dataclass(frozen=True, slots=True)
class DataChoice:
    """Which drawings to learn from.

    Attributes:
        kind: a name of the catalog, which says what it is.
        path: the folder or file of a kind that has a place, such as "pictures", which needs one, or
            "mnist", which does not. None otherwise.
        count: at most so many drawings, drawn at random; None takes all. For "synthetic", how
            many are made.

    Raises:
        DigitpadError: a value is of the wrong kind, out of range, or a path is missing.
    """

    kind: DataKind = "mnist"
    path: str | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        check(DATA_FIELDS["data.kind"], self.kind)
        if self.path is not None and (not isinstance(self.path, str) or not self.path.strip()):
            raise DigitpadError("The path of the data must be the name of a folder or file.")
        place = CATALOG[self.kind].place
        if place is not None and self.path is None and (template := place.missing):
            raise DigitpadError(template)
        if self.count is not None:
            check(DATA_FIELDS["data.count"], self.count)
