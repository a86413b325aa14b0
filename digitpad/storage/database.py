"""An SQLite file that several processes use at once, with numbered versions of its tables.

A connection lives for one piece of work, which is one transaction: nothing is held open, no thread
owns anything, and whoever dies leaves the last whole transaction behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias, TypeVar

from digitpad.errors import DigitpadError
from digitpad.storage.problems import os_errors
from digitpad.text import Marked

Result = TypeVar("Result")

Migration: TypeAlias = Sequence[str] | Callable[[sqlite3.Connection], object]
"""What makes a version of the tables from the one before: statements, or a function."""

_WAIT_SECONDS = 10.0
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REASONS = {
    sqlite3.SQLITE_FULL: Marked("the disk is full"),
    sqlite3.SQLITE_READONLY: Marked("it may not be written"),
    sqlite3.SQLITE_PERM: Marked("it may not be used"),
    sqlite3.SQLITE_CANTOPEN: Marked("it cannot be opened"),
    sqlite3.SQLITE_BUSY: Marked("another program keeps it busy"),
    sqlite3.SQLITE_LOCKED: Marked("another program keeps it busy"),
    sqlite3.SQLITE_IOERR: Marked("the disk does not answer as it should"),
}


class DamagedDatabaseError(DigitpadError):
    """The file is no database any more."""


class Database:
    """An SQLite file.

    Its methods raise a `DamagedDatabaseError` where it is damaged, else a `DigitpadError` where it
    cannot be used or a newer Digitpad has written it.

    Args:
        path: the file; it is made when something is first written.
        migrations: number n makes version n + 1 of the tables from version n; version 0 is an empty
            file. A file of an older version gets those that it lacks, each in one transaction.
    """

    def __init__(self, path: Path, migrations: Sequence[Migration]) -> None:
        self._path = path
        self._migrations = migrations

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do some reading, of one state of the database.

        Where there is no file yet, none is made: everything is empty then.
        """
        if not self._path.exists():
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
                self._migrate(connection, 0)
                return work(connection)
        return self._transaction("BEGIN", work, durable=False)

    def write(
        self, work: Callable[[sqlite3.Connection], Result], *, durable: bool = True
    ) -> Result:
        """Do some writing, all of it or nothing.

        Args:
            work: may be called a second time where the first one failed.
            durable: whether it is on the disk for good at the end; else the power may take it, but
                never the order of things.
        """
        folder = self._path.parent
        with os_errors(
            "The folder {folder} cannot be made: {reason}. Check the disk and the folder's"
            " permissions.",
            folder=folder,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        return self._transaction("BEGIN IMMEDIATE", work, durable=durable)

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Within this context writing is quicker, for whoever writes often.

        The last connection that is closed tidies up the database's log, which waits for the disk.
        """
        with closing(sqlite3.connect(self._path, check_same_thread=False)) as connection:
            # A connection opens the file when it is first used.
            with self._sentences():
                _version(connection)
            yield

    def is_damaged(self) -> bool:
        """Whether the file, every page of it looked at, is no sound database."""
        if not self._path.exists():
            return False
        try:
            answer = self._transaction(
                "BEGIN", lambda c: c.execute("PRAGMA quick_check(1)").fetchone(), durable=False
            )
        except DamagedDatabaseError:
            return True
        return bool(answer[0] != "ok")

    def put_aside(self) -> Path:
        """Rename the file and what belongs to it to the next free name; that name."""
        number = 1
        while (aside := Path(f"{self._path}.corrupt-{number}")).exists():
            number += 1
        with os_errors(
            "The file {path} is damaged and could not be put aside: {reason}. Rename it"
            " yourself, and start again.",
            path=self._path,
        ):
            # The log that belongs to a database first: beside a new one it would be taken for its.
            for suffix in ("-wal", "-shm", ""):
                part = Path(f"{self._path}{suffix}")
                if part.exists():
                    part.rename(f"{aside}{suffix}")
        return aside

    def _transaction(
        self, begin: str, work: Callable[[sqlite3.Connection], Result], *, durable: bool
    ) -> Result:
        with (
            self._sentences(),
            closing(
                sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
            ) as connection,
        ):
            connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(connection)
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            with _whole(connection, begin):
                return work(connection)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Within this context errors of the world are sentences."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            # An extended code holds the plain one in its lowest byte.
            code = code & 0xFF if code is not None else None
            if code in _DAMAGED:
                raise DamagedDatabaseError(
                    "The file {path} is damaged.", path=self._path
                ) from error
            if code not in _REASONS:
                raise
            raise DigitpadError(
                "The file {path} cannot be used: {reason}. Check the disk and the folder's"
                " permissions.",
                path=self._path,
                reason=_REASONS[code],
            ) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Bring the tables to the version that this program knows."""
        version, known = _version(connection), len(self._migrations)
        if version == known:
            return
        if version > known:
            raise DigitpadError(
                "The file {path} has the format {version}, and this Digitpad knows format {known}:"
                " open it with a newer Digitpad.",
                path=self._path,
                version=version,
                known=known,
            )
        # Readers go on while somebody writes; file systems without shared memory keep the old way.
        connection.execute("PRAGMA journal_mode = WAL")
        self._migrate(connection, version)

    def _migrate(self, connection: sqlite3.Connection, version: int) -> None:
        for number in range(version, len(self._migrations)):
            with _whole(connection, "BEGIN IMMEDIATE"):
                # Another process may have been quicker.
                if _version(connection) != number:
                    continue
                migration = self._migrations[number]
                if callable(migration):
                    migration(connection)
                else:
                    for statement in migration:
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _whole(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """Within this context all is one transaction, or nothing where it fails."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
