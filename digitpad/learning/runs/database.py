"""The database of the runs: one SQLite file that several processes use at once.

A connection lives for one piece of work, which is one transaction: nothing is held open, no thread
owns anything, and whoever dies leaves the last whole transaction behind.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")

SCHEMA_VERSION = 1
_WAIT_SECONDS = 10.0

# Scores that are no numbers are NULL.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    status TEXT NOT NULL,
    notice TEXT,
    config TEXT NOT NULL,
    data TEXT,
    steps INTEGER NOT NULL DEFAULT 0,
    accuracy REAL,
    epoch INTEGER
);
CREATE TABLE IF NOT EXISTS batches (
    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    step INTEGER NOT NULL, epoch INTEGER NOT NULL, loss REAL, accuracy REAL, learning_rate REAL,
    glyphs INTEGER NOT NULL, seconds REAL,
    PRIMARY KEY (run, step)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checks (
    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    step INTEGER NOT NULL, epoch INTEGER NOT NULL, loss REAL, accuracy REAL,
    PRIMARY KEY (run, step)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS epochs (
    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    step INTEGER NOT NULL, epoch INTEGER NOT NULL, train_loss REAL, train_accuracy REAL,
    validation_loss REAL, validation_accuracy REAL, learning_rate REAL, seconds REAL,
    is_best INTEGER NOT NULL,
    PRIMARY KEY (run, step)
) WITHOUT ROWID;
"""

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_PERM: "it may not be used",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_BUSY: "another program keeps it busy",
    sqlite3.SQLITE_LOCKED: "another program keeps it busy",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should",
}


class DamagedDatabaseError(DigitpadError):
    """The file is no database any more."""


class RunDatabase:
    """The file with what all runs have told.

    Args:
        path: the file; it is made when something is first written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do some reading, of one state of the database.

        Where there is no file yet, none is made: everything is empty then.

        Raises:
            DamagedDatabaseError: the file is damaged.
            DigitpadError: it cannot be used, or a newer Digitpad has written it.
        """
        if not self._path.exists():
            with closing(sqlite3.connect(":memory:")) as connection:
                connection.executescript(_SCHEMA)
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

        Raises:
            DamagedDatabaseError: the file is damaged.
            DigitpadError: it cannot be used, or a newer Digitpad has written it.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DigitpadError(
                "The folder of runs {parent} cannot be made:"
                " {reason}. Check the disk and the folder's permissions.",
                parent=self._path.parent,
                reason=error.strerror or error,
            ) from error
        return self._transaction("BEGIN IMMEDIATE", work, durable=durable)

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Within this context writing is quicker, for whoever writes often.

        The last connection that is closed tidies up the database's log, which waits for the disk.
        """
        with closing(sqlite3.connect(self._path, check_same_thread=False)) as connection:
            # A connection opens the file when it is first used.
            self._told(lambda: connection.execute("PRAGMA user_version").fetchone())
            yield

    def is_damaged(self) -> bool:
        """Whether the file, every page of it looked at, is no sound database.

        Raises:
            DigitpadError: it cannot be used.
        """
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
        """Rename the file and what belongs to it to the next free name; that name.

        Raises:
            DigitpadError: it cannot be renamed.
        """
        number = 1
        while (aside := Path(f"{self._path}.corrupt-{number}")).exists():
            number += 1
        try:
            # The log that belongs to a database first: beside a new one it would be taken for its.
            for suffix in ("-wal", "-shm", ""):
                part = Path(f"{self._path}{suffix}")
                if part.exists():
                    part.rename(f"{aside}{suffix}")
        except OSError as error:
            raise DigitpadError(
                "The list of runs {path} is damaged and could not be put aside: {reason}.",
                path=self._path,
                reason=error.strerror or error,
            ) from error
        return aside

    def _transaction(
        self, begin: str, work: Callable[[sqlite3.Connection], Result], *, durable: bool
    ) -> Result:
        def run() -> Result:
            with closing(
                sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
            ) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                self._prepare(connection)
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.execute(begin)
                try:
                    result = work(connection)
                    connection.execute("COMMIT")
                except BaseException:
                    # A full disk has ended the transaction already.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
                return result

        return self._told(run)

    def _told(self, run: Callable[[], Result]) -> Result:
        """What it returns, with errors of the world as sentences."""
        try:
            return run()
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            # An extended code holds the plain one in its lowest byte.
            code = code & 0xFF if code is not None else None
            if code in _DAMAGED:
                raise DamagedDatabaseError(f"The list of runs {self._path} is damaged.") from error
            if code not in _REASONS:
                raise
            raise DigitpadError(
                "The list of runs {path} cannot be used: {reasons}. Check the disk"
                " and the folder's permissions.",
                path=self._path,
                reasons=_REASONS[code],
            ) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Make the tables where there are none.

        Raises:
            DigitpadError: the tables are of a newer version.
        """
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return
        if version > SCHEMA_VERSION:
            raise DigitpadError(
                "The list of runs {path} has the format {version}, and this Digitpad knows"
                " format {schema_version}: open it with a newer Digitpad.",
                path=self._path,
                version=version,
                schema_version=SCHEMA_VERSION,
            )
        # Readers go on while somebody writes; file systems without shared memory keep the old way.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
