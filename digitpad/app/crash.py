"""Bugs: logged, and shown with a report to copy. The drawing stays, the program goes on."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

import digitpad

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_LOG_LIMIT = 1_000_000
"""A log larger than this, in bytes, is begun again."""


class CrashReporter(QObject):
    """Takes every exception that nobody caught, from whichever thread.

    Args:
        log_path: what happened is added there, newest last.
        parent: as usual.
    """

    _reported = Signal(str)

    def __init__(self, log_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_path = log_path
        self._box: QMessageBox | None = None
        # A signal carries a report from any thread to the one that may open windows.
        self._reported.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Become the hook for uncaught exceptions."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        report = (
            f"Digitpad {digitpad.__version__}, Python {platform.python_version()},"
            f" Qt {qVersion()}, {platform.platform()}\n\n{text}"
        )
        self._log(report)
        self._reported.emit(report)

    def _log(self, report: str) -> None:
        # A windowed program may have no standard error at all.
        if sys.stderr is not None:
            sys.stderr.write(report)
        try:
            self._log_path.parent.mkdir(parents=True, exist_ok=True)
            full = self._log_path.exists() and self._log_path.stat().st_size > _LOG_LIMIT
            handler = logging.FileHandler(self._log_path, "w" if full else "a", "utf-8")
        except OSError:
            return  # no place for a log: the dialog still has the report
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        handler.handle(logging.LogRecord("digitpad", logging.ERROR, "", 0, report, None, None))
        handler.close()

    @Slot(str)
    def _show(self, report: str) -> None:
        if self._box is not None:
            return  # one dialog at a time: a bug in painting would open one a frame
        # Kept, since Python would delete a box without a parent when this method ends.
        self._box = box = QMessageBox(QApplication.activeWindow())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Digitpad"))
        box.setText(self.tr("Something went wrong inside Digitpad."))
        box.setInformativeText(
            self.tr(
                "That is a mistake in the program, not yours. Your drawing is still there and you"
                " can go on. The report below was written to {path}; please send it to the authors."
            ).format(path=self._log_path)
        )
        box.setDetailedText(report)
        copy = box.addButton(self.tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()  # copying does not close the box
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        box.addButton(QMessageBox.StandardButton.Close)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._on_closed)
        box.open()

    @Slot()
    def _on_closed(self) -> None:
        self._box = None
