"""One program at a time: the window and the command line share the folder of data sets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from digitpad.data.progress import Loading
from digitpad.data.remote.partfile import disk_errors

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from filelock import BaseFileLock

    from digitpad.data.progress import Stage

_TICK_S = 0.05


def acquire(path: Path, stage: Stage) -> Generator[Loading, None, BaseFileLock]:
    """Wait until nobody else holds a lock, and take it.

    Args:
        path: of the lock; its folder exists.
        stage: what is waited for.

    Returns:
        The lock, which is to be released.

    Raises:
        DigitpadError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    # A generator may be closed by another thread than the one that began it.
    lock = FileLock(path, thread_local=False)
    while not lock.is_locked:
        with disk_errors(path):
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                pass
        yield Loading(stage, 0, None, "bytes")
        time.sleep(_TICK_S)
    return lock
