"""The file in which ``digitpad evaluate --wrong`` lists the drawings that were wrong."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from digitpad.storage.atomic import check_writable, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from digitpad.data.batches import Origin
    from digitpad.recognition.numbers import Read

_COLUMNS = ("source", "line", "key_id", "label", "text", "confidence", "rejected")
_JSON = (".ndjson", ".jsonl")


class WrongFile:
    """Gathers drawings that were predicted wrongly, and writes them at the end, or not at all.

    Args:
        path: of the file, whose ending says how it is written.
        data: what is evaluated on, which must not be overwritten.

    Raises:
        DigitpadError: it has another ending, it is the data itself, or it cannot be written.
    """

    def __init__(self, path: Path, data: Path) -> None:
        self._path = path
        self._rows: list[dict[str, Any]] = []
        suffix = path.suffix.lower()
        if suffix not in {".csv", *_JSON}:
            raise DigitpadError(
                "The list of wrong drawings cannot be written to {path}: choose a name that ends"
                " in .csv or .ndjson.",
                path=path,
            )
        self._is_json = suffix in _JSON
        check_writable(path)
        if path.exists() and path.samefile(data):
            raise DigitpadError(
                "{path} has the drawings themselves: choose another name for the list of wrong"
                " ones.",
                path=path,
            )

    def add(
        self,
        origins: Sequence[Origin],
        labels: Sequence[str],
        read: Sequence[Read],
        counts: Callable[[str], bool],
    ) -> None:
        """Take in those of some drawings that are wrong.

        Args:
            origins: where they came from.
            labels: what they show.
            read: what was read of them.
            counts: whether a label is one that can be predicted; any other should be rejected.
        """
        for origin, label, one in zip(origins, labels, read, strict=True):
            wrong = one.text != label if counts(label) else not one.rejected
            if wrong:
                values = (
                    str(origin.file),
                    origin.line,
                    origin.key_id,
                    label,
                    one.text,
                    round(one.confidence, 6),
                    one.rejected,
                )
                self._rows.append(dict(zip(_COLUMNS, values, strict=True)))

    def write(self) -> None:
        """Write them all.

        Raises:
            DigitpadError: the disk or the folder does not take it.
        """
        if self._is_json:
            # ASCII: names with stray bytes come back as they were.
            text = "".join(json.dumps(row, allow_nan=False) + "\n" for row in self._rows)
        else:
            made = io.StringIO()
            table = csv.DictWriter(made, _COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(
                {**row, "rejected": "true" if row["rejected"] else "false"} for row in self._rows
            )
            text = made.getvalue()
        write_atomically(self._path, text.encode("utf-8", "backslashreplace"))
