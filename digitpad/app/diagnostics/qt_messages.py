"""What Qt has to say: warnings go to the log, and its last words to a report."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMessageLogContext,
    QtMsgType,
    qFormatLogMessage,
    qInstallMessageHandler,
)

from digitpad.diagnostics import reports
from digitpad.process.exit_codes import BAD_INPUT

if TYPE_CHECKING:
    from digitpad.diagnostics.crash_file import CrashFile
    from digitpad.paths import Profile

_LOGGER = logging.getLogger("digitpad.qt")

_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_HARMLESS = ("This plugin does not support propagateSizeHints()", "Detected locale ")
"""How messages begin that say nothing about a problem: about the platform without a screen, and
about a language whose letters Qt reads as UTF-8 all the same."""

_MOST = 100
"""So many different messages of one process are logged."""

_LONGEST = 2000


class QtMessages:
    """Takes Qt's messages, from whichever thread, and hands them on to standard error.

    Args:
        profile: its log gets warnings and errors, each only once.
        box: what is known when Qt ends the program is kept there.
    """

    def __init__(self, profile: Profile, box: CrashFile) -> None:
        self._log_path = profile.log_path
        self._box = box
        self._known: set[str] = set()
        self._has_display = False
        self._held: list[str] = []
        # The same thread may come along here twice, if logging frees an object of Qt's.
        self._lock = threading.RLock()

    def install(self) -> None:
        """Become Qt's message handler; before Qt's application is made."""
        qInstallMessageHandler(self._on_message)

    def uninstall(self) -> None:
        """Give Qt its own back."""
        qInstallMessageHandler(None)

    def display_found(self) -> None:
        """Qt's application has been made: what is fatal from now on is a fault."""
        self._has_display = True
        for line in self._held:
            _print(line)

    def _on_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        line = qFormatLogMessage(kind, context, message)
        fatal = kind == QtMsgType.QtFatalMsg
        if kind in _LEVELS and not message.startswith(_HARMLESS):
            self._log(_LEVELS[kind], line)
        if self._has_display:
            _print(line)
        else:
            # Without a display all of this is one sentence.
            self._held.append(line)
        if fatal and not self._has_display:
            self._give_up()
        if fatal:
            calls = "".join(traceback.format_stack())
            self._box.keep(f"Time {reports.now()}\n\n{line}\n{calls}")

    def _log(self, level: int, text: str) -> None:
        text = text[:_LONGEST]
        with self._lock:
            if text in self._known or len(self._known) >= _MOST:
                return
            self._known.add(text)
        _LOGGER.log(level, "%s", text)

    def _give_up(self) -> None:
        """End the process, as Qt would, but not as a fault."""
        self._box.close()
        _print(
            "digitpad: The window cannot be opened: there is no display, or a library that Qt needs"
            f" is missing; {self._log_path} says which. The commands work without a window (see"
            " digitpad --help)."
        )
        os._exit(BAD_INPUT)


def _print(line: str) -> None:
    # A windowed program may have no standard error at all.
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)
