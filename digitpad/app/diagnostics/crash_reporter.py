"""Bugs: logged, and shown with a report to copy. The drawing stays, the program goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from digitpad.diagnostics import reports
from digitpad.diagnostics.log import log_report
from digitpad.process.exit_codes import BUG

if TYPE_CHECKING:
    from types import TracebackType

    from digitpad.app.diagnostics.report_dialog import ReportDialog
    from digitpad.diagnostics.crash_file import CrashFile
    from digitpad.paths import Profile

_MOST_AT_ONCE = 10
"""So many different bugs are shown and logged while one dialog is open."""

_MOST_UNRAISABLE = 20


class CrashReporter(QObject):
    """Takes every exception that nobody caught, from whichever thread.

    Args:
        profile: has the log.
        box: keeps a report until its dialog is closed.
        parent: as usual.
    """

    _reported = Signal(str)

    def __init__(self, profile: Profile, box: CrashFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_path = profile.log_path
        self._box = box
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
        report = self._take_down(error, threading.current_thread().name)
        if has_screen():
            dialog = self._make_dialog(
                self.tr("Digitpad has to end: something went wrong inside it."),
                self.tr(
                    "That is a mistake in the program, not yours. Please copy the report below and"
                    " send it to the authors."
                ),
                report,
            )
            dialog.exec()
            self._box.seen()
        return BUG

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            name = arguments.thread.name if arguments.thread is not None else "?"
            self._on_exception(
                arguments.exc_type, arguments.exc_value, arguments.exc_traceback, name
            )

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        thread: str = "",
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
        self._reported.emit(self._take_down(error, thread or threading.current_thread().name))

    def _on_unraisable(self, arguments: sys.UnraisableHookArgs) -> None:
        # What fails while an object goes away hinders nobody: it is only logged.
        self._unraisable += 1
        if arguments.exc_value is not None and self._unraisable <= _MOST_UNRAISABLE:
            log_report(reports.account_of(arguments.exc_value, threading.current_thread().name))

    def _take_down(self, error: BaseException, thread: str) -> str:
        """Log and keep a report; with the end of the log it is to be shown."""
        account = reports.account_of(error, thread)
        before = reports.end_of_log(self._log_path)
        failure = log_report(reports.complete(account))
        self._box.keep(account)
        # A windowed program may have no standard error at all.
        if sys.stderr is not None:
            where = f"; the report is in {self._log_path}" if failure is None else ""
            line = f"digitpad: An error in Digitpad ({reports.name_of(error)}){where}."
            print(line, file=sys.stderr)
        return reports.complete(account, before)

    @Slot(str)
    def _show(self, report: str) -> None:
        # A window that is closed takes the dialogs in front of it along.
        if self._dialog is not None and shiboken6.isValid(self._dialog):
            self._dialog.add_report(report)
            return
        self._dialog = self._make_dialog(
            self.tr("Something went wrong inside Digitpad."),
            self.tr(
                "That is a mistake in the program, not yours. Your drawing is still there and you"
                " can go on. Please copy the report below and send it to the authors."
            ),
            report,
        )
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.finished.connect(self._on_closed)
        self._dialog.open()

    def _make_dialog(self, heading: str, explanation: str, report: str) -> ReportDialog:
        from digitpad.app.diagnostics.report_dialog import ReportDialog

        folder = self._log_path.parent
        return ReportDialog(heading, explanation, report, folder, QApplication.activeWindow())

    @Slot()
    def _on_closed(self) -> None:
        self._dialog = None
        self._box.seen()
        with self._lock:
            self._open_bugs.clear()


def tell(sentence: str) -> None:
    """Show a sentence and wait until it has been read, where there is no window to show it in."""
    if has_screen():
        QMessageBox.critical(None, QGuiApplication.applicationDisplayName(), sentence)


def has_screen() -> bool:
    """Whether somebody can see a dialog, and close it."""
    return QGuiApplication.platformName() not in {"offscreen", "minimal"}
