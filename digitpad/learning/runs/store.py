"""Runs on disk: every training that was begun, with its settings, its curves and its network.

A run has a folder of its own with its checkpoint and its model; what happened in it lies in a
database beside the folders. A copy of its description lies in its folder, so that the list can be
made again where the database is lost. Several processes may use one store: whoever trains holds
the run, and a run that nobody holds though it says that it is running was interrupted.

Free of torch.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from digitpad.errors import DigitpadError
from digitpad.learning.runs.repair import DESCRIPTION, MODEL, repair
from digitpad.learning.runs.run import DataMark, Run, checked_name, free_name, taken_name
from digitpad.learning.runs.schema import (
    MIGRATIONS,
    RUNS_QUERY,
    delete_events,
    insert_events,
    insert_run,
    missing_run,
    run_number,
    run_of,
    select_history,
)
from digitpad.storage.atomic import write_atomically
from digitpad.storage.database import DamagedDatabaseError, Database
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

    from digitpad.learning.config import TrainingConfig
    from digitpad.learning.events import History, Row
    from digitpad.learning.runs.run import Status

Result = TypeVar("Result")
_DATABASE = "runs.sqlite"
_LOCK_SECONDS = 0.5


class RunStore:
    """A folder of runs. Every method may be called from any thread.

    Each raises a `DigitpadError` where there is no such run, or what lies there cannot be read or
    written.

    Args:
        folder: need not exist; it is made with the first run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._database = Database(folder / _DATABASE, MIGRATIONS)
        self._notice: DigitpadError | None = None

    def take_notice(self) -> DigitpadError | None:
        """What to say about damage that was found and repaired since the last call, or None."""
        notice, self._notice = self._notice, None
        return notice

    @contextmanager
    def begin(self, config: TrainingConfig, name: str | None = None) -> Iterator[Run]:
        """Make a run that is running, and hold it within this context.

        Args:
            config: what it is to do.
            name: None finds one, as "MNIST, quicknet 3".

        Raises:
            DigitpadError: the name cannot be used or is taken, or the folder cannot be written.
        """
        wanted = None if name is None else checked_name(name)
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

        def insert(connection: sqlite3.Connection) -> Run:
            taken = {row[0] for row in connection.execute("SELECT name FROM runs")}
            run = Run(run_id, wanted or free_name(config, taken), now, "running", config)
            if not insert_run(connection, run):
                raise taken_name(run.name)
            return run

        is_begun = False
        try:
            with self._locked(run_id):
                run = self._write(insert)
                self._describe(run)
                is_begun = True
                with self._database.kept_open():
                    yield run
        finally:
            if not is_begun:
                with suppress(DigitpadError):
                    self._write(lambda c: c.execute("DELETE FROM runs WHERE id = ?", (run_id,)))
                shutil.rmtree(self._folder_of(run_id), ignore_errors=True)

    def list(self) -> tuple[Run, ...]:
        """All runs, the newest first; those that this version cannot read are left out."""
        rows = self._read(lambda c: c.execute(f"{RUNS_QUERY} ORDER BY number DESC").fetchall())
        runs = []
        for row in rows:
            # A configuration of a newer version may have settings that this one does not know.
            with suppress(DigitpadError):
                runs.append(self._run(row))
        return tuple(runs)

    def get(self, run_id: str) -> Run:
        """One run."""
        return self._one("id = ?", run_id)

    def find(self, id_or_name: str) -> Run:
        """One run, by its id or its name."""
        return self._one("id = ?1 OR name = ?1 ORDER BY id = ?1 DESC", id_or_name)

    def history(self, run_id: str) -> History:
        """Everything that has happened in a run."""
        return self._read(lambda c: select_history(c, run_number(c, run_id)))

    def add_events(self, run_id: str, rows: Iterable[Row], *, durable: bool = False) -> None:
        """Add to a run's history, all or nothing; an event of a step that is there replaces it.

        Args:
            run_id: whose.
            rows: events of any kinds.
            durable: whether the power may not take them any more.
        """
        kept = tuple(rows)
        self._write(lambda c: insert_events(c, run_number(c, run_id), kept), durable=durable)

    def truncate(self, run_id: str, step: int) -> None:
        """Forget what happened in a run after a step: it is resumed from there."""
        self._write(lambda c: delete_events(c, run_number(c, run_id), step))

    def set_status(self, run_id: str, status: Status, notice: str | None = None) -> None:
        """Say how a run stands."""
        self._update(run_id, status=status, notice=notice)

    def set_data(self, run_id: str, data: DataMark) -> None:
        """Say what a run learns from."""
        self._update(run_id, data=json.dumps(asdict(data)))

    def set_steps(self, run_id: str, steps: int) -> None:
        """Say how many steps the whole training has."""
        self._update(run_id, steps=steps)
        self._describe_again(run_id)

    def finish(
        self,
        run_id: str,
        status: Status,
        notice: str | None,
        accuracy: float,
        epoch: int | None,
        *,
        keeps_checkpoint: bool = False,
    ) -> Run:
        """End a run whose model is written.

        Args:
            run_id: which.
            status: "completed" or "stopped".
            notice: a sentence where it did not end as planned, else None.
            accuracy: of the model on the validation data.
            epoch: the one that the model is of; None where none was ended.
            keeps_checkpoint: whether it can be resumed all the same.
        """
        self._update(run_id, status=status, notice=notice, accuracy=accuracy, epoch=epoch)
        if not keeps_checkpoint:
            with suppress(OSError):
                self.checkpoint_path(run_id).unlink()
        return self.get(run_id)

    def rename(self, run_id: str, name: str) -> Run:
        """Give a run another name.

        Raises:
            DigitpadError: the name cannot be used or is taken, or it cannot be written.
        """
        chosen = checked_name(name)
        try:
            self._update(run_id, name=chosen)
        except sqlite3.IntegrityError:
            raise taken_name(chosen) from None
        return self._describe_again(run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run with its curves, its checkpoint and its model.

        Raises:
            DigitpadError: some process trains it, or it cannot be deleted.
        """
        folder = self._folder_of(run_id)
        with self.hold(run_id):
            self._write(lambda c: c.execute("DELETE FROM runs WHERE id = ?", (run_id,)))
            # Without it the run would come back where the list is made again.
            with suppress(OSError):
                (folder / DESCRIPTION).unlink()
                self.model_path(run_id).unlink()
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            raise DigitpadError(
                "The folder {folder} could not be deleted: delete it yourself.", folder=folder
            )

    def model_path(self, run_id: str) -> Path:
        """Where a run's finished network lies, or will."""
        return self._folder_of(run_id) / MODEL

    def keep_left_out(self, run_id: str, text: str) -> None:
        """Keep the list of what of its data could not be read; "" where it could all be.

        Raises:
            DigitpadError: it cannot be written.
        """
        path = self.model_path(run_id).with_name("left-out.json")
        if text or path.exists():
            write_atomically(path, text)

    def checkpoint_path(self, run_id: str) -> Path:
        """Where a run's checkpoint lies, or will."""
        return self._folder_of(run_id) / "checkpoint.safetensors"

    def save_checkpoint(self, run_id: str, data: bytes) -> None:
        """Replace a run's checkpoint.

        Raises:
            DigitpadError: it cannot be written; the old one is unchanged.
        """
        write_atomically(self.checkpoint_path(run_id), data)

    def load_checkpoint(self, run_id: str) -> bytes | None:
        """A run's checkpoint; None where it has none."""
        path = self.checkpoint_path(run_id)
        with os_errors("{path} cannot be read: {reason}.", path=path), suppress(FileNotFoundError):
            return path.read_bytes()
        return None

    @contextmanager
    def hold(self, run_id: str) -> Iterator[Run]:
        """Within this context nobody else writes the run; the end of the process ends it, too.

        The run is as it stood before.

        Raises:
            DigitpadError: somebody else holds it, or there is no such run.
        """
        if not self._folder_of(run_id).is_dir():
            # A folder is made for a run only.
            self.get(run_id)
        with self._locked(run_id):
            run = self.get(run_id)
            with self._database.kept_open():
                yield run

    @contextmanager
    def _locked(self, run_id: str) -> Iterator[None]:
        from filelock import Timeout

        folder, lock = self._folder_of(run_id), self._lock(run_id)
        with os_errors(
            "The folder of the run {folder} cannot be written: {reason}. Check the disk and the"
            " folder's permissions.",
            folder=folder,
        ):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                # Whoever only looks whether it is held has it for a moment.
                lock.acquire(timeout=_LOCK_SECONDS)
            except Timeout:
                raise DigitpadError(
                    "The run {name!r} is being trained by another window or program: stop it there"
                    " first.",
                    name=self.get(run_id).name,
                ) from None
        try:
            yield
        finally:
            lock.release()

    def _one(self, condition: str, id_or_name: str) -> Run:
        query = f"{RUNS_QUERY} WHERE {condition}"
        row = self._read(lambda c: c.execute(query, (id_or_name,)).fetchone())
        if row is None:
            raise missing_run(id_or_name)
        return self._run(row)

    def _run(self, row: tuple[Any, ...]) -> Run:
        run = run_of(row)
        if run.status == "running" and not self._is_held(run.id):
            run = replace(run, status="interrupted")
        return replace(
            run,
            has_model=self.model_path(run.id).is_file(),
            is_resumable=run.status in {"suspended", "interrupted"}
            or (run.status in {"failed", "stopped"} and self.checkpoint_path(run.id).is_file()),
        )

    def _is_held(self, run_id: str) -> bool:
        from filelock import Timeout

        lock = self._lock(run_id)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:
            # Where the lock cannot even be made nobody trains.
            return False
        lock.release()
        return False

    def _lock(self, run_id: str) -> BaseFileLock:
        from filelock import FileLock

        # A generator that holds it may be closed by another thread than the one that began it.
        return FileLock(self._folder_of(run_id) / "lock", thread_local=False)

    def _folder_of(self, run_id: str) -> Path:
        return self.folder / run_id

    def _describe(self, run: Run) -> None:
        write_atomically(self._folder_of(run.id) / DESCRIPTION, run.describe())

    def _describe_again(self, run_id: str) -> Run:
        run = self.get(run_id)
        # The description is a copy for bad times: all stands without it.
        with suppress(DigitpadError):
            self._describe(run)
        return run

    def _update(self, run_id: str, **values: object) -> None:
        places = ", ".join(f"{name} = ?" for name in values)

        def update(connection: sqlite3.Connection) -> None:
            changed = connection.execute(
                f"UPDATE runs SET {places} WHERE id = ?",  # noqa: S608
                (*values.values(), run_id),
            )
            if not changed.rowcount:
                raise missing_run(run_id)

        self._write(update)

    def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return self._repairing(lambda: self._database.read(work))

    def _write(
        self, work: Callable[[sqlite3.Connection], Result], *, durable: bool = True
    ) -> Result:
        return self._repairing(lambda: self._database.write(work, durable=durable))

    def _repairing(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        except DamagedDatabaseError:
            self._notice = repair(self.folder, self._database) or self._notice
            return work()
