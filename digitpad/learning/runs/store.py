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
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from digitpad.errors import DigitpadError
from digitpad.learning.runs.folders import CHECKPOINT, MODEL, RunFolders
from digitpad.learning.runs.run import (
    DataMark,
    MissingRunError,
    Run,
    checked_name,
    free_name,
    missing_run,
    taken_name,
)
from digitpad.learning.runs.run_list import RunList
from digitpad.learning.runs.schema import (
    delete_events,
    insert_events,
    insert_run,
    run_number,
    select_history,
)
from digitpad.storage.aside import put_aside
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import os_errors, read_ordinary
from digitpad.text import Plural, writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.events import History, Row
    from digitpad.learning.runs.run import Status

Result = TypeVar("Result")

_MAX_CHECKPOINT = 2**32
"""Bytes; the largest network's has less than half as many."""


class RunStore:
    """A folder of runs. Every method may be called from any thread.

    Each raises a `DigitpadError` where there is no such run, or what lies there cannot be read or
    written.

    Args:
        folder: need not exist; it is made with the first run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._folders = RunFolders(folder)
        self._list = RunList(self._folders)

    def take_notice(self) -> DigitpadError | None:
        """What to say about damage that was found and repaired since the last call, or None."""
        return self._list.take_notice()

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
                run = self._list.write(insert)
                self._folders.describe(run)
                is_begun = True
                with self._list.kept_open():
                    yield run
        finally:
            if not is_begun:
                with suppress(DigitpadError):
                    self._list.unlist(run_id)
                self._folders.remove(run_id)

    def list(self) -> tuple[Run, ...]:
        """All runs, the newest first; those that cannot be read are left out, with a notice."""
        return tuple(sorted(self._list.all(), key=lambda run: run.created, reverse=True))

    def get(self, run_id: str) -> Run:
        """One run."""
        return self._one("id = ?", run_id)

    def find(self, id_or_name: str) -> Run:
        """One run, by its id or its name."""
        return self._one("id = ?1 OR name = ?1 ORDER BY id = ?1 DESC", id_or_name)

    def history(self, run_id: str) -> History:
        """Everything that has happened in a run; what cannot be read is left out, with a notice."""
        # That takes little beside the reading, and a damaged page may hide events without an error.
        self._list.repair_if_damaged()
        history, odd = self._of_run(run_id, select_history)
        if odd:
            self._list.note(
                DigitpadError(
                    Plural(
                        "One event of the run {run} cannot be read and is missing in its curves.",
                        "{count} events of the run {run} cannot be read and are missing in its"
                        " curves.",
                        odd,
                    ),
                    run=run_id,
                    count=odd,
                ),
                [f"events of {run_id}"],
            )
        return history

    def add_events(self, run_id: str, rows: Iterable[Row], *, durable: bool = False) -> None:
        """Add to a run's history, all or nothing; an event of a step that is there replaces it.

        Args:
            run_id: whose.
            rows: events of any kinds.
            durable: whether the power may not take them any more.
        """
        kept = tuple(rows)
        self._of_run(run_id, lambda c, number: insert_events(c, number, kept), durable=durable)

    def truncate(self, run_id: str, step: int) -> None:
        """Forget what happened in a run after a step: it is resumed from there."""
        self._of_run(run_id, lambda c, number: delete_events(c, number, step), durable=True)

    def set_status(self, run_id: str, status: Status, notice: str | None = None) -> None:
        """Say how a run stands."""
        self._update(run_id, status=status, notice=None if notice is None else writable(notice))

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
        self._update(
            run_id,
            status=status,
            notice=None if notice is None else writable(notice),
            accuracy=accuracy,
            epoch=epoch,
        )
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
        with self.hold(run_id):
            self._folders.empty(run_id)
            self._list.unlist(run_id)
        self._folders.remove(run_id)
        folder = self._folders.of(run_id)
        if folder.exists():
            raise DigitpadError(
                "The folder {folder} could not be deleted: delete it yourself.", folder=folder
            )

    def model_path(self, run_id: str) -> Path:
        """Where a run's finished network lies, or will."""
        return self._folders.of(run_id) / MODEL

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
        return self._folders.of(run_id) / CHECKPOINT

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
            return read_ordinary(path, _MAX_CHECKPOINT)
        return None

    def put_checkpoint_aside(self, run_id: str) -> Path:
        """Rename a run's checkpoint, which cannot be used, to the next free name; that name.

        Raises:
            DigitpadError: it cannot be renamed.
        """
        path = self.checkpoint_path(run_id)
        with os_errors("{path} could not be put aside: {reason}. Delete it yourself.", path=path):
            return put_aside(path)

    @contextmanager
    def hold(self, run_id: str) -> Iterator[Run]:
        """Within this context nobody else writes the run; the end of the process ends it, too.

        The run is as it stood before.

        Raises:
            DigitpadError: somebody else holds it, or there is no such run.
        """
        if not self._folders.of(run_id).is_dir():
            # A folder is made for a run only.
            self.get(run_id)
        with self._locked(run_id):
            run = self.get(run_id)
            with self._list.kept_open():
                yield run

    def _locked(self, run_id: str) -> AbstractContextManager[None]:
        return self._folders.locked(
            run_id,
            lambda: DigitpadError(
                "The run {name!r} is being trained by another window or program: stop it there"
                " first.",
                name=self.get(run_id).name,
            ),
        )

    def _one(self, condition: str, id_or_name: str) -> Run:
        # The command line may have bytes that are no text, which no run can be called.
        id_or_name = writable(id_or_name)
        with suppress(DigitpadError):
            if (run := self._list.one(condition, id_or_name)) is not None:
                return run
        # It may be missing in a damaged list alone.
        for run in self.list():
            if id_or_name in {run.id, run.name}:
                return run
        if (run := self._list.one(condition, id_or_name)) is None:
            raise missing_run(id_or_name)
        return run

    def _describe_again(self, run_id: str) -> Run:
        run = self.get(run_id)
        # The description is a copy for bad times: all stands without it.
        with suppress(DigitpadError):
            self._folders.describe(run)
        return run

    def _update(self, run_id: str, **values: object) -> None:
        places = ", ".join(f"{name} = ?" for name in values)
        query = f"UPDATE runs SET {places} WHERE number = ?"  # noqa: S608
        self._of_run(
            run_id, lambda c, number: c.execute(query, (*values.values(), number)), durable=True
        )

    def _of_run(
        self,
        run_id: str,
        work: Callable[[sqlite3.Connection, int], Result],
        *,
        durable: bool | None = None,
    ) -> Result:
        """Do some work on a run of the list, reading, or writing where `durable` is given."""

        def numbered(connection: sqlite3.Connection) -> Result:
            return work(connection, run_number(connection, run_id))

        def do() -> Result:
            if durable is None:
                return self._list.read(numbered)
            return self._list.write(numbered, durable=durable)

        try:
            return do()
        except MissingRunError:
            # The list may have been lost, and comes back with all runs; or its index is damaged.
            self._list.repair_if_damaged()
            if run_id not in {run.id for run in self.list()}:
                raise
            return do()
