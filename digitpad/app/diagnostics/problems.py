"""What went wrong before: offered once after a bad end, and always in the menu."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from digitpad.app.widgets.texts import NoticeBar
from digitpad.diagnostics import reports

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

    from digitpad.app.diagnostics.report_dialog import ReportDialog
    from digitpad.app.window import MainWindow
    from digitpad.diagnostics.crash_file import CrashFile
    from digitpad.paths import Profile

_LOGGER = logging.getLogger(__name__)

_LOG_LINES = 300
"""How much of the log the menu shows."""

_SEARCHED = 500_000
"""How far back in the log a report is looked for, in bytes."""


class Problems(QObject):
    """Tells the user of a window what went wrong in processes before this one.

    Args:
        window: gets the notice, and has the menu.
        profile: with the log.
        crash_file: what other processes have left.
        close_icon: for the notice.

    Attributes:
        notice: that Digitpad ended badly, with a way to the report; None while there is none.
    """

    def __init__(
        self, window: MainWindow, profile: Profile, crash_file: CrashFile, close_icon: QIcon
    ) -> None:
        super().__init__(window)
        self._window = window
        self._log_path = profile.log_path
        self._crash_file = crash_file
        self._close_icon = close_icon
        self._left = self._log = ""
        self.notice: NoticeBar | None = None
        # The window does not wait for what is looked up here.
        window.first_painted.connect(self.offer)
        window.actions_.problems.triggered.connect(self.show_log)

    @Slot()
    def offer(self) -> None:
        """Show a notice if a process ended badly and nobody has seen its report."""
        left = self._crash_file.collect()
        if not left:
            return
        self._left = left
        logged = reports.clean(reports.read_end(self._log_path, _SEARCHED))
        # The log has exceptions already, and what was offered before and not dismissed.
        if left.partition("\n\n")[2] not in logged:
            self._log = reports.end_of_log(self._log_path)
            _LOGGER.error("Left by a process that is gone:\n%s", left)
        self.notice = NoticeBar(self._close_icon)
        self.notice.add_button(self.tr("Loo&k at the report")).clicked.connect(self._show_left)
        self.notice.dismissed.connect(self._crash_file.dismiss)
        # First its place: without one it would be a window.
        self._window.add_notice(self.notice)
        self.notice.show_notice(self.tr("Digitpad ended unexpectedly last time."))

    @Slot()
    def _show_left(self) -> None:
        heading = self.tr("Digitpad ended unexpectedly last time.")
        explanation = self.tr(
            "This is what is known about it. Please copy the report and send it to the authors, and"
            " say what you were doing."
        )
        dialog = self._dialog(heading, explanation, reports.complete(self._left, self._log))
        if self.notice is not None:
            # Once it was on the screen, it is not offered again.
            dialog.finished.connect(self.notice.dismiss)
        dialog.open()

    @Slot()
    def show_log(self) -> None:
        """Show the end of the log, to be copied."""
        log = reports.end_of_log(self._log_path, _LOG_LINES)
        if log:
            heading = self.tr("The end of the log, newest last.")
            explanation = self.tr(
                "Here is the end of {path}. To report a problem, copy this and send it to the"
                " authors."
            )
        else:
            heading = self.tr("Nothing has gone wrong so far.")
            explanation = self.tr(
                "Errors would be logged in {path}. To report another problem, copy this and send it"
                " to the authors."
            )
        text = f"{reports.surroundings()}\n\n{log}".rstrip()
        dialog = self._dialog(heading, explanation.format(path=self._log_path), text)
        if log:
            dialog.show_end()
        dialog.open()

    def _dialog(self, heading: str, explanation: str, report: str) -> ReportDialog:
        # Imported when it is first wanted: the start does not wait for it.
        from digitpad.app.diagnostics.report_dialog import ReportDialog

        return ReportDialog(heading, explanation, report, self._log_path.parent, self._window)
