"""Files that hold either their old content or all of the new."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from digitpad.errors import DigitpadError
from digitpad.storage.folders import make_private
from digitpad.storage.leftovers import TEMPORARY, hold
from digitpad.storage.problems import os_errors


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a file so that it holds either its old content or all of the new.

    Args:
        path: its folder is made where it is missing, for the user alone; where it is a link, the
            file that it points to is written.
        data: text is written as UTF-8.

    Raises:
        DigitpadError: the disk or the folder does not take it, or a device, a pipe or the like is
            in its place; what was there is then unchanged.
    """
    content = data.encode() if isinstance(data, str) else data
    # Renaming over a link would leave the file that it points to as it was.
    target = Path(os.path.realpath(path))
    _check_ordinary(target, path)
    temporary = ""
    try:
        with os_errors(
            "{path} could not be written: {reason}. Check the disk and the folder's permissions.",
            path=path,
        ):
            make_private(target.parent)
            # Not the file's own name: one as long as the system takes leaves no room for more.
            descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=TEMPORARY)
            with os.fdopen(descriptor, "wb") as file:
                hold(file)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # mkstemp makes private files; a saved picture or model is as public as any other.
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(target)
            temporary = ""
    finally:
        # Ctrl-C leaves nothing behind either.
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def check_writable(path: Path) -> None:
    """Find out whether a file can be written, before the work whose result it is to hold.

    Raises:
        DigitpadError: as `write_atomically` would.
    """
    with os_errors(
        "{path} could not be written: {reason}. Check the disk and the folder's permissions.",
        path=path,
    ):
        target = Path(os.path.realpath(path))
        _check_ordinary(target, path)
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISDIR(target.stat().st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        folder = target.parent
        while not os.path.lexists(folder):
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            pass


def _check_ordinary(target: Path, path: Path) -> None:
    # A new file would take the place of a device such as /dev/null, for every program.
    try:
        mode = target.stat().st_mode
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DigitpadError("{path} is not an ordinary file: choose another name.", path=path)


def _umask() -> int:
    # It can only be read by setting it. What other threads make meanwhile is private, not public.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
