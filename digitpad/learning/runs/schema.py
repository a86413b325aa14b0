"""The database tables of runs and events, and their rows as objects.

An event is a row with its content as JSON (with NaN, as Python writes it), so that a new metric
needs no new column.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import asdict, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.events import BatchDone, EpochDone, History, Row, Validated
from digitpad.learning.runs.run import (
    Run,
    checked_count,
    checked_id,
    checked_name,
    checked_status,
    mark_from,
    missing_run,
    time_from,
)
from digitpad.storage.database import FAILURES, REPLACED, whole_or_marked

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from digitpad.storage.database import Migration

_EVENTS_QUERY = "SELECT step, epoch, is_best, content FROM events WHERE run = ? AND kind = ?"

RUNS_QUERY = """
SELECT id, name, created, status, notice, config, data, steps, accuracy, epoch,
    (SELECT max(step) FROM events WHERE run = number AND kind = 'batch'),
    (SELECT content FROM events WHERE run = number AND kind = 'epoch' AND is_best
        ORDER BY step DESC LIMIT 1),
    (SELECT epoch FROM events WHERE run = number AND kind = 'epoch' AND is_best
        ORDER BY step DESC LIMIT 1)
FROM runs
"""
"""Selects all runs. The best epoch of a run that has not ended is found among its events."""

_OF_RUN = "run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE"
_FIRST = tuple(
    f"""
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL, status TEXT NOT NULL, notice TEXT, config TEXT NOT NULL, data TEXT,
    steps INTEGER NOT NULL DEFAULT 0, accuracy REAL, epoch INTEGER
);
CREATE TABLE batches (
    {_OF_RUN}, step INTEGER NOT NULL, epoch INTEGER NOT NULL, loss REAL, accuracy REAL,
    learning_rate REAL, glyphs INTEGER NOT NULL, seconds REAL, PRIMARY KEY (run, step)
) WITHOUT ROWID;
CREATE TABLE checks (
    {_OF_RUN}, step INTEGER NOT NULL, epoch INTEGER NOT NULL, loss REAL, accuracy REAL,
    PRIMARY KEY (run, step)
) WITHOUT ROWID;
CREATE TABLE epochs (
    {_OF_RUN}, step INTEGER NOT NULL, epoch INTEGER NOT NULL, train_loss REAL, train_accuracy REAL,
    validation_loss REAL, validation_accuracy REAL, learning_rate REAL, seconds REAL,
    is_best INTEGER NOT NULL, PRIMARY KEY (run, step)
) WITHOUT ROWID
""".split(";")
)
"""The tables of Digitpad 0.1."""

_KINDS: dict[str, type[Row]] = {"batch": BatchDone, "epoch": EpochDone, "validation": Validated}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_CONTENT = {
    kind: tuple(f.name for f in fields(kind) if f.name not in {"step", "epoch", "is_best"})
    for kind in _NAMES
}
"""Fields of events that are in the JSON content, since they have no column."""

_NUMBERS = frozenset({int, float})
_MOST = 2**53


def _to_events(connection: sqlite3.Connection) -> None:
    """Migrate to version 2: one table for all events, with metrics by name."""
    connection.execute(
        f"CREATE TABLE events ({_OF_RUN}, kind TEXT NOT NULL, step INTEGER NOT NULL,"
        " epoch INTEGER NOT NULL, is_best INTEGER NOT NULL, content TEXT NOT NULL,"
        " PRIMARY KEY (run, kind, step)) WITHOUT ROWID"
    )

    def select(columns: str, table: str) -> Iterator[list[Any]]:
        # NULL stands for NaN.
        for row in connection.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608
            yield [math.nan if value is None else value for value in row]

    names = ("loss", "accuracy", "learning_rate")
    columns = "run, step, epoch, loss, accuracy, learning_rate, glyphs, seconds"
    for run, step, epoch, *metrics, glyphs, seconds in select(columns, "batches"):
        batch = BatchDone(step, epoch, dict(zip(names, metrics, strict=True)), glyphs, seconds)
        insert_events(connection, run, [batch])
    for run, step, epoch, *metrics in select("run, step, epoch, loss, accuracy", "checks"):
        validated = Validated(step, epoch, dict(zip(names[:2], metrics, strict=True)))
        insert_events(connection, run, [validated])
    columns = (
        "run, step, epoch, train_loss, train_accuracy, learning_rate, validation_loss,"
        " validation_accuracy, seconds, is_best"
    )
    for run, step, epoch, *metrics, loss, accuracy, seconds, is_best in select(columns, "epochs"):
        done = EpochDone(
            step,
            epoch,
            dict(zip(names, metrics, strict=True)),
            {"loss": loss, "accuracy": accuracy},
            seconds,
            bool(is_best),
        )
        insert_events(connection, run, [done])
    for table in ("batches", "checks", "epochs"):
        connection.execute(f"DROP TABLE {table}")


MIGRATIONS: tuple[Migration, ...] = (_FIRST, _to_events)
"""See `digitpad.storage.database.Database`."""


def run_number(connection: sqlite3.Connection, run_id: str) -> int:
    """A run's number in the database.

    Raises:
        MissingRunError: there is no run with this id.
    """
    row = connection.execute("SELECT number FROM runs WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise missing_run(run_id)
    return int(row[0])


def is_listed(connection: sqlite3.Connection, run_id: str) -> bool:
    """Whether there is a run with this id."""
    found = connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone()
    return found is not None


def insert_run(connection: sqlite3.Connection, run: Run) -> bool:
    """Add a run; False if another one has its name or its id."""
    inserted = connection.execute(
        "INSERT OR IGNORE INTO runs (id, name, created, status, notice, config, data, steps,"
        " accuracy, epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.id,
            run.name,
            run.created.isoformat(),
            run.status,
            run.notice,
            run.config.to_json(),
            None if run.data is None else json.dumps(asdict(run.data)),
            run.steps,
            run.best_accuracy,
            run.best_epoch,
        ),
    )
    return inserted.rowcount > 0


def run_of(row: tuple[Any, ...]) -> Run:
    """Make a run from a row of `RUNS_QUERY`, without what is known from its folder.

    Raises:
        DigitpadError: the row is damaged, or its configuration was written by a newer version.
    """
    (run_id, name, created, status, notice, config, data, steps) = row[:8]
    accuracy, epoch, steps_done, best, best_epoch = row[8:]
    if accuracy is None and best is not None:
        accuracy = _accuracy_in(best)
    try:
        steps, done = checked_count(steps), checked_count(steps_done or 0)
        epoch = best_epoch if epoch is None else epoch
        return Run(
            id=checked_id(run_id),
            name=checked_name(name),
            created=time_from(created),
            status=checked_status(status),
            notice=None if notice is None else str(notice),
            config=TrainingConfig.from_json(config),
            data=None if data is None else mark_from(json.loads(data)),
            steps=steps,
            steps_done=min(done, steps) if steps else done,
            best_accuracy=accuracy if _is_share(accuracy) else None,
            best_epoch=None if epoch is None else checked_count(epoch),
        )
    except DigitpadError as error:
        raise DigitpadError(
            "The run {run!r} cannot be read. {reason}", run=str(name), reason=error
        ) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DigitpadError(
            "The run {run!r} cannot be read: what is kept of it makes no sense.", run=str(name)
        ) from None


def _accuracy_in(content: object) -> object:
    try:
        return json.loads(str(content))["validation"].get("accuracy")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _is_share(value: object) -> bool:
    # NaN is in no range.
    return isinstance(value, float | int) and 0 <= value <= 1


def insert_events(connection: sqlite3.Connection, number: int, rows: Iterable[Row]) -> None:
    """Add events to the run with this number. They replace those of the same kind and step."""
    connection.executemany(
        "INSERT OR REPLACE INTO events (run, kind, step, epoch, is_best, content)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (_values(number, row) for row in rows),
    )


def select_history(connection: sqlite3.Connection, number: int) -> tuple[History, int]:
    """The history of the run with this number, and the number of rows that cannot be read."""
    connection.text_factory = whole_or_marked
    rows, odd = [], 0
    for kind in _KINDS:
        found = connection.execute(f"{_EVENTS_QUERY} ORDER BY step", (number, kind)).fetchall()
        read = [row for row in _rows(kind, found) if row is not None]
        rows += read
        odd += len(found) - len(read)
    return History(sorted(rows, key=attrgetter("step"))), odd


def salvage_events(connection: sqlite3.Connection, number: int) -> Iterator[Row]:
    """The events of a run in a damaged database, of each kind up to the first damage."""
    for kind in _KINDS:
        with suppress(*FAILURES):
            for row in connection.execute(_EVENTS_QUERY, (number, kind)):
                yield from (event for event in _rows(kind, [row]) if event is not None)


def delete_events(connection: sqlite3.Connection, number: int, after: int) -> None:
    """Delete the events after a step of the run with this number, which is resumed from there."""
    # A validation right after this step is repeated before the next one.
    connection.execute(
        "DELETE FROM events WHERE run = ? AND (step > ? OR (step = ? AND kind = 'validation'))",
        (number, after, after),
    )


def _values(number: int, row: Row) -> tuple[object, ...]:
    content = {name: getattr(row, name) for name in _CONTENT[type(row)]}
    is_best = isinstance(row, EpochDone) and row.is_best
    text = json.dumps(content, separators=(",", ":"))
    return number, _NAMES[type(row)], row.step, row.epoch, is_best, text


def _rows(kind: str, found: Sequence[tuple[Any, ...]]) -> Iterator[Row | None]:
    """Make events from rows, or None from a row that cannot be read."""
    contents: list[Any]
    try:
        # Parsed together, which is faster: a long training has 100 000 rows.
        contents = json.loads(f"[{','.join(row[3] for row in found)}]")
        is_parsed = len(contents) == len(found)
    except (ValueError, TypeError, RecursionError):
        is_parsed = False
    if not is_parsed:
        contents = [_parsed(row[3]) for row in found]
    names = set(_CONTENT[_KINDS[kind]])
    for (step, epoch, is_best, text), content in zip(found, contents, strict=True):
        makes_sense = (
            isinstance(content, dict)
            and REPLACED not in text
            and content.keys() == names
            and type(step) is type(epoch) is int
            and 0 <= step < _MOST
            and 0 <= epoch < _MOST
            and all(map(_is_number_or_metrics, content.values()))
        )
        if makes_sense and kind == "epoch":
            content["is_best"] = bool(is_best)
        yield _KINDS[kind](step=step, epoch=epoch, **content) if makes_sense else None


def _is_number_or_metrics(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(number) in _NUMBERS for number in value.values())
    return type(value) in _NUMBERS


def _parsed(text: object) -> object:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):
        return None
