"""Repairs the list of runs, from the runs' folders and from what can be read of the list."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from digitpad.errors import DigitpadError, joined
from digitpad.learning.configuration.config import TrainingConfig
from digitpad.learning.runs.folders import CHECKPOINT, DESCRIPTION, MODEL
from digitpad.learning.runs.run import Run, is_run_id
from digitpad.learning.runs.schema import (
    RUNS_QUERY,
    insert_events,
    insert_run,
    is_listed,
    run_number,
    run_of,
    salvage_events,
)
from digitpad.recognition.model_info import read_model_info
from digitpad.storage.database import FAILURES, REPLACED, DamagedDatabaseError
from digitpad.storage.problems import read_ordinary
from digitpad.storage.repair_lock import repair_lock
from digitpad.text import Plural

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from digitpad.learning.events import Row
    from digitpad.learning.runs.folders import RunFolders
    from digitpad.learning.runs.run import Status
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_info import ModelInfo
    from digitpad.storage.database import Database

_MAX_DESCRIPTION = 32 * 2**20


class Found(NamedTuple):
    """Runs in folders that are not in the list.

    Attributes:
        runs: the oldest first.
        odd: names of folders whose description cannot be read.
    """

    runs: tuple[Run, ...]
    odd: tuple[str, ...]


def find_runs(folders: RunFolders, known: Collection[str]) -> Found:
    """Find the runs that have folders, but not one of the known ids."""
    runs, odd = [], []
    try:
        names = sorted(entry.name for entry in folders.root.iterdir())
    except OSError:
        names = []
    for name in names:
        if name in known or not is_run_id(name) or folders.is_deleted(name):
            continue
        try:
            run = _described(folders.of(name))
        except DigitpadError:
            odd.append(name)
        else:
            # The description in a copied folder is that of another run.
            if run is not None and run.id == name:
                runs.append(run)
    return Found(tuple(sorted(runs, key=lambda run: run.created)), tuple(odd))


def same_but_for_id(run: Run, found: Iterable[Run], folders: RunFolders) -> Run | None:
    """Find the folder's run for a run of the list whose id is damaged.

    Args:
        run: from the list.
        found: runs with folders that are not in the list.
        folders: of all runs.

    Returns:
        The run that was created at the same time; None if there is none, or if `run` has a folder.
    """
    if folders.of(run.id).is_dir():
        return None
    return next((other for other in found if other.created == run.created), None)


def adopt(folders: RunFolders, database: Database, found: Iterable[Run]) -> DigitpadError | None:
    """Add runs that are missing in the list.

    Returns:
        A sentence about it; None if nothing was added.

    Raises:
        DigitpadError: the list cannot be written.
    """
    with _lock(folders.root):
        count = database.write(lambda connection: _insert(connection, found))
    if not count:
        return None
    return DigitpadError(
        Plural(
            "One training run was missing in the list of runs and was found again in its"
            " folder, without its curves.",
            "{count} training runs were missing in the list of runs and were found again in"
            " their folders, without their curves.",
            count,
        ),
        count=count,
    )


def repair(
    folders: RunFolders, database: Database, is_damaged: Callable[[], bool]
) -> DigitpadError | None:
    """Put a damaged list aside, and make a new one of the runs that can be found.

    These are the runs whose rows can still be read, with their curves, and those that have folders.

    Args:
        folders: of the runs.
        database: the list.
        is_damaged: called again while no other process can repair the list.

    Returns:
        A sentence about it; None if another process has repaired it meanwhile.

    Raises:
        DamagedDatabaseError: the list cannot be put aside, or the new one cannot be written.
    """
    with _lock(folders.root):
        if not is_damaged():
            return None
        kept = _read_rows(database)
        try:
            aside = database.put_aside()
            database.write(lambda connection: _restore(connection, kept, folders))
        except DigitpadError as error:
            raise DamagedDatabaseError(
                "The list of runs in {folder} is damaged and cannot be repaired. {reason}",
                folder=folders.root,
                reason=error,
            ) from error
    count = database.read(lambda c: int(c.execute("SELECT count(*) FROM runs").fetchone()[0]))
    return DigitpadError(
        "The list of runs was damaged: the file is kept as {aside}, and a new one holds the"
        " runs that were found again, with what could be read of their curves: {count}.",
        aside=aside,
        count=count,
    )


class _Kept(NamedTuple):
    """A run and its events that can be read in a damaged list."""

    run: Run
    rows: tuple[Row, ...]


def _read_rows(database: Database) -> list[_Kept]:
    kept: list[_Kept] = []
    with suppress(*FAILURES), closing(database.damaged()) as connection:
        numbers = _as_far_as_possible(connection, "SELECT number FROM runs", ())
        for (number,) in list(numbers):
            query = f"{RUNS_QUERY} WHERE number = ?"
            for row in _as_far_as_possible(connection, query, (number,)):
                # Text with damaged letters is not used: the run's folder may have it intact.
                if any(isinstance(value, str) and REPLACED in value for value in row):
                    continue
                with suppress(DigitpadError):
                    kept.append(_Kept(run_of(row), tuple(salvage_events(connection, number))))
    return kept


def _as_far_as_possible(
    connection: sqlite3.Connection, query: str, values: tuple[object, ...]
) -> Iterator[tuple[Any, ...]]:
    with suppress(*FAILURES):
        yield from connection.execute(query, values)


def _restore(connection: sqlite3.Connection, kept: Iterable[_Kept], folders: RunFolders) -> None:
    entries = list(kept)
    found = find_runs(folders, {entry.run.id for entry in entries}).runs
    for number, (run, rows) in enumerate(entries):
        if (right := same_but_for_id(run, found, folders)) is not None:
            entries[number] = _Kept(replace(run, id=right.id), rows)
    by_id = {entry.run.id: entry for entry in entries}
    _insert(connection, (entry.run for entry in by_id.values()))
    for run_id, entry in by_id.items():
        insert_events(connection, run_number(connection, run_id), entry.rows)
    _insert(connection, (run for run in found if run.id not in by_id))


def refuse_checkpoint(store: RunStore, run: Run, problem: DigitpadError) -> DigitpadError:
    """Put a checkpoint aside that cannot be used; returns the error for the user."""
    try:
        aside = store.put_checkpoint_aside(run.id)
    except DigitpadError as error:
        return joined(problem, error)
    return DigitpadError(
        "{reason} It is kept as {aside}. Resume the run {run!r} once more, and it starts again"
        " from the beginning.",
        reason=problem,
        aside=aside,
        run=run.name,
    )


def _insert(connection: sqlite3.Connection, found: Iterable[Run]) -> int:
    """Add runs that are not in the list; how many they are."""
    count = 0
    for run in sorted(found, key=lambda run: run.created):
        if is_listed(connection, run.id):
            continue
        # Another run may have its name.
        if not insert_run(connection, run):
            insert_run(connection, replace(run, name=f"{run.name[:60]} ({run.id})"))
        count += 1
    return count


def _described(place: Path) -> Run | None:
    """Make a run from the description and the model in its folder; None if it has neither.

    Raises:
        DigitpadError: they cannot be read.
    """
    model = None
    with suppress(DigitpadError):
        model = read_model_info(place / MODEL)
    text = _text_of(place / DESCRIPTION)
    if model is None:
        return None if text is None else _local(Run.from_description(text))
    try:
        run = Run.from_description(text or "")
    except DigitpadError:
        # The model alone is enough.
        changed = datetime.fromtimestamp((place / MODEL).stat().st_mtime, UTC)
        config = TrainingConfig.from_json(str(model.origin.get("config", "")))
        run = Run(place.name, model.name, changed, "completed", config)
    # Only a run that the user has stopped has both a checkpoint and a model.
    status: Status = "stopped" if (place / CHECKPOINT).is_file() else "completed"
    return _local(replace(run, status=status, best_accuracy=_accuracy(model)))


def _local(run: Run) -> Run:
    """The run without paths on other computers: its folder may come from a stranger."""
    if not (places := run.config.network_places()):
        return run
    notice = DigitpadError(
        "Its data or its first weights are on another computer ({place}), and so it cannot be"
        " resumed: choose them again for a new run.",
        place=places[0],
    )
    return replace(run, config=replace(run.config, data=None, warm_start=None), notice=str(notice))


def _text_of(path: Path) -> str | None:
    """The content of a small text file; None if it does not exist.

    Raises:
        DigitpadError: it cannot be read.
    """
    try:
        return read_ordinary(path, _MAX_DESCRIPTION).decode()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise DigitpadError("{path} cannot be read: {reason}.", path=path, reason=error) from error


def _accuracy(model: ModelInfo) -> float | None:
    """Mean accuracy over the model's validation datasets; None if it is not known."""
    with suppress(KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError):
        shares = [float(metrics["accuracy"]) for metrics in model.metrics["validation"].values()]
        mean = sum(shares) / len(shares)
        return mean if 0 <= mean <= 1 else None
    return None


def _lock(folder: Path) -> AbstractContextManager[None]:
    """Within this context no other process repairs the list."""
    return repair_lock(
        folder / "repair.lock",
        DigitpadError(
            "The list of runs in {folder} is damaged, and another program is repairing it: try"
            " again.",
            folder=folder,
        ),
        lambda reason: DamagedDatabaseError(
            "The list of runs in {folder} is damaged and cannot be repaired: {reason}. Check the"
            " disk and the folder's permissions.",
            folder=folder,
            reason=reason,
        ),
    )
