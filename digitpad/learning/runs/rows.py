"""Runs and their histories as rows of the database's tables."""

from __future__ import annotations

import math
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any, TypeVar

from digitpad.errors import DigitpadError
from digitpad.learning.history import BatchRow, EpochRow, History, Row, ValidationRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

AnyRow = TypeVar("AnyRow", BatchRow, ValidationRow, EpochRow)

RUNS_QUERY = """
SELECT id, name, created, status, notice, config, data, steps,
    coalesce((SELECT max(step) FROM batches WHERE run = number), 0),
    coalesce(accuracy, (SELECT validation_accuracy FROM epochs WHERE run = number AND is_best
        ORDER BY step DESC LIMIT 1)),
    coalesce(epoch, (SELECT epoch FROM epochs WHERE run = number AND is_best
        ORDER BY step DESC LIMIT 1))
FROM runs
"""
"""Every run; its best epoch is told by its rows until it is over."""

_TABLES: dict[type[Row], str] = {BatchRow: "batches", ValidationRow: "checks", EpochRow: "epochs"}


def run_number(connection: sqlite3.Connection, run_id: str) -> int:
    """A run's number in the database.

    Raises:
        DigitpadError: there is no such run.
    """
    row = connection.execute("SELECT number FROM runs WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise missing_run(run_id)
    return int(row[0])


def missing_run(id_or_name: str) -> DigitpadError:
    """What to raise where there is no such run."""
    return DigitpadError(
        "There is no run called {id_or_name!r}: it may have been deleted; digitpad train --list"
        " names all runs.",
        id_or_name=id_or_name,
    )


def insert_rows(connection: sqlite3.Connection, number: int, rows: Iterable[Row]) -> None:
    """Add rows to the run of this number; a row of a step that is there replaces it."""
    for kind, table in _TABLES.items():
        names = ", ".join(["run", *(entry.name for entry in fields(kind))])
        places = ", ".join("?" * (1 + len(fields(kind))))
        connection.executemany(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})",  # noqa: S608
            # SQLite keeps NaN as NULL.
            [(number, *astuple(row)) for row in rows if isinstance(row, kind)],
        )


def select_rows(connection: sqlite3.Connection, number: int) -> History:
    """Everything that the run of this number has told."""
    return History(
        batches=_rows(connection, BatchRow, number),
        checks=_rows(connection, ValidationRow, number),
        epochs=_rows(connection, EpochRow, number),
    )


def delete_rows(connection: sqlite3.Connection, number: int, after: int) -> None:
    """Delete what the run of this number told after a step, to go on from there."""
    for table in _TABLES.values():
        connection.execute(
            f"DELETE FROM {table} WHERE run = ? AND step > ?",  # noqa: S608
            (number, after),
        )
    # Where an epoch goes on it is measured again first.
    connection.execute("DELETE FROM checks WHERE run = ? AND step = ?", (number, after))


def _rows(connection: sqlite3.Connection, kind: type[AnyRow], number: int) -> list[AnyRow]:
    names = [entry.name for entry in fields(kind)]
    columns, table = ", ".join(names), _TABLES[kind]
    query = f"SELECT {columns} FROM {table} WHERE run = ? ORDER BY step"  # noqa: S608
    return [kind(*map(_value, names, row)) for row in connection.execute(query, (number,))]


def _value(name: str, value: Any) -> Any:
    if value is None:
        return math.nan
    return bool(value) if name == "is_best" else value
