"""The folders of runs: what lies in each, and who holds it. Ids become paths here alone."""

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
_DELETED = "deleted"
"""A file in the folder of a run that is being deleted, or was when its process died."""

_LOCK = "lock"
_LOCK_SECONDS = 0.5
_LEFT_SECONDS = 3600.0
"""A folder with nothing in it is left over when nothing has happened there for so long."""


class RunFolders:
    """A folder for each run, named by its id.

    Args:
        root: holds them; it need not exist.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, run_id: str) -> Path:
        """The folder of a run; a `DigitpadError` where this is no id, wherever it comes from."""
        if not is_run_id(run_id):
            raise missing_run(run_id)
        return self.root / run_id

    def describe(self, run: Run) -> None:
        """Keep a run's description, so that the list of runs can be made again.

        Raises:
            DigitpadError: it cannot be written.
        """
        write_atomically(self.of(run.id) / DESCRIPTION, run.describe())

    def as_it_lies(self, run: Run) -> Run:
        """A run of the list, with what its folder tells."""
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
        """Within this context nobody else holds a run; the end of the process ends it, too.

        Args:
            run_id: whose folder is made where it is missing.
            in_use: makes what is raised where somebody holds it.

        Raises:
            DigitpadError: somebody holds it, or the folder cannot be written.
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
                # Whoever only looks whether it is held has it for a moment.
                lock.acquire(timeout=_LOCK_SECONDS)
            except Timeout:
                raise in_use() from None
        try:
            yield
        finally:
            lock.release()

    def is_held(self, run_id: str) -> bool:
        """Whether some process trains a run."""
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

    def is_deleted(self, run_id: str) -> bool:
        """Whether somebody has deleted a run, though something of it may still be there."""
        return (self.of(run_id) / _DELETED).exists()

    def empty(self, run_id: str) -> None:
        """Mark a run as deleted, and remove its files; whoever calls it holds the run.

        Nothing new is written: runs are deleted where the disk is full.

        Raises:
            DigitpadError: it cannot be marked, and stays as it is.
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
        for name in (CHECKPOINT, MODEL):
            with suppress(OSError):
                (folder / name).unlink()

    def remove(self, run_id: str) -> None:
        """Remove what can be removed of a run's folder."""
        shutil.rmtree(self.of(run_id), ignore_errors=True)

    def left_over(self) -> Iterator[str]:
        """Ids whose folders nobody needs: deleted or never begun, when their process died."""
        try:
            places = list(self.root.iterdir())
        except OSError:
            places = []
        for place in places:
            with suppress(OSError):
                if is_run_id(place.name) and place.is_dir():
                    names = {entry.name for entry in place.iterdir()}
                    is_old = time.time() - place.stat().st_mtime > _LEFT_SECONDS
                    # One that is being begun has its lock before it has anything else.
                    is_left = _DELETED in names or (names <= {_LOCK} and is_old)
                    if is_left and not self.is_held(place.name):
                        yield place.name

    def _lock(self, run_id: str) -> BaseFileLock:
        from filelock import FileLock

        # A generator that holds it may be closed by another thread than the one that began it.
        return FileLock(self.of(run_id) / _LOCK, thread_local=False)
