"""Errors of the system as sentences."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
