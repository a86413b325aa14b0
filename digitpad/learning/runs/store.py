"""The store of training runs on disk: their configurations, curves, checkpoints and models.

Each run has a folder with its checkpoint and its model. Its events are in a database beside the
folders. Its folder also has a copy of its description, from which the list of runs is restored if
the database is lost. Several processes can use one store. A process holds the run that it trains. A
run that is "running" in the database, but held by no process, was interrupted. Without torch.
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
from digitpad.learning.retraining.comparison import Comparison
from digitpad.learning.runs.folders import (
    CHECKPOINT,
    COMPARISON,
    EPOCHS,
    MODEL,
    SAMPLES,
    RunFolders,
)
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
"""Largest number of bytes of a checkpoint: more than twice that of the largest network."""

_MAX_COMPARISON = 2**20


class RunStore:
    """The store of training runs. Its methods can be called from any thread.

    They raise a `DigitpadError` if there is no such run, or if it cannot be read or written.

    Args:
        folder: made with the first run if it does not exist.

    Attributes:
        folder: as given.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._folders = RunFolders(folder)
        self._list = RunList(self._folders)

    def take_notice(self) -> DigitpadError | None:
        """A notice about damage found since the last call; None if there was none."""
        return self._list.take_notice()

    @contextmanager
    def begin(self, config: TrainingConfig, name: str | None = None) -> Iterator[Run]:
        """Begin a run, and hold it within this context.

        Args:
            config: its configuration.
            name: its name; None finds one, such as "MNIST, quicknet 3".

        Raises:
            DigitpadError: the name is not allowed or taken, or the folder cannot be written.
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
        """All runs, the newest first. Those that cannot be read are left out, with a notice."""
        return tuple(sorted(self._list.all(), key=lambda run: run.created, reverse=True))

    def get(self, run_id: str) -> Run:
        """The run with this id."""
        return self._one("id = ?", run_id)

    def find(self, id_or_name: str) -> Run:
        """The run with this id or name."""
        return self._one("id = ?1 OR name = ?1 ORDER BY id = ?1 DESC", id_or_name)

    def history(self, run_id: str) -> History:
        """The events of a run. Those that cannot be read are left out, with a notice."""
        # This takes little time, and a damaged page can hide events without any error.
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
        """Add events to a run, all or nothing. They replace those of the same kind and step.

        Args:
            run_id: of the run.
            rows: events of any kind.
            durable: whether they must survive a loss of power.
        """
        kept = tuple(rows)
        self._of_run(run_id, lambda c, number: insert_events(c, number, kept), durable=durable)

    def truncate(self, run_id: str, step: int) -> None:
        """Delete the events of a run after a step, from which it is resumed."""
        self._of_run(run_id, lambda c, number: delete_events(c, number, step), durable=True)

    def set_status(self, run_id: str, status: Status, notice: str | None = None) -> None:
        """Change the status of a run."""
        self._update(run_id, status=status, notice=None if notice is None else writable(notice))

    def set_data(self, run_id: str, data: DataMark) -> None:
        """Keep the mark of a run's data."""
        self._update(run_id, data=json.dumps(asdict(data)))

    def set_steps(self, run_id: str, steps: int) -> None:
        """Keep the number of steps of the whole training."""
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
        """End a run whose model has been written.

        Args:
            run_id: of the run.
            status: "completed" or "stopped".
            notice: a sentence if it did not end as planned; else None.
            accuracy: of the model on the validation data, in [0, 1].
            epoch: the epoch of the model; None if no epoch has ended.
            keeps_checkpoint: whether the checkpoint is kept, so that the run can be resumed.
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
            # What it has learned from is needed only to resume it.
            self._folders.remove_samples(run_id)
        return self.get(run_id)

    def rename(self, run_id: str, name: str) -> Run:
        """Give a run another name.

        Raises:
            DigitpadError: the name is not allowed or taken, or it cannot be written.
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
            DigitpadError: a process is training it, or it cannot be deleted.
        """
        with self.hold(run_id):
            self._folders.empty(run_id)
            self._list.unlist(run_id)
        self._folders.remove(run_id)
        if (folder := self._folders.of(run_id)).exists():
            raise DigitpadError(
                "The folder {folder} could not be deleted: delete it yourself.", folder=folder
            )

    def model_path(self, run_id: str) -> Path:
        """The path of a run's model, which need not exist yet."""
        return self._folders.of(run_id) / MODEL

    def epochs_path(self, run_id: str) -> Path:
        """The folder with the weights of a run's epochs, which need not exist."""
        return self._folders.of(run_id) / EPOCHS

    def keep_left_out(self, run_id: str, text: str) -> None:
        """Keep the list of what could not be read of a run's data; "" if nothing was left out.

        Raises:
            DigitpadError: it cannot be written.
        """
        path = self.model_path(run_id).with_name("left-out.json")
        if text or path.exists():
            write_atomically(path, text)

    def samples_path(self, run_id: str) -> Path:
        """The path of a run's copy of the user's samples, which need not exist."""
        return self._folders.of(run_id) / SAMPLES

    def forget_samples(self) -> None:
        """Delete all copies of the user's samples, but for those of trainings under way.

        The others can then not be resumed.
        """
        self._folders.forget_samples()

    def keep_comparison(self, run_id: str, comparison: Comparison) -> None:
        """Keep what a training changes for the user and for everybody.

        Raises:
            DigitpadError: it cannot be written.
        """
        write_atomically(self._folders.of(run_id) / COMPARISON, comparison.to_json())

    def comparison(self, run_id: str) -> Comparison | None:
        """What `keep_comparison` has kept; None if there is nothing, or it cannot be read."""
        path = self._folders.of(run_id) / COMPARISON
        with suppress(OSError, ValueError, DigitpadError):
            return Comparison.from_json(read_ordinary(path, _MAX_COMPARISON).decode())
        return None

    def checkpoint_path(self, run_id: str) -> Path:
        """The path of a run's checkpoint, which need not exist yet."""
        return self._folders.of(run_id) / CHECKPOINT

    def save_checkpoint(self, run_id: str, data: bytes) -> None:
        """Replace a run's checkpoint.

        Raises:
            DigitpadError: it cannot be written; the old one is unchanged.
        """
        write_atomically(self.checkpoint_path(run_id), data)

    def load_checkpoint(self, run_id: str) -> bytes | None:
        """The content of a run's checkpoint; None if it has none."""
        path = self.checkpoint_path(run_id)
        with os_errors("{path} cannot be read: {reason}.", path=path), suppress(FileNotFoundError):
            return read_ordinary(path, _MAX_CHECKPOINT)
        return None

    def put_checkpoint_aside(self, run_id: str) -> Path:
        """Rename a run's checkpoint, which cannot be used; returns its new path.

        Raises:
            DigitpadError: it cannot be renamed.
        """
        path = self.checkpoint_path(run_id)
        with os_errors("{path} could not be put aside: {reason}. Delete it yourself.", path=path):
            return put_aside(path)

    @contextmanager
    def hold(self, run_id: str) -> Iterator[Run]:
        """Within this context no other process writes the run. The lock ends with the process.

        The context gives the run as it was before.

        Raises:
            DigitpadError: another process holds the run, or there is no such run.
        """
        if not self._folders.of(run_id).is_dir():
            # Fails if there is no such run, so that no folder is made for it.
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
        # The command line may have bytes that are no text. No run has such a name.
        id_or_name = writable(id_or_name)
        with suppress(DigitpadError):
            if (run := self._list.one(condition, id_or_name)) is not None:
                return run
        # It may only be missing in a damaged list.
        for run in self.list():
            if id_or_name in {run.id, run.name}:
                return run
        if (run := self._list.one(condition, id_or_name)) is None:
            raise missing_run(id_or_name)
        return run

    def _describe_again(self, run_id: str) -> Run:
        run = self.get(run_id)
        # The description is a copy for emergencies: the run does not need it.
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
        """Run a function on a run in the list: it reads, or writes if `durable` is given."""

        def numbered(connection: sqlite3.Connection) -> Result:
            return work(connection, run_number(connection, run_id))

        def do() -> Result:
            if durable is None:
                return self._list.read(numbered)
            return self._list.write(numbered, durable=durable)

        try:
            return do()
        except MissingRunError:
            # The list may be lost, and is then restored; or its index may be damaged.
            self._list.repair_if_damaged()
            if run_id not in {run.id for run in self.list()}:
                raise
            return do()
