"""Bugs are logged and shown with a report to copy; what Qt has to say is logged.

The drawing stays, and the program continues.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qFormatLogMessage,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from digitpad.app.widgets.dialogs import message_box
from digitpad.diagnostics import reports
from digitpad.diagnostics.log import log_report
from digitpad.process.exit_codes import BAD_INPUT, BUG

if TYPE_CHECKING:
    from types import TracebackType

    from digitpad.app.diagnostics.report_dialog import ReportDialog
    from digitpad.diagnostics.crash_file import CrashFile
    from digitpad.paths import Profile

_MOST_AT_ONCE = 10
"""So many different bugs are shown and logged while one dialog is open."""

_MOST_UNRAISABLE = 20
_MOST_MESSAGES = 100
"""So many different ones of Qt's are logged by one process."""

_LONGEST_MESSAGE = 2000
_LOGGER = logging.getLogger("digitpad.qt")

_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_HARMLESS = ("This plugin does not support propagateSizeHints()", "Detected locale ")
"""How messages begin that say nothing about a problem: about the platform without a screen, and
about a language whose letters Qt reads as UTF-8 all the same."""


class CrashReporter(QObject):
    """Takes every exception that nobody caught, from whichever thread.

    Args:
        profile: has the log.
        crash_file: keeps a report until its dialog is closed.
    """

    _reported = Signal(str)

    def __init__(self, profile: Profile, crash_file: CrashFile) -> None:
        super().__init__()
        self._log_path = profile.log_path
        self._crash_file = crash_file
        self._dialog: ReportDialog | None = None
        self._lock = threading.Lock()
        self._open_bugs: set[str] = set()
        self._unraisable = 0
        # A signal carries a report from any thread to the one that may open windows.
        self._reported.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Become the hook for uncaught exceptions."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__

    def end(self, error: Exception) -> int:
        """Tell of a bug that ends the program and wait until it was seen; the exit code."""
        report = self._take_down(error)
        if has_screen():
            heading = self.tr("Digitpad has to close: something went wrong inside it.")
            explanation = self.tr(
                "This is a mistake in the program, not yours. Please copy the report below and send"
                " it to the authors."
            )
            self._make_dialog(heading, explanation, report).exec()
            self._crash_file.seen()
        return BUG

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        kind, error, trace = arguments.exc_type, arguments.exc_value, arguments.exc_traceback
        if error is not None:
            self._on_exception(kind, error, trace)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        bug = f"{kind} {''.join(traceback.format_tb(trace))}"
        with self._lock:
            # A bug in painting comes back with every frame.
            if bug in self._open_bugs or len(self._open_bugs) >= _MOST_AT_ONCE:
                return
            self._open_bugs.add(bug)
        self._reported.emit(self._take_down(error))

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        # What fails while an object goes away hinders nobody: it is only logged.
        self._unraisable += 1
        if arguments.exc_value is not None and self._unraisable <= _MOST_UNRAISABLE:
            log_report(reports.account_of(arguments.exc_value, threading.current_thread().name))

    def _take_down(self, error: BaseException) -> str:
        """Log and keep a report; with the end of the log it is to be shown."""
        account = reports.account_of(error, threading.current_thread().name)
        before = reports.end_of_log(self._log_path)
        failure = log_report(reports.complete(account))
        self._crash_file.keep(account)
        where = f"; the report is in {self._log_path}" if failure is None else ""
        _print(f"digitpad: An error in Digitpad ({reports.name_of(error)}){where}.")
        return reports.complete(account, before)

    @Slot(str)
    def _show(self, report: str) -> None:
        # A window that is closed takes the dialogs in front of it along.
        if self._dialog is not None and shiboken6.isValid(self._dialog):
            self._dialog.add_report(report)
            return
        heading = self.tr("Something went wrong inside Digitpad.")
        explanation = self.tr(
            "This is a mistake in the program, not yours. Your drawing is still there, and you can"
            " continue. Please copy the report below and send it to the authors."
        )
        self._dialog = self._make_dialog(heading, explanation, report)
        self._dialog.finished.connect(self._on_closed)
        self._dialog.open()

    def _make_dialog(self, heading: str, explanation: str, report: str) -> ReportDialog:
        from digitpad.app.diagnostics.report_dialog import ReportDialog

        folder = self._log_path.parent
        return ReportDialog(heading, explanation, report, folder, QApplication.activeWindow())

    @Slot()
    def _on_closed(self) -> None:
        self._dialog = None
        self._crash_file.seen()
        with self._lock:
            self._open_bugs.clear()


class QtMessages:
    """Takes Qt's messages, from whichever thread, and hands them on to standard error.

    Args:
        profile: its log gets warnings and errors, each only once.
        crash_file: what is known when Qt ends the program is kept there.
    """

    def __init__(self, profile: Profile, crash_file: CrashFile) -> None:
        self._log_path = profile.log_path
        self._crash_file = crash_file
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
            self._crash_file.keep(f"Time {reports.now()}\n\n{line}\n{calls}")

    def _log(self, level: int, text: str) -> None:
        text = text[:_LONGEST_MESSAGE]
        with self._lock:
            if text in self._known or len(self._known) >= _MOST_MESSAGES:
                return
            self._known.add(text)
        _LOGGER.log(level, "%s", text)

    def _give_up(self) -> None:
        """End the process, as Qt would, but not as a fault."""
        self._crash_file.close()
        _print(
            "digitpad: The window cannot be opened: there is no display, or a library that Qt needs"
            f" is missing; {self._log_path} says which. The commands work without a window (see"
            " digitpad --help)."
        )
        os._exit(BAD_INPUT)


def tell(sentence: str) -> None:
    """Show a sentence and wait until it has been read, where there is no window to show it in."""
    if has_screen():
        title = QGuiApplication.applicationDisplayName()
        box = message_box(QMessageBox.Icon.Critical, title, sentence)
        # What is waited for is not deleted under the one who waits.
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        box.exec()


def has_screen() -> bool:
    """Whether somebody can see a dialog, and close it."""
    return QGuiApplication.platformName() not in {"offscreen", "minimal"}


def _print(line: str) -> None:
    # A windowed program may have no standard error at all.
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)
