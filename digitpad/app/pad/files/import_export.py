"""Open, save, copy, paste and drop, with the dialogs and notices that go with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from digitpad.app.i18n import translated
from digitpad.app.pad.files import formats
from digitpad.app.pad.files.opening_bar import OpeningBar
from digitpad.app.services.opening import Opening
from digitpad.errors import DigitpadError
from digitpad.ink.files.kinds import PICTURE_SUFFIXES, STROKE_SUFFIXES, SVG_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from digitpad.app.pad.document import PadDocument
    from digitpad.app.services.opening import OpeningService
    from digitpad.recognition.recognition import Recognition


class ImportExport(QObject):
    """Brings drawings onto the pad and away from it; the whole area of the window takes drops.

    Signals:
        noticed: a sentence for the user.
        settled: the sentence before has been answered by another try.
        reported: what has been done, in a few words.
        prepared: the `Recognition`, without predictions, of a drawing that is about to come.

    Attributes:
        bar: what is shown while something is being opened.
    """

    noticed = Signal(str)
    settled = Signal(str)
    reported = Signal(str)
    prepared = Signal(object)

    def __init__(self, document: PadDocument, window: QWidget, opening: OpeningService) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._opening = opening
        self.bar = OpeningBar(window)
        self.bar.cancelled.connect(opening.cancel)
        opening.started.connect(self.bar.wait_for)
        opening.opened.connect(self._on_opened)
        opening.failed.connect(self._say)
        opening.ended.connect(self.bar.finish)
        self._notice: str | None = None
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self._folder = pictures if Path(pictures).is_dir() else str(Path.home())
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def open_path(self, path: Path) -> None:
        """Put a picture or a file of strokes on the pad."""
        self._folder = str(path.parent)
        self._settle()
        self._opening.open(
            Opening(path.name, lambda cancelled: formats.open_drawing(path, cancelled))
        )

    def save_path(self, path: Path) -> None:
        """Write the drawing to a file; its name says in which form."""
        self._folder = str(path.parent)
        self._settle()
        try:
            formats.save_drawing(self._document.drawing, path)
        except DigitpadError as error:
            self._say(translated(error))
        else:
            self.reported.emit(self.tr("Saved as {name}").format(name=path.name))

    @Slot()
    def copy(self) -> None:
        """Put the drawing on the clipboard."""
        if not self._document.drawing.is_empty:
            QGuiApplication.clipboard().setMimeData(formats.to_mime(self._document.drawing))
            self.reported.emit(self.tr("Copied the picture"))

    @Slot()
    def paste(self) -> None:
        """Put what is on the clipboard on the pad."""
        self._take(QGuiApplication.clipboard().mimeData())

    def _take(self, mime: QMimeData, *, dropped: bool = False) -> None:
        self._settle()
        try:
            self._opening.open(formats.opening_of(mime, dropped=dropped))
        except DigitpadError as error:
            # What was being opened is no more wanted either.
            self._opening.cancel()
            self._say(translated(error))

    @Slot(object, object)
    def _on_opened(self, opened: formats.ImportedDrawing, recognition: Recognition) -> None:
        self.prepared.emit(recognition)
        self._document.replace(opened.drawing)
        if opened.notice is not None:
            self._say(translated(opened.notice))

    @Slot(str)
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
        pictures = _patterns(PICTURE_SUFFIXES)
        drawings = _patterns((*SVG_SUFFIXES, *STROKE_SUFFIXES))
        dialog = self._dialog(self.tr("Open a picture or a drawing"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        # The patterns are many, and of no interest.
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.setNameFilters(
            [
                self.tr("Pictures and drawings ({patterns})").format(
                    patterns=f"{pictures} {drawings}"
                ),
                self.tr("Pictures ({patterns})").format(patterns=pictures),
                self.tr("Saved drawings ({patterns})").format(patterns=drawings),
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
        """Drops on the window, and the key that gives up what is being opened."""
        kind = event.type()
        if kind in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}:
            if self._opening.is_busy and cast("QKeyEvent", event).key() == Qt.Key.Key_Escape:
                # Accepted as no shortcut, it comes again as a key.
                event.accept()
                if kind == QEvent.Type.KeyPress:
                    self._opening.cancel()
                return True
        elif kind == QEvent.Type.Resize and self.bar.isVisible():
            self.bar.place()
        is_drop = kind == QEvent.Type.Drop
        if not isinstance(event, QDropEvent) or not (
            is_drop or (isinstance(event, QDragEnterEvent) and formats.can_take(event.mimeData()))
        ):
            return super().eventFilter(watched, event)
        mime = event.mimeData()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if is_drop:
            self._take(mime, dropped=True)
        return True


def _patterns(suffixes: Iterable[str]) -> str:
    """For a dialog: cameras write their endings large, and some dialogs take that seriously."""
    return " ".join(f"*{one}" for suffix in suffixes for one in (suffix, suffix.upper()))
