"""A report of what went wrong, to be read, copied, saved and sent in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import fill, plain_label, resize_on_screen
from digitpad.app.widgets.texts import ReadableText
from digitpad.errors import DigitpadError
from digitpad.storage.atomic import write_atomically

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


class ReportDialog(QDialog):
    """Says in a few words what happened and what to do; below is the report.

    The folder is that of the log; it can be opened from here.
    """

    def __init__(
        self,
        heading: str,
        explanation: str,
        report: str,
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Problem report"))
        title = plain_label(heading, wrap=True, scale=1.2)
        explained = plain_label(explanation, quiet=True, wrap=True)
        self.text = ReadableText(self.tr("Report"), report, fixed=True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.status = plain_label(quiet=True, wrap=True)
        self.status.hide()
        parts = (title, explained, (self.text, 1), self.status, self._buttons())
        fill(QVBoxLayout(self), *parts, spacing=10, margins=None)
        self.setAccessibleDescription(f"{heading} {explanation}")
        self.copy_button.setFocus()
        # Room for the lines of most reports.
        resize_on_screen(self, 800, 540)

    def _buttons(self) -> QDialogButtonBox:
        box, roles = QDialogButtonBox(), QDialogButtonBox.ButtonRole
        self.copy_button = box.addButton(self.tr("&Copy report"), roles.ActionRole)
        self.copy_button.clicked.connect(self._copy)
        self.save_button = box.addButton(self.tr("&Save…"), roles.ActionRole)
        self.save_button.clicked.connect(self._choose_to_save)
        self.folder_button = box.addButton(self.tr("&Open the log's folder"), roles.ActionRole)
        self.folder_button.clicked.connect(self._open_folder)
        self.close_button = box.addButton(self.tr("Close"), roles.RejectRole)
        box.rejected.connect(self.reject)
        return box

    def add_report(self, report: str) -> None:
        """Another report below those that are shown already."""
        self.text.appendPlainText(f"\n{report}")
        self.copy_button.setText(self.tr("&Copy report"))

    def show_end(self) -> None:
        """Let the last lines be in view when the dialog opens."""
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.moveCursor(QTextCursor.MoveOperation.StartOfLine)

    def showEvent(self, event: QShowEvent) -> None:
        """Only now it has its size."""
        super().showEvent(event)
        self.text.ensureCursorVisible()

    def save_to(self, path: Path) -> None:
        """Write the report to a file, and say how that went."""
        text = f"{self.text.toPlainText()}\n"
        try:
            write_atomically(path, text.encode("utf-8", "backslashreplace"))
        except DigitpadError as error:
            self._say(translated(error))
        else:
            self._say(self.tr("The report was saved as {path}.").format(path=path))

    def _say(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.status.show()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText(self.tr("&Copied"))

    @Slot()
    def _choose_to_save(self) -> None:
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = QStandardPaths.writableLocation(documents)
        dialog = QFileDialog(self, self.tr("Save the report"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Text (*.txt)"), self.tr("All files (*)")])
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(self.tr("digitpad-report"))
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()

    @Slot()
    def _open_folder(self) -> None:
        url = QUrl.fromLocalFile(str(self._folder.absolute()))
        if not self._folder.is_dir() or not QDesktopServices.openUrl(url):
            sentence = self.tr("The folder cannot be opened from here. Its path is {path}.")
            self._say(sentence.format(path=self._folder))
