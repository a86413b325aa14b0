"""Errors of the system as sentences."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_BINARY = getattr(os, "O_BINARY", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


@contextmanager
def os_errors(template: str, **fields: object) -> Iterator[None]:
    """Within this context an `OSError` becomes a `DigitpadError`.

    Args:
        template: a sentence with the gap {reason}, which the system fills.
        fields: what its other names stand for.
    """
    try:
        yield
    except OSError as error:
        raise DigitpadError(template, **fields, reason=error.strerror or error) from error


def open_ordinary(path: Path) -> BinaryIO:
    """Open a file to read its bytes.

    Raises:
        OSError: it cannot be read, or is no ordinary file: a pipe would wait for ever for somebody
            to write to it.
    """
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT | _BINARY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    return open(descriptor, "rb")  # noqa: PTH123 - it is open already


def read_ordinary(path: Path, limit: int) -> bytes:
    """All of a file of `limit` bytes at most; an `OSError` as of `open_ordinary`, or beyond."""
    with open_ordinary(path) as file:
        if os.fstat(file.fileno()).st_size > limit:
            raise OSError(errno.EFBIG, "it is too large")
        return file.read()


def unreadable(path: Path, error: Exception) -> DigitpadError:
    """What to say of a file of the user's that could not be opened or read."""
    if isinstance(error, FileNotFoundError):
        return DigitpadError("There is no file {path}: check its name.", path=path)
    return DigitpadError(
        "{path} could not be read: {reason}. Check the disk and the file's permissions.",
        path=path,
        reason=getattr(error, "strerror", None) or error,
    )


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Within this context errors of the disk that data is written to become sentences.

    They name the file that the system names, or else `path`.
    """
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
