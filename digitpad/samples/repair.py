"""Repairs the samples' database, from what can be read of it."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from digitpad.errors import DigitpadError
from digitpad.samples.rows import classes_of, from_row, text_or_bytes, to_row
from digitpad.samples.schema import INSERT, INSERT_SET, MIGRATIONS
from digitpad.storage.database import FAILURES, DamagedDatabaseError, Database
from digitpad.storage.problems import os_errors, read_ordinary
from digitpad.storage.repair_lock import repair_lock
from digitpad.text import Plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

_COLUMNS = (
    *("id", "label", "strokes", "picture", "glyph", "answer", "confidence", "rejected", "model"),
    *("origin", "flagged", "symbols", "created"),
)
_KINDS = {"glyph": bytes, "flagged": int} | dict.fromkeys(("label", "origin", "symbols"), str)
"""What a sample of a newer version has at least."""

_MISSING = {
    "origin": "imported",
    "flagged": 0,
    "symbols": "",
    "created": datetime.fromtimestamp(0, UTC).isoformat(),
}
"""What stands for columns that are not there."""

_MOST_MISSING = 100_000
"""Numbers that are looked for one by one."""

_MOST_NUMBER = 2**62
"""A greater last number is damage, and would leave no room for others."""

_NOWHERE = Path(os.devnull, "samples.sqlite")
"""A database that is not there is a new one in memory."""

_PAGE = 4096
_MOST_BYTES = 2**30


class _Kept(NamedTuple):
    """What can be read of a damaged database.

    Attributes:
        rows: columns of samples, by their numbers.
        sets: columns of sets of symbols.
        last: the highest number that was ever given to a sample, as far as it is known.
    """

    rows: dict[int, tuple[object, ...]]
    sets: list[tuple[str, str]]
    last: int


def made_path(path: Path) -> Path:
    """Where a repaired database lies until it takes the place of the damaged one."""
    return path.with_name(f"{path.name}.repaired")


def repair(path: Path, is_damaged: Callable[[], bool]) -> DigitpadError | None:
    """Put a damaged database aside, with a new one of what can be read in its place.

    The new one is written first: a disk that is full, or a kill, leaves the damaged one where it
    is, or the new one for the next start.

    Args:
        path: of the database.
        is_damaged: called again while no other process can repair it.

    Returns:
        A sentence about it; None if there is nothing to repair (any more).

    Raises:
        DigitpadError: another process has been repairing it for seconds.
        DamagedDatabaseError: it cannot be repaired.
    """
    with _lock(path):
        made = made_path(path)
        try:
            if not made.exists():
                if not is_damaged():
                    return None
                _make(made, _read(path))
            # There is a file in its place all the time, in which no other window begins anew.
            aside = Database(path, MIGRATIONS).put_aside(copies=True)
            with _os_errors(path):
                made.replace(path)
            count = Database(path, MIGRATIONS).read(_count)
        except DigitpadError as error:
            raise DamagedDatabaseError(
                "Your samples in {path} are damaged and cannot be repaired. {reason}",
                path=path,
                reason=error,
            ) from error
    return DigitpadError(
        Plural(
            "The file of your samples was damaged: it is kept as {aside}, and a new one holds the"
            " one sample that could still be read.",
            "The file of your samples was damaged: it is kept as {aside}, and a new one holds the"
            " {count} samples that could still be read.",
            count,
        ),
        aside=aside,
        count=count,
    )


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM samples").fetchone()[0])


def _make(made: Path, kept: _Kept) -> None:
    """Write a new database: under another name, until it is whole."""
    part = made.with_name(f"{made.name}.part")
    _remove(part)
    try:
        Database(part, MIGRATIONS).write(lambda connection: _fill(connection, kept))
        with _os_errors(made):
            part.rename(made)
    except DigitpadError:
        with suppress(DigitpadError):
            _remove(part)
        raise


def _remove(part: Path) -> None:
    with _os_errors(part):
        for suffix in ("", "-wal", "-shm"):
            part.with_name(f"{part.name}{suffix}").unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, kept: _Kept) -> None:
    connection.executemany(INSERT, (kept.rows[number] for number in sorted(kept.rows)))
    connection.executemany(INSERT_SET, kept.sets)
    # Undoing a deletion in another window must not meet another sample.
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'samples'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('samples', ?)", [kept.last])
    # More than all changes that there can have been, so that the other windows look again.
    connection.execute("UPDATE revision SET value = ?", [int(time.time())])


def _read(path: Path) -> _Kept:
    """Read what can be read of a database."""
    with suppress(*FAILURES), closing(Database(path, MIGRATIONS).damaged()) as connection:
        connection.execute("SELECT * FROM samples").fetchone()
        return _kept(connection)
    # It has no beginning or no end: both can be told without it.
    with suppress(OSError, *FAILURES), closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(_with_first_page(read_ordinary(path, _MOST_BYTES)))
        return _kept(connection)
    return _Kept({}, [], 0)


def _with_first_page(content: bytes) -> bytes:
    """A database with the first page of a new one, in which the tables begin at the same places."""
    new = Database(_NOWHERE, MIGRATIONS).read(lambda other: other.serialize())
    count = -(-len(content) // _PAGE)
    header = bytearray(new[:_PAGE])
    # The number of pages, and no free ones (https://sqlite.org/fileformat.html).
    header[28:40] = count.to_bytes(4) + bytes(8)
    return bytes(header) + content[_PAGE:].ljust((count - 1) * _PAGE, b"\0")


def _kept(connection: sqlite3.Connection) -> _Kept:
    connection.text_factory = text_or_bytes
    rows: dict[int, tuple[object, ...]] = {}
    sets: list[tuple[str, str]] = []
    last = 0
    # From both ends, up to what is damaged, and then whatever lies between.
    for query in ("SELECT * FROM samples", "SELECT * FROM samples ORDER BY id DESC"):
        for found in _as_far_as_possible(connection, query):
            _take(rows, found)
    query = "SELECT seq FROM sqlite_sequence WHERE name = 'samples'"
    for found in _as_far_as_possible(connection, query):
        if isinstance(found["seq"], int):
            last = min(max(found["seq"], 0), _MOST_NUMBER)
    # Without the end, only the last number tells how far to look.
    numbers = range(min(rows, default=1), max(last, *rows, 0) + 1)
    for number in numbers[:_MOST_MISSING]:
        if number not in rows:
            query = "SELECT * FROM samples WHERE id = ?"
            for found in _as_far_as_possible(connection, query, (number,)):
                _take(rows, found)
    for found in _as_far_as_possible(connection, "SELECT name, classes FROM symbol_sets"):
        name, classes = found["name"], found["classes"]
        if isinstance(name, str) and classes_of(classes) is not None:
            sets.append((name, classes))
    return _Kept(rows, sets, max(last, *rows, 0))


def _take(rows: dict[int, tuple[object, ...]], found: dict[str, Any]) -> None:
    """Keep a row that is a sample, or may be one of a newer Digitpad; columns may be missing."""
    row = tuple((_MISSING | found).get(name) for name in _COLUMNS)
    number = row[0]
    if not isinstance(number, int) or not 0 < number < _MOST_NUMBER or number in rows:
        return
    try:
        rows[number] = to_row(from_row(row))
    except DigitpadError:
        if all(isinstance(found.get(name), kind) for name, kind in _KINDS.items()):
            rows[number] = row


def _as_far_as_possible(
    connection: sqlite3.Connection, query: str, values: tuple[object, ...] = ()
) -> Iterator[dict[str, Any]]:
    """Rows by the names of their columns."""
    with suppress(*FAILURES):
        cursor = connection.execute(query, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def _os_errors(path: Path) -> AbstractContextManager[None]:
    return os_errors("{path} could not be written: {reason}.", path=path)


def _lock(path: Path) -> AbstractContextManager[None]:
    return repair_lock(
        path.with_name(f"{path.name}.lock"),
        DigitpadError(
            "Your samples in {path} are damaged, and another program is repairing them: try again.",
            path=path,
        ),
        lambda reason: DamagedDatabaseError(
            "Your samples in {path} are damaged and cannot be repaired: {reason}. Check the disk"
            " and the folder's permissions.",
            path=path,
            reason=reason,
        ),
    )
