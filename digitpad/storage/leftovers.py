"""Files that processes were writing when they were killed: found and removed at the next start.

A file of ours that is being written is held, and the system lets go of it with the process; on
Windows nobody can remove a file that is open. A file that nobody holds may still be about to get
its own name, so only one in which nothing has changed for an hour is a leftover.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY = ".digitpad-"
"""How the names of files begin that are being written."""

_PART = ".part"
_PLACES = (
    "drawings",
    "models",
    "runs",
    "runs/*",
    "runs/*/epochs",
    "data/*",
    "data/*/raw",
    "data/*/raw/gzip",
)
"""Folders in a profile where files are written, beside its own."""

_OLD_SECONDS = 3600.0


def hold(file: IO[bytes]) -> None:
    """Mark a file as being written, until it is closed; a disk that knows no marks gives none."""
    if sys.platform != "win32":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(root: Path) -> int:
    """Remove what killed processes have left in a profile; how many files these were.

    Never fails, follows no links, and makes nothing. Removed are the temporary files of
    `write_atomically`; parts of what was unpacked, which is unpacked anew; and parts of downloads
    beside the whole file. Other parts of downloads are continued.

    Args:
        root: of the profile; it need not exist.
    """
    before = time.time() - _OLD_SECONDS
    count = 0
    for entry in _files(root):
        with contextlib.suppress(OSError):
            if not (entry.name.startswith(TEMPORARY) or _is_useless_part(Path(entry.path))):
                continue
            old = entry.stat(follow_symlinks=False).st_mtime < before
            if old and not _is_held(entry.path):
                Path(entry.path).unlink()
                count += 1
    return count


def _is_useless_part(path: Path) -> bool:
    if path.suffix != _PART:
        return False
    # Only in folders of ours: these have locks. What is unpacked has one in the folder above.
    if (path.parent.parent / "unpack.lock").exists():
        return True
    return (path.parent / "download.lock").exists() and path.with_suffix("").exists()


def _files(root: Path) -> Iterator[os.DirEntry[str]]:
    """All ordinary files in a profile."""
    folders = [root]
    with contextlib.suppress(OSError):
        folders += [place for pattern in _PLACES for place in root.glob(pattern)]
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield entry


def _is_held(path: str) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    with Path(path).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
