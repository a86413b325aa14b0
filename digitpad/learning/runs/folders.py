"""The folders of runs, and the locks of those that are trained. Only here do ids become paths."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from digitpad.learning.runs.run import Run, is_run_id, missing_run
from digitpad.storage.atomic import write_atomically
from digitpad.storage.folders import make_private
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

    from digitpad.errors import DigitpadError

DESCRIPTION = "run.json"
MODEL = "model.safetensors"
CHECKPOINT = "checkpoint.safetensors"
SAMPLES = "samples.sqlite"
COMPARISON = "comparison.json"
EPOCHS = "epochs"
"""Name of the folder within that of a run with the weights of its epochs."""

_DELETED = "deleted"
"""Name of a file that marks the folder of a run as deleted."""

_LOCK = "lock"
_LOCK_SECONDS = 0.5
_LEFT_SECONDS = 3600.0
"""An empty folder is left over if it has not changed for so many seconds."""


class RunFolders:
    """The folders of all runs. Each is named by the id of its run.

    Args:
        root: the folder with these folders; it need not exist.

    Attributes:
        root: as given.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, run_id: str) -> Path:
        """The folder of a run.

        Raises:
            MissingRunError: this is no id of a run, so it must not become a path.
        """
        if not is_run_id(run_id):
            raise missing_run(run_id)
        return self.root / run_id

    def describe(self, run: Run) -> None:
        """Write a run's description, from which the list of runs can be restored.

        Raises:
            DigitpadError: it cannot be written.
        """
        write_atomically(self.of(run.id) / DESCRIPTION, run.describe())

    def as_it_lies(self, run: Run) -> Run:
        """Complete a run of the list with what is known from its folder."""
        folder = self.of(run.id)
        if run.status == "running" and not self.is_held(run.id):
            run = replace(run, status="interrupted")
        return replace(
            run,
            has_model=(folder / MODEL).is_file(),
            is_resumable=run.status in {"suspended", "interrupted"}
            or (run.status in {"failed", "stopped"} and (folder / CHECKPOINT).is_file()),
        )

    @contextmanager
    def locked(self, run_id: str, in_use: Callable[[], DigitpadError]) -> Iterator[None]:
        """Within this context no other process holds the run. The lock ends with the process.

        Args:
            run_id: of the run, whose folder is made if it is missing.
            in_use: makes the error if another process holds the run.

        Raises:
            DigitpadError: another process holds the run, or its folder cannot be written.
        """
        from filelock import Timeout

        folder, lock = self.of(run_id), self._lock(run_id)
        with os_errors(
            "The folder of the run {folder} cannot be written: {reason}. Check the disk and the"
            " folder's permissions.",
            folder=folder,
        ):
            make_private(folder)
            try:
                # With a short wait, because `is_held` takes the lock for a moment.
                lock.acquire(timeout=_LOCK_SECONDS)
            except Timeout:
                raise in_use() from None
        try:
            yield
        finally:
            lock.release()

    def is_held(self, run_id: str) -> bool:
        """Whether a process holds a run, that is trains it."""
        from filelock import Timeout

        lock = self._lock(run_id)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:
            # Where no lock can be made, no run can be trained.
            return False
        lock.release()
        return False

    def is_deleted(self, run_id: str) -> bool:
        """Whether a run was deleted, though its folder may still exist."""
        return (self.of(run_id) / _DELETED).exists()

    def empty(self, run_id: str) -> None:
        """Mark a run as deleted, and remove its files. The caller must hold the run.

        Hardly anything is written, so that runs can be deleted when the disk is full.

        Raises:
            DigitpadError: it cannot be marked; nothing was removed.
        """
        folder = self.of(run_id)
        with os_errors(
            "The run in {folder} could not be deleted: {reason}. Check the folder's permissions.",
            folder=folder,
        ):
            try:
                (folder / DESCRIPTION).replace(folder / _DELETED)
            except FileNotFoundError:
                (folder / _DELETED).touch()
        for name in (CHECKPOINT, MODEL, COMPARISON):
            with suppress(OSError):
                (folder / name).unlink()
        shutil.rmtree(folder / EPOCHS, ignore_errors=True)
        self.remove_samples(run_id)

    def remove_samples(self, run_id: str) -> None:
        """Remove a run's copy of the user's samples, as far as possible."""
        # The log that belongs to a database first.
        for suffix in ("-wal", "-shm", ""):
            with suppress(OSError):
                (self.of(run_id) / f"{SAMPLES}{suffix}").unlink()

    def forget_samples(self) -> None:
        """Remove all copies of the user's samples of runs that no process holds."""
        for place in self.root.glob(f"*/{SAMPLES}"):
            run_id = place.parent.name
            if is_run_id(run_id) and not self.is_held(run_id):
                self.remove_samples(run_id)

    def remove(self, run_id: str) -> None:
        """Remove a run's folder, as far as possible."""
        shutil.rmtree(self.of(run_id), ignore_errors=True)

    def left_over(self) -> Iterator[str]:
        """Ids of folders that a dead process left behind: of deleted runs, or of runs not begun."""
        try:
            places = list(self.root.iterdir())
        except OSError:
            places = []
        for place in places:
            with suppress(OSError):
                if is_run_id(place.name) and place.is_dir():
                    names = {entry.name for entry in place.iterdir()}
                    is_old = time.time() - place.stat().st_mtime > _LEFT_SECONDS
                    # A run that is being begun has its lock before anything else.
                    is_left = _DELETED in names or (names <= {_LOCK} and is_old)
                    if is_left and not self.is_held(place.name):
                        yield place.name

    def _lock(self, run_id: str) -> BaseFileLock:
        from filelock import FileLock

        # A generator that holds it may be closed on another thread than the one that began it.
        return FileLock(self.of(run_id) / _LOCK, thread_local=False)
