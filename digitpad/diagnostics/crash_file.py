"""What a process that ends badly leaves for the next one to find.

Each process of the window has a file in the profile, which it holds as long as it lives. In it are
the reports that nobody has seen yet, and what `faulthandler` writes when the process is killed by a
fault of its own. A file that nobody holds belongs to a process that is gone.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, BinaryIO, Self

import digitpad
from digitpad.diagnostics import reports
from digitpad.storage.folders import make_private

if TYPE_CHECKING:
    from pathlib import Path

_HEADING = "Digitpad "
"""The first line of every file starts so."""

_SUFFIX = ".report"

_LONGEST_HEADING = 200

_FILE_LIMIT = 60_000
"""How much of a file is read, in bytes; the end of a fault says what it was."""

_MOST_FILES = 5
"""How many of those left behind are shown: the newest."""

_MOST_LOOKED_AT = 100

_ATTEMPTS = 3


class CrashFile:
    """The file of this process, and those that others have left.

    As a context it is open while the context lasts. While it is not, or where the folder cannot be
    written to, nothing is kept or taken over, and nothing is hindered. Its methods can be called
    from any thread.

    Args:
        folder: holds one file for each process; it is made where it is missing.

    Attributes:
        path: the file of this process; None where there is none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self.path: Path | None = None
        self._heading = ""
        self._own = ""
        self._left = ""
        self._was_enabled = False

    def __enter__(self) -> Self:
        """Make the file, and let `faulthandler` write there instead of to standard error."""
        with contextlib.suppress(OSError):
            make_private(self._folder)
            for _ in range(_ATTEMPTS):
                if self._make():
                    break
        if self._file is not None:
            self._was_enabled = faulthandler.is_enabled()
            faulthandler.enable(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make(self) -> bool:
        """Make a file and hold it."""
        started = time.strftime("%Y%m%d-%H%M%S")
        path = self._folder / f"{started}-{os.getpid()}-{os.urandom(3).hex()}{_SUFFIX}"
        # Appending: what is written after the file was cut short lands at its new end.
        file = path.open("ab", buffering=0)
        held = False
        try:
            # Between the making and the holding another process may have found and removed it.
            held = _hold(file) and path.exists()
        finally:
            if not held:
                file.close()
                path.unlink(missing_ok=True)
        if held:
            python = sys.version.split()[0]
            version = f"{_HEADING}{digitpad.__version__}, Python {python}"
            self._heading = f"{version}, process {os.getpid()}, started {reports.now()}\n\n"
            self._file, self.path = file, path
            self._write()
        return held

    def keep(self, report: str) -> None:
        """Keep a report until it is known to have been seen."""
        with self._lock:
            self._own = f"{self._own}{report.rstrip()}\n\n"[-_FILE_LIMIT:]
            self._write()

    def seen(self) -> None:
        """The reports of this process have been seen."""
        with self._lock:
            self._own = ""
            self._write()

    def collect(self) -> str:
        """Take over what processes that are gone have left; all that is not dismissed yet."""
        if self._file is None:
            return ""
        found = []
        for path in self._others():
            with contextlib.suppress(OSError):
                found.append(_take(path))
        # Newest first up to here; they are read in the order in which they happened.
        found = [text for text in found if text][:_MOST_FILES][::-1]
        with self._lock:
            if found:
                self._left = "\n\n".join([self._left, *found]).strip() + "\n\n"
                self._left = self._left[-_MOST_FILES * _FILE_LIMIT :]
                self._write()
            return self._left.rstrip()

    def dismiss(self) -> None:
        """What others have left has been seen."""
        with self._lock:
            self._left = ""
            self._write()

    def close(self) -> None:
        """The process ends well; what has not been seen stays for the next one."""
        with self._lock:
            if self._file is None or self.path is None:
                return
            if self._was_enabled and sys.__stderr__ is not None:
                with contextlib.suppress(OSError, ValueError, RuntimeError):
                    faulthandler.enable(sys.__stderr__)
            else:
                faulthandler.disable()
            self._file.close()
            if not self._own and not self._left:
                with contextlib.suppress(OSError):
                    self.path.unlink()
            self._file = self.path = None

    def _others(self) -> list[Path]:
        """Files of others, newest first."""
        try:
            paths = sorted(self._folder.glob(f"*{_SUFFIX}"), reverse=True)
        except OSError:
            return []
        return [path for path in paths if path != self.path][:_MOST_LOOKED_AT]

    def _write(self) -> None:
        if self._file is None:
            return
        text = f"{self._heading}{self._left}{self._own}"
        with contextlib.suppress(OSError):
            self._file.truncate(0)
            self._file.write(text.encode("utf-8", "backslashreplace"))


def _hold(file: BinaryIO) -> bool:
    """Mark a file as that of a process that lives; the system ends that with the process."""
    if sys.platform == "win32":
        # There, nobody can rename or remove a file that some process has open.
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take(path: Path) -> str:
    """Read and remove the file of a process that is gone; what nobody has seen of it.

    Raises:
        OSError: the process lives, or the file cannot be read or removed, or is gone.
    """
    # A pipe would be waited for.
    if not path.is_file():
        return ""
    with path.open("r+b") as file:
        if not _hold(file):
            return ""
        text = _read(file)
        if sys.platform != "win32":
            # While it is held, so that no two processes take it.
            path.unlink()
    if sys.platform == "win32":
        path.unlink()
    return text


def _read(file: BinaryIO) -> str:
    heading = file.readline(_LONGEST_HEADING)
    start = file.tell()
    file.seek(max(start, file.seek(0, os.SEEK_END) - _FILE_LIMIT))
    unseen = reports.clean(file.read(_FILE_LIMIT).decode("utf-8", "replace")).strip()
    # Anything may stand there after a power cut, or when the disk is damaged.
    if not heading.startswith(_HEADING.encode()) or not unseen:
        return ""
    return f"{reports.clean(heading.decode('utf-8', 'replace'))}\n\n{unseen}"
