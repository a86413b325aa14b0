"""A file that grows while it is downloaded, and takes its name when it is whole and right."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from digitpad.data.progress import Loading, Ticker
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

_PIECE = 2**20


def new_md5() -> hashlib._Hash:
    """A running MD5, the hash by which torchvision knows its files."""
    return hashlib.md5(usedforsecurity=False)


def hash_file(path: Path) -> Generator[Loading, None, str | None]:
    """The MD5 of a file in hexadecimal digits; None where there is no file.

    Raises:
        DigitpadError: it cannot be read.
    """
    try:
        if not path.is_file():
            return None
        total = path.stat().st_size
        with path.open("rb") as file:
            digest = yield from _hash(file, total)
    except OSError as error:
        raise DigitpadError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    return digest.hexdigest()


class PartFile:
    """What has come of a file so far, in ``NAME.part`` beside its place.

    Args:
        target: where the whole file is to lie; its folder exists.
    """

    def __init__(self, target: Path) -> None:
        self.size = 0
        """Bytes so far."""
        self._target = target
        self._path = target.with_name(f"{target.name}.part")
        self._digest = new_md5()
        self._file: IO[bytes] | None = None

    @property
    def digest(self) -> str:
        """MD5 of the bytes so far, in hexadecimal digits."""
        return self._digest.hexdigest()

    def open(self) -> Generator[Loading]:
        """Take up what an earlier download has left.

        Raises:
            DigitpadError: the folder or the file cannot be written to.
        """
        with disk_errors(self._path):
            # Unbuffered, so that what is counted lies in the file.
            self._file = self._path.open("r+b" if self._path.exists() else "w+b", buffering=0)
            self.size = os.fstat(self._file.fileno()).st_size
            self._digest = yield from _hash(self._file, self.size)

    def append(self, data: bytes) -> None:
        """Add bytes at the end.

        Raises:
            DigitpadError: the disk is full, or broken.
        """
        with disk_errors(self._path):
            write_all(self._opened(), data)
        self._digest.update(data)
        self.size += len(data)

    def restart(self) -> None:
        """Throw away what has come.

        Raises:
            DigitpadError: the disk is broken.
        """
        with disk_errors(self._path):
            self._opened().seek(0)
            self._opened().truncate()
        self._digest = new_md5()
        self.size = 0

    def finish(self) -> None:
        """Give the file its name, once it is safe on the disk.

        Raises:
            DigitpadError: the disk does not take it.
        """
        with disk_errors(self._target):
            os.fsync(self._opened().fileno())
            self.close()
            self._path.replace(self._target)

    def close(self) -> None:
        """Leave the file as it is, to be taken up another time. Can be called twice."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None
            # An empty one is of no use.
            if self.size == 0:
                with contextlib.suppress(OSError):
                    self._path.unlink()

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            raise RuntimeError("the file is not open")
        return self._file


def write_all(file: IO[bytes], data: bytes) -> None:
    """Write to an unbuffered file, which may take less than it is given at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn errors of writing into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DigitpadError(
                "The disk is full: {path} could not be written. Make room and try again; what has"
                " been downloaded already is kept.",
                path=path,
            ) from error
        raise DigitpadError(
            "{path} could not be written: {reason}. Check the disk and the folder's permissions.",
            path=path,
            reason=error.strerror or error,
        ) from error


def _hash(file: IO[bytes], total: int) -> Generator[Loading, None, hashlib._Hash]:
    digest = new_md5()
    done = 0
    ticker = Ticker()
    while data := file.read(_PIECE):
        digest.update(data)
        done += len(data)
        if ticker.is_due():
            yield Loading("checking", done, total, "bytes")
    return digest
