"""The samples on disk: one SQLite file, in which nothing that was confirmed is ever lost."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.samples.rows import COLUMNS, from_row, to_row
from digitpad.samples.schema import MIGRATIONS
from digitpad.storage.database import Database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from digitpad.samples.sample import Sample

_SELECT = f"SELECT id, {', '.join(COLUMNS)} FROM samples"
_INSERT = f"INSERT INTO samples (id, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"


class SampleStore:
    """The user's samples. Its methods can be called from any thread, and by several processes.

    Whatever a method has returned from is on the disk. They raise a `DigitpadError` if the file
    cannot be read or written.

    Args:
        path: the file; it is made with the first sample.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, MIGRATIONS)

    def list(self, *, symbols: str | None = None) -> tuple[Sample, ...]:
        """All samples, or those of one set of symbols, in the order in which they were added."""

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            where, values = ("", ()) if symbols is None else (" WHERE symbols = ?", (symbols,))
            rows = connection.execute(f"{_SELECT}{where} ORDER BY id", values)
            return tuple(from_row(row) for row in rows)

        return self._database.read(work)

    def get(self, sample_id: int) -> Sample:
        """One sample; a `DigitpadError` if it is not there (any more)."""
        row = self._database.read(
            lambda connection: connection.execute(
                f"{_SELECT} WHERE id = ?", (sample_id,)
            ).fetchone()
        )
        if row is None:
            raise DigitpadError("There is no sample {number}.", number=sample_id)
        return from_row(row)

    def add(self, samples: Iterable[Sample]) -> tuple[Sample, ...]:
        """Add samples; they are returned with their numbers.

        Those that have a number already get it back: they were deleted, and this is undone.
        """
        rows = [(sample, to_row(sample)) for sample in samples]

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            added = []
            for sample, row in rows:
                cursor = connection.execute(_INSERT, (sample.id or None, *row))
                added.append(replace(sample, id=int(cursor.lastrowid or 0)))
            return tuple(added)

        return self._database.write(work)

    def relabel(self, sample_id: int, label: str) -> Sample:
        """Give a sample another label; it is no longer flagged. Returns it as it is now."""
        return self._change(sample_id, "label = ?, flagged = 0", label)

    def flag(self, sample_id: int, *, flagged: bool) -> Sample:
        """Flag a sample as a possible slip, or no longer. Returns it as it is now."""
        return self._change(sample_id, "flagged = ?", int(flagged))

    def delete(self, sample_ids: Sequence[int]) -> tuple[Sample, ...]:
        """Delete samples, and return those that were there; `add` brings them back."""

        def work(connection: sqlite3.Connection) -> tuple[Sample, ...]:
            deleted = []
            for sample_id in sample_ids:
                row = connection.execute(f"{_SELECT} WHERE id = ?", (sample_id,)).fetchone()
                if row is not None:
                    deleted.append(from_row(row))
                    connection.execute("DELETE FROM samples WHERE id = ?", (sample_id,))
            return tuple(deleted)

        return self._database.write(work)

    def delete_everything(self) -> int:
        """Delete all samples and sets of symbols for good; the number of samples."""

        def work(connection: sqlite3.Connection) -> int:
            count = connection.execute("DELETE FROM samples").rowcount
            connection.execute("DELETE FROM symbol_sets")
            return int(count)

        return self._database.write(work)

    def revision(self) -> int:
        """A number that grows with every change, by whichever process; 0 without a file."""
        row = self._database.read(
            lambda connection: connection.execute("SELECT value FROM revision").fetchone()
        )
        return int(row[0])

    def kept_open(self) -> AbstractContextManager[None]:
        """Within this context writing is quicker, for whoever writes often."""
        return self._database.kept_open() if self.path.exists() else nullcontext()

    def _change(self, sample_id: int, assignment: str, value: object) -> Sample:
        self._database.write(
            lambda connection: connection.execute(
                f"UPDATE samples SET {assignment} WHERE id = ?", (value, sample_id)
            )
        )
        return self.get(sample_id)
