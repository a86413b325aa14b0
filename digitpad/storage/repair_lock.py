"""One process at a time repairs a file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from digitpad.errors import DigitpadError

_SECONDS = 10.0


@contextmanager
def repair_lock(
    path: Path, busy: DigitpadError, refused: Callable[[object], DigitpadError]
) -> Iterator[None]:
    """Within this context no other process repairs what the lock stands for.

    Args:
        path: of the file that is locked; it stays.
        busy: what is raised where another process has been repairing it for seconds.
        refused: makes what is raised where there can be no lock, of the reason.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=_SECONDS, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise busy from None
    except OSError as error:
        raise refused(error.strerror or error) from error
    try:
        yield
    finally:
        lock.release()
