"""Dialogs that show a sentence, and those that ask for a file to save something in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from digitpad.app.i18n import translated
from digitpad.errors import DigitpadError
from digitpad.storage.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def message_box(
    icon: QMessageBox.Icon, title: str, text: str, parent: QWidget | None = None
) -> QMessageBox:
    """Make a dialog that shows a text without markup, and is deleted once it is closed."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(icon)
    box.setWindowTitle(title)
    # Before the text, which Qt would else take for markup if it looks like it.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    return box


class FileSaver(QObject):
    """Asks for files, and writes them; it begins in the folder where it wrote last.

    Args:
        parent: the parent of the dialogs.

    Signals:
        noticed: a sentence for the user, when a file could not be written.
        saved: the name of a file that was written.
    """

    noticed = Signal(str)
    saved = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        place = QStandardPaths.StandardLocation.DocumentsLocation
        documents = QStandardPaths.writableLocation(place)
        self._folder = documents if Path(documents).is_dir() else str(Path.home())

    def write(self, path: Path, content: Callable[[], bytes | str]) -> None:
        """Write what this gives; an error of the world is a notice."""
        self._folder = str(path.parent)
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            write_atomically(path, content())
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        else:
            self.saved.emit(path.name)
        finally:
            QGuiApplication.restoreOverrideCursor()

    def choose(
        self, title: str, kinds: Mapping[str, str], name: str, save: Callable[[Path], None]
    ) -> None:
        """Ask for a file.

        Args:
            title: of the dialog.
            kinds: of files, as "PNG picture (*.png)", with their endings; the first at first.
            name: of the file, without an ending.
            save: called with the path that was chosen. Another ending than these is a notice: a
                file would not be what its name says.
        """

        def check(chosen: str) -> None:
            path = Path(chosen)
            if path.suffix.lower().removeprefix(".") in kinds.values():
                save(path)
                return
            endings = ", ".join(f".{ending}" for ending in kinds.values())
            message = self.tr(
                "{name} was not saved. Choose a name with one of these endings: {endings}"
            )
            self.noticed.emit(message.format(name=path.name, endings=endings))

        dialog = QFileDialog(self._window, title, self._folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(kinds))
        dialog.setDefaultSuffix(next(iter(kinds.values())))
        dialog.selectFile(name)
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kinds[kind]))
        dialog.fileSelected.connect(check)
        dialog.open()
