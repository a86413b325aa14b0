"""Saves the curves as a picture or as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QObject,
    QPoint,
    QStandardPaths,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import QFileDialog, QWidget

from digitpad.app.i18n import translated
from digitpad.app.widgets.images import png_file
from digitpad.errors import DigitpadError
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from digitpad.app.train.curves.sheet import CurveSheet
    from digitpad.learning.events import History

_SCALE = 2.0
"""Pixels of a saved picture for each device-independent pixel."""


class CurveExport(QObject):
    """Asks for a file and saves the curves there.

    Args:
        sheet: the curves for a picture.
        history: gives the values for a table.
        parent: the parent of the dialogs.

    Signals:
        noticed: a sentence for the user, when a file could not be written.
    """

    noticed = Signal(str)

    def __init__(self, sheet: CurveSheet, history: Callable[[], History], parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet, self._history, self._window = sheet, history, parent
        place = QStandardPaths.StandardLocation.DocumentsLocation
        documents = QStandardPaths.writableLocation(place)
        self._folder = documents if Path(documents).is_dir() else str(Path.home())

    def save_picture(self, path: Path) -> None:
        """Save what the sheet shows as a PNG picture."""
        self._write(path, lambda: _png(picture_of(self._sheet)))

    def save_table(self, path: Path) -> None:
        """Save all values as CSV; the format is that of `History.to_csv`."""
        self._write(path, lambda: self._history().to_csv())

    def _write(self, path: Path, content: Callable[[], bytes | str]) -> None:
        self._folder = str(path.parent)
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            write_atomically(path, content())
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        finally:
            QGuiApplication.restoreOverrideCursor()

    @Slot()
    def choose_picture(self) -> None:
        """Ask for a file, and save a picture there."""
        title, kind = self.tr("Save the curves as a picture"), self.tr("PNG picture (*.png)")
        self._choose(title, kind, "png", self.save_picture)

    @Slot()
    def choose_table(self) -> None:
        """Ask for a file, and save the values there."""
        title = self.tr("Save the values of the curves")
        self._choose(title, self.tr("Comma-separated values (*.csv)"), "csv", self.save_table)

    def _choose(self, title: str, kind: str, suffix: str, save: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, title, self._folder, kind)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(self.tr("training"))
        dialog.fileSelected.connect(lambda name: save(Path(name)))
        dialog.open()


def picture_of(sheet: CurveSheet) -> QImage:
    """Paint what the sheet shows, at twice its size and always in the light theme."""
    # A picture is seen where the theme of this window means nothing.
    palette = QPalette(QColor("#efefef"))
    image = QImage((sheet.size().toSizeF() * _SCALE).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(Qt.GlobalColor.white)
    sheet.hide_values()
    sheet.apply_palette(palette, _SCALE)
    sheet.sharpen(True)
    try:
        # Not QGraphicsView's render, which would leave out the legend.
        QWidget.render(sheet, image, QPoint())
    finally:
        sheet.sharpen(False)
        sheet.apply_palette(sheet.palette())
    return image


def _png(image: QImage) -> bytes:
    with os_errors(
        "The curves could not be saved as a picture: {reason}. Make the window smaller, and try"
        " again."
    ):
        return png_file(image)
