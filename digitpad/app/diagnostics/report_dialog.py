"""A report of what went wrong, to be read, copied, saved and sent in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.widgets.texts import ReadableText
from digitpad.app.widgets.theme import QuietLabel
from digitpad.errors import DigitpadError
from digitpad.storage.atomic import write_atomically

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


class ReportDialog(QDialog):
    """Says in a few words what happened; below is the report.

    Args:
        heading: what happened.
        explanation: what that means, and what to do.
        report: plain text.
        folder: with the log; it can be opened from here.
        parent: as usual.
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
        self.setWindowTitle(self.tr("Problem report"))
        title = QLabel(heading)
        font = title.font()
        font.setPointSizeF(1.2 * font.pointSizeF())
        title.setFont(font)
        explained = QuietLabel(explanation)
        self.text = ReadableText(self.tr("Report"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setPlainText(report)
        self.status = QuietLabel("")
        for label in (title, explained, self.status):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.status.hide()
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(explained)
        column.addWidget(self.text, 1)
        column.addWidget(self.status)
        column.addWidget(self._buttons())
        self.setAccessibleDescription(f"{heading} {explanation}")
        self.copy_button.setFocus()
        # At a large scale the screen has room for less.
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * 0.9))

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

    def sizeHint(self) -> QSize:
        """Room for the lines of most reports."""
        return QSize(800, 540)

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
        try:
            text = f"{self.text.toPlainText()}\n"
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
        dialog.fileSelected.connect(self._on_save_selected)
        dialog.open()

    @Slot(str)
    def _on_save_selected(self, name: str) -> None:
        self.save_to(Path(name))

    @Slot()
    def _open_folder(self) -> None:
        url = QUrl.fromLocalFile(str(self._folder.absolute()))
        if not self._folder.is_dir() or not QDesktopServices.openUrl(url):
            self._say(
                self.tr("The folder cannot be opened from here; it is {path}.").format(
                    path=self._folder
                )
            )
