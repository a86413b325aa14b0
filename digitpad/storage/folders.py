"""Folders of the user's own, which nobody else may look into."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(folder: Path) -> None:
    """Make a folder and those above it where they are missing, each for the user alone.

    Raises:
        OSError: it cannot be made.
    """
    missing = []
    place = folder
    while not place.is_dir():
        if place.exists():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        missing.append(place)
        if place == place.parent:
            break
        place = place.parent
    for place in reversed(missing):
        # The parents that `mkdir` makes by itself would be as public as the system has them.
        place.mkdir(mode=0o700, exist_ok=True)


def close_to_others(root: Path, known: Iterable[str]) -> None:
    """Let nobody but the user look into a folder that an older version has made. Never fails.

    A folder that holds anything else is somebody's own, who has named it as a place for Digitpad's
    files, and stays as it is; so does one of another user's. On Windows nothing is to be done:
    a user's folders are private there.

    Args:
        root: the folder; it need not exist.
        known: how the names begin of all that Digitpad keeps there.
    """
    if os.name != "posix":
        return
    beginnings = tuple(known)
    with contextlib.suppress(OSError):
        status = root.stat()
        if status.st_uid != os.geteuid() or not status.st_mode & _OTHERS:
            return
        names = [entry.name for entry in os.scandir(root)]
        if names and all(name.startswith(beginnings) for name in names):
            root.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
