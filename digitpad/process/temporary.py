"""Temporary files where the system has no place for them: the profile has one then."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from digitpad.paths import Profile

_LOCK = "lock"
_WAIT_S = 2.0
_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_FOLDERS = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108 - looked at, not written to


def provide_temporary_folder(profile: Profile) -> None:
    """Let this process use a folder of the profile where the system has none.

    This goes for all its libraries. Python would fall back on the present folder, which may be
    somebody's documents, and fail where that cannot be written to either. The folder is private and
    goes with the process; what killed processes have left behind goes now.

    They go where the system has one now, too.

    Where the profile cannot be written to nothing is changed: whoever needs a file says so.

    Args:
        profile: has the folder.
    """
    if os.name != "posix":
        return
    if _system_has_one():
        with contextlib.suppress(OSError):
            _sweep(profile.temporary_dir)
        return
    with contextlib.suppress(OSError):
        folder = _make(profile.temporary_dir)
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


def _system_has_one() -> bool:
    # Asked, not tried out: every start of the program comes along here.
    named = [os.environ[name] for name in _VARIABLES if os.environ.get(name)]
    return any(os.access(folder, os.W_OK | os.X_OK) for folder in (*named, *_FOLDERS))


def _make(root: Path) -> Path:
    """Make a folder for this process alone.

    Raises:
        OSError: it cannot be made.
    """
    from filelock import FileLock

    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One process at a time, so that none takes a folder that is being made for a dead one's.
    with FileLock(root / _LOCK, timeout=_WAIT_S):
        _remove_left_ones(root)
        folder = Path(tempfile.mkdtemp(dir=root))
        # The system lets go of it however the process ends.
        lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
        lock.acquire()
    atexit.register(_remove, folder, lock)
    return folder


def _sweep(root: Path) -> None:
    if not any(entry.name != _LOCK for entry in os.scandir(root)):
        return
    from filelock import FileLock

    with FileLock(root / _LOCK, timeout=_WAIT_S):
        _remove_left_ones(root)


def _remove_left_ones(root: Path) -> None:
    from filelock import FileLock

    for folder in root.iterdir():
        if folder.is_dir():
            lock = FileLock(folder / _LOCK, timeout=0)
            # Held by a process that lives, this lock is an OSError, too.
            with contextlib.suppress(OSError):
                lock.acquire()
                _remove(folder, lock)


def _remove(folder: Path, lock: BaseFileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
