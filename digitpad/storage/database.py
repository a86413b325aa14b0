"""An SQLite file that several processes use at once, with numbered versions of its tables.

A connection lives for one piece of work, which is one transaction: nothing is held open, no thread
owns anything, and whoever dies leaves the last whole transaction behind.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeAlias, TypeVar

from digitpad.errors import DigitpadError
from digitpad.storage.folders import make_private
from digitpad.storage.problems import os_errors
from digitpad.text import Marked

Result = TypeVar("Result")

Migration: TypeAlias = Sequence[str] | Callable[[sqlite3.Connection], object]
"""What makes a version of the tables from the one before: statements, or a function."""

_WAIT_SECONDS = 10.0
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_IN_USE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_REASONS = {
    sqlite3.SQLITE_FULL: Marked("the disk is full"),
    sqlite3.SQLITE_READONLY: Marked("writing it is not allowed"),
    sqlite3.SQLITE_PERM: Marked("using it is not allowed"),
    sqlite3.SQLITE_CANTOPEN: Marked("it cannot be opened"),
    sqlite3.SQLITE_BUSY: Marked("another program is using it"),
    sqlite3.SQLITE_LOCKED: Marked("another program is using it"),
    sqlite3.SQLITE_IOERR: Marked("the disk does not respond properly"),
}


_MARK = 0x44670000
"""The application id of a file is this plus the version of its tables, so that a damaged version
does not look like a newer one. Files of Digitpad 0.1 have the id 0, and no version above 2."""

FAILURES = (sqlite3.Error, MemoryError, UnicodeDecodeError)
"""What SQLite raises. It takes a damaged length for one of gigabytes, and Python cannot read an
error that quotes damaged letters."""

REPLACED = "\N{REPLACEMENT CHARACTER}"
_MAGIC = b"SQLite format 3\0"
_HEADER = 100


class DamagedDatabaseError(DigitpadError):
    """The file is no database any more, or not the one that the program has made."""


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

        Where there is no file yet, none is made: everything is empty then. Where nothing can be
        written, since the disk is full, say, a copy in memory is read.
        """
        if not self._exists():
            return self._read_in_memory(work)
        try:
            return self._transaction("BEGIN", work, durable=False)
        except DamagedDatabaseError:
            raise
        except DigitpadError as error:
            if not isinstance(error.__cause__, sqlite3.Error) or _code(error.__cause__) in _IN_USE:
                raise
            with suppress(*FAILURES):
                return self._read_in_memory(work, self._copy_into)
            raise

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
            make_private(folder)
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
        """Whether the file, every page of it looked at, is not what this program has made of it."""
        if not self._exists():
            return False
        try:
            with closing(self._connect()) as connection:
                return not self._is_own(connection)
        except FAILURES as error:
            code = _code(error)
            if code in _IN_USE:
                return False
            if code not in _REASONS or not self._has_own_header():
                return True
        # Where nothing can be written, a copy is looked at.
        with closing(sqlite3.connect(":memory:")) as copy, suppress(*FAILURES):
            self._copy_into(copy)
            return not self._is_own(copy)
        return False

    def damaged(self) -> sqlite3.Connection:
        """The file as it is, to read what can be read of it; whoever asks closes it.

        Bytes that are no letters come as U+FFFD. Nothing is written, not even the log into the
        file. Reading may raise any of FAILURES.
        """
        uri = f"{self._path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.text_factory = whole_or_marked
        return connection

    def put_aside(self, *, copies: bool = False) -> Path:
        """Rename the file and what belongs to it to the next free name; that name.

        Args:
            copies: whether the file itself, without what belongs to it, also stays in its place
                until another one takes that.
        """
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
                if copies and not suffix:
                    shutil.copy2(part, aside)
                elif part.exists():
                    part.rename(f"{aside}{suffix}")
        return aside

    def _transaction(
        self, begin: str, work: Callable[[sqlite3.Connection], Result], *, durable: bool
    ) -> Result:
        with (
            self._sentences(),
            closing(self._connect()) as connection,
        ):
            connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(connection)
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            with _whole(connection, begin):
                return work(connection)

    def _exists(self) -> bool:
        # An empty file is a database without tables, and reading it would write them.
        with suppress(OSError):
            return self._path.stat().st_size > 0
        return False

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)

    def _read_in_memory(
        self,
        work: Callable[[sqlite3.Connection], Result],
        fill: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> Result:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            fill(connection)
            self._migrate(connection, _version(connection))
            return work(connection)

    def _copy_into(self, target: sqlite3.Connection) -> None:
        """Copy the file without writing anything beside it."""
        log = Path(f"{self._path}-wal")
        # Whoever reads the log alone needs no memory that is shared with others, and thus no file.
        is_whole = not log.exists() or log.stat().st_size == 0
        uri = f"{self._path.resolve().as_uri()}?{'immutable=1' if is_whole else 'mode=rw'}"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as source:
            if not is_whole:
                source.execute("PRAGMA locking_mode = EXCLUSIVE")
            source.backup(target)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Within this context errors of the world are sentences."""
        try:
            yield
        except FAILURES as error:
            code = _code(error)
            # What Python says by itself is that a text is none.
            is_no_text = isinstance(error, sqlite3.OperationalError) and code is None
            is_no_text = is_no_text or isinstance(error, UnicodeDecodeError)
            if code in _DAMAGED or is_no_text or (code not in _IN_USE and self.is_damaged()):
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

    def _is_own(self, connection: sqlite3.Connection) -> bool:
        """Whether all pages are sound, and the tables those of the version."""
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return False
        version = _version(connection)
        if version < 0:
            return False
        if version > len(self._migrations):
            return _is_marked(connection, version)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as own:
            self._migrate(own, 0, version)
            return _tables(own) == _tables(connection)

    def _has_own_header(self) -> bool:
        """Whether a file that cannot be used says how it can be."""
        try:
            with self._path.open("rb") as file:
                header = file.read(_HEADER)
        except OSError:
            # Whatever it holds, nobody may look.
            return True
        # How it is read and written: by the older way, or with a log (https://sqlite.org/fileformat.html).
        return header.startswith(_MAGIC) and {*header[18:20]} <= {1, 2}

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Bring the tables to the version that this program knows."""
        version, known = _version(connection), len(self._migrations)
        if version == known:
            return
        if version < 0 or (version > known and not _is_marked(connection, version)):
            raise DamagedDatabaseError("The file {path} is damaged.", path=self._path)
        if version > known:
            raise DigitpadError(
                "The file {path} has the format {version}, and this version of Digitpad knows"
                " format {known}: install a newer Digitpad.",
                path=self._path,
                version=version,
                known=known,
            )
        # With WAL, others can read during a write. File systems without shared memory ignore it.
        connection.execute("PRAGMA journal_mode = WAL")
        self._migrate(connection, version)

    def _migrate(
        self, connection: sqlite3.Connection, version: int, known: int | None = None
    ) -> None:
        for number in range(version, len(self._migrations) if known is None else known):
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
                connection.execute(f"PRAGMA application_id = {_MARK + number + 1}")


def whole_or_marked(text: bytes) -> str:
    """Text of a connection: bytes that are no letters, as damage makes them, become REPLACED."""
    return text.decode("utf-8", "replace")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_marked(connection: sqlite3.Connection, version: int) -> bool:
    """Whether the file says a second time that it has this version."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    return bool(found == _MARK + version)


def _tables(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    # Versions have broken their statements into lines in different ways.
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(*names, "".join(str(sql).split())) for *names, sql in rows}


def _code(error: BaseException) -> int | None:
    """The plain code of an error; an extended one holds it in its lowest byte."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


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
