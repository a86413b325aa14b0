"""Reports of bugs, as they are shown, kept and sent in; the same for the window and the commands.

Nothing here may fail for want of a place to write to, or because what went wrong went very wrong.
"""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback
from typing import TYPE_CHECKING

import digitpad

if TYPE_CHECKING:
    from pathlib import Path

TIME = "%Y-%m-%d %H:%M:%S %z"
"""How times are written, with the place's difference to the world's."""

REPORT_LIMIT = 60_000
"""Longer reports, in characters, lose their middle."""

_LINES = 40
"""How much of the log goes with a report."""

_LINE_LIMIT = 2000

_NAME_LIMIT = 300


def surroundings() -> str:
    """What the program runs as and with, one a line: versions, the build, the system."""
    try:
        from digitpad import about

        torch = "loaded" if "torch" in sys.modules else "not loaded"
        lines = [f"{about.summary()} ({torch})"]
    except Exception as error:  # noqa: BLE001 - a damaged installation has reports of its own
        python = platform.python_version()
        lines = [f"Digitpad {digitpad.__version__}", f"Python {python} ({error!r})"]
    return "\n".join([*lines, f"System {platform.platform()}"])


def account_of(error: BaseException, thread: str) -> str:
    """What happened, when and in which thread, with the chain of calls."""
    calls = "".join(traceback.format_exception(error))
    return f"Time {now()}, process {os.getpid()}, thread {thread}\n\n{_shortened(calls).rstrip()}"


def complete(account: str, log: str = "") -> str:
    """A report as it is sent in: what happened, between its surroundings and lines of the log."""
    before = f"\nThe log before that:\n{log}\n" if log else ""
    return f"{surroundings()}\n{account}\n{before}"


def end_of_log(log_path: Path, lines: int = _LINES) -> str:
    """The newest lines of the log, or nothing where it cannot be read."""
    return "\n".join(clean(read_end(log_path, lines * 200)).splitlines()[-lines:])


def read_end(path: Path, limit: int) -> str:
    """The end of a file, of at most as many bytes; nothing where there is no such file."""
    try:
        # A pipe or a device would be waited for.
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - limit, 0))
            return file.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""


def clean(text: str) -> str:
    """Text without what no screen shows, in lines of bounded length: a file may hold anything."""
    lines = (
        "".join(letter for letter in line if letter == "\t" or letter.isprintable())
        for line in text.splitlines()
    )
    return "\n".join(line[:_LINE_LIMIT] for line in lines)


def name_of(error: BaseException) -> str:
    """The error in a few words, for a sentence."""
    return " ".join(clean("".join(traceback.format_exception_only(error))).split())[:_NAME_LIMIT]


def now() -> str:
    """The time, in the form of TIME."""
    return time.strftime(TIME)


def _shortened(text: str) -> str:
    if len(text) <= REPORT_LIMIT:
        return text
    half = REPORT_LIMIT // 2
    return f"{text[:half]}\n[...]\n{text[-half:]}"
