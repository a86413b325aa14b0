"""Saves the curves as a picture or as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QObject,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QWidget

from digitpad.app.widgets.dialogs import FileSaver
from digitpad.app.widgets.images import png_file
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
        self._sheet, self._history = sheet, history
        self._saver = FileSaver(parent)
        self._saver.noticed.connect(self.noticed)

    def save_picture(self, path: Path) -> None:
        """Save what the sheet shows as a PNG picture."""
        self._saver.write(path, lambda: _png(picture_of(self._sheet)))

    def save_table(self, path: Path) -> None:
        """Save all values as CSV; the format is that of `History.to_csv`."""
        self._saver.write(path, lambda: self._history().to_csv())

    @Slot()
    def choose_picture(self) -> None:
        """Ask for a file, and save a picture there."""
        kinds = {self.tr("PNG picture (*.png)"): "png"}
        title = self.tr("Save the curves as a picture")
        self._saver.choose(title, kinds, self.tr("training"), self.save_picture)

    @Slot()
    def choose_table(self) -> None:
        """Ask for a file, and save the values there."""
        kinds = {self.tr("Comma-separated values (*.csv)"): "csv"}
        title = self.tr("Save the values of the curves")
        self._saver.choose(title, kinds, self.tr("training"), self.save_table)


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
