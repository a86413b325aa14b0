"""The choice of the data to learn from. Without torch."""

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
    """The choice of the data to learn from.

    Attributes:
        kind: a name of `CATALOG`.
        path: the folder or file of the user's own data. The kind "pictures", for example, needs
            one, and "mnist" may have one. None if there is none.
        count: largest number of samples, taken at random; None for all. For "synthetic", the number
            of samples to make.

    Raises:
        DigitpadError: a value has a wrong type, is out of range, or a path is missing.
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
