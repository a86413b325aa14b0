"""Open, save, copy, paste and drop, with the dialogs and notices that go with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from digitpad.app.i18n import translated
from digitpad.app.pad import formats
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from digitpad.app.pad.document import PadDocument


class ImportExport(QObject):
    """Brings drawings onto the pad and away from it; the whole area of the window takes drops.

    Signals:
        noticed: a sentence for the user.
        settled: the sentence before has been answered by another try.
        told: what has been done, in a few words.
    """

    noticed = Signal(str)
    settled = Signal(str)
    told = Signal(str)

    def __init__(self, document: PadDocument, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._notice: str | None = None
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self._folder = pictures if Path(pictures).is_dir() else str(Path.home())
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def open_path(self, path: Path) -> None:
        """Put a picture or a file of strokes on the pad."""
        self._folder = str(path.parent)
        self._take(lambda: formats.open_drawing(path))

    def save_path(self, path: Path) -> None:
        """Write the drawing to a file; its name says in which form."""
        self._folder = str(path.parent)
        self._settle()
        try:
            formats.save_drawing(self._document.drawing, path)
        except DigitpadError as error:
            self._say(translated(error))
        else:
            self.told.emit(self.tr("Saved as {name}").format(name=path.name))

    @Slot()
    def copy(self) -> None:
        """Put the drawing on the clipboard."""
        if not self._document.drawing.is_empty:
            QGuiApplication.clipboard().setMimeData(formats.to_mime(self._document.drawing))
            self.told.emit(self.tr("Copied the picture"))

    @Slot()
    def paste(self) -> None:
        """Put what is on the clipboard on the pad."""
        mime = QGuiApplication.clipboard().mimeData()
        self._take(lambda: formats.from_mime(mime))

    def _take(self, read: Callable[[], formats.ImportedDrawing]) -> None:
        self._settle()
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            opened = read()
            self._document.replace(opened.drawing)
        except DigitpadError as error:
            self._say(translated(error))
        else:
            if opened.notice is not None:
                self._say(translated(opened.notice))
        finally:
            QGuiApplication.restoreOverrideCursor()

    def _say(self, sentence: str) -> None:
        self._notice = sentence
        self.noticed.emit(sentence)

    def _settle(self) -> None:
        if self._notice is not None:
            self.settled.emit(self._notice)
            self._notice = None

    @Slot()
    def choose_to_open(self) -> None:
        """Ask for a file, and open it."""
        pictures = " ".join(f"*{suffix}" for suffix in formats.PICTURE_SUFFIXES)
        strokes = " ".join(f"*{suffix}" for suffix in formats.STROKES_SUFFIXES)
        dialog = self._dialog(self.tr("Open a picture or a drawing"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        both = f"{pictures} {strokes}"
        dialog.setNameFilters(
            [
                self.tr("Pictures and drawings ({patterns})").format(patterns=both),
                self.tr("Pictures ({patterns})").format(patterns=pictures),
                self.tr("Strokes ({patterns})").format(patterns=strokes),
                self.tr("All files (*)"),
            ]
        )
        dialog.fileSelected.connect(lambda name: self.open_path(Path(name)))
        dialog.open()

    @Slot()
    def choose_to_save(self) -> None:
        """Ask for a file, and save the drawing there."""
        dialog = self._dialog(self.tr("Save the drawing"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        suffixes = {
            self.tr("PNG picture (*.png)"): "png",
            self.tr("SVG drawing (*.svg)"): "svg",
            self.tr("Strokes (*.ndjson)"): "ndjson",
        }
        # A picture has no strokes to save.
        dialog.setNameFilters(list(suffixes)[: 3 if self._document.drawing.strokes else 2])
        dialog.setDefaultSuffix("png")
        dialog.selectFile(self.tr("digit"))
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(suffixes.get(chosen, "png"))
        )
        dialog.fileSelected.connect(lambda name: self.save_path(Path(name)))
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drops on the window."""
        is_drop = event.type() == QEvent.Type.Drop
        if not isinstance(event, QDropEvent) or not (
            is_drop or (isinstance(event, QDragEnterEvent) and formats.can_take(event.mimeData()))
        ):
            return super().eventFilter(watched, event)
        mime = event.mimeData()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if is_drop:
            self._take(lambda: formats.from_mime(mime))
        return True
