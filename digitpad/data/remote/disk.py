"""The disk under a download: one program at a time, checked files, and clear sentences."""

from __future__ import annotations

import errno
import hashlib
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from digitpad.data.progress import Loading, Ticker
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

    from digitpad.data.progress import Stage

TICK_S = 0.05
PIECE = 2**20


def acquire(path: Path, stage: Stage) -> Generator[Loading, None, BaseFileLock]:
    """Wait until no other program holds a lock, and take it; it is to be released."""
    from filelock import FileLock, Timeout

    # A generator may be closed by another thread than the one that began it.
    lock = FileLock(path, thread_local=False)
    while not lock.is_locked:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield Loading(stage, 0, None, "bytes")
            time.sleep(TICK_S)
    return lock


def has_md5(path: Path, md5: str) -> Generator[Loading, None, bool]:
    """Whether a file is there and has this MD5, the hash by which torchvision knows its files."""
    if not path.is_file():
        return False
    digest, done, total = hashlib.md5(usedforsecurity=False), 0, path.stat().st_size
    ticker = Ticker(TICK_S)
    ticker.is_due()  # a small file is checked in no time
    with path.open("rb") as file:
        while data := file.read(PIECE):
            digest.update(data)
            done += len(data)
            if ticker.is_due():
                yield Loading("checking", done, total, "bytes")
    return digest.hexdigest() == md5


def write_all(file: IO[bytes], data: bytes) -> None:
    """Write to an unbuffered file, which may take less than it is given at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn errors of the disk into sentences; `path` is named where the error names no file."""
    try:
        yield
    except OSError as error:
        place = error.filename or path
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DigitpadError(
                "The disk is full: {path} could not be written. Make room and try again; what has"
                " been downloaded already is kept.",
                path=place,
            ) from error
        raise DigitpadError(
            "{path} could not be used: {reason}. Check the disk and the folder's permissions.",
            path=place,
            reason=error.strerror or error,
        ) from error
