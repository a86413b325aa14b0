"""Saves the view in front as a picture, and the numbers of a layer as a table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QInputDialog, QWidget

from digitpad.app.widgets.dialogs import FileSaver
from digitpad.app.widgets.images import png_file
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.app.inside.subject import InsideView, Subject

_NAME = "inside"
"""Of a picture, at first."""

_SCALE = 2.0
"""Pixels of a PNG picture for each device-independent pixel."""


class InsideExport(QObject):
    """Asks for a file, and saves there what the page shows.

    Args:
        view: gives the view in front; None if there is none.
        subject: gives what it shows; likewise.
        window: the parent of the dialogs.

    Signals:
        noticed: a sentence for the user, when a file could not be written.
        reported: what has been done, in a few words.
    """

    noticed = Signal(str)
    reported = Signal(str)

    def __init__(
        self,
        view: Callable[[], InsideView | None],
        subject: Callable[[], Subject | None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._view, self._subject, self._window = view, subject, window
        self._saver = FileSaver(window)
        self._saver.noticed.connect(self.noticed)
        self._saver.saved.connect(
            lambda name: self.reported.emit(self.tr("Saved {name}").format(name=name))
        )

    @Slot()
    def choose_picture(self) -> None:
        """Ask for a file, and save a picture of the view there."""
        kinds = {self.tr("PNG picture (*.png)"): "png", self.tr("SVG drawing (*.svg)"): "svg"}
        title = self.tr("Save the view as a picture")
        self._saver.choose(title, kinds, _NAME, self.save_picture)

    @Slot()
    def choose_table(self) -> None:
        """Ask for a layer and a file, and save the layer's numbers there."""
        subject, view = self._subject(), self._view()
        if subject is None or view is None:
            self.noticed.emit(self.tr("Draw a digit first: then there are numbers to save."))
            return
        names = [layer.name for layer in subject.inside.layers]
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Save the numbers of a layer"))
        dialog.setLabelText(self.tr("Layer"))
        dialog.setComboBoxItems(names)
        dialog.setTextValue(view.layer or names[0])
        dialog.textValueSelected.connect(self._choose_table_of)
        dialog.open()

    @Slot(str)
    def _choose_table_of(self, layer: str) -> None:
        kinds = {self.tr("Comma-separated values (*.csv)"): "csv"}
        title = self.tr("Save the numbers of {layer}").format(layer=layer)
        self._saver.choose(title, kinds, layer, lambda path: self.save_table(path, layer))

    def save_picture(self, path: Path) -> None:
        """Save the view in front, as SVG if the name says so, else as PNG."""
        view = self._view()
        if view is not None:
            content = svg_of if path.suffix.lower() == ".svg" else png_of
            self._saver.write(path, lambda: content(view.picture))

    def save_table(self, path: Path, layer: str) -> None:
        """Save the numbers of a layer as `table_of` writes them."""
        subject = self._subject()
        if subject is not None:
            self._saver.write(path, lambda: table_of(subject.inside.exact(subject.glyph)[layer]))


def png_of(widget: QWidget) -> bytes:
    """A widget, whole, at twice its size.

    Raises:
        DigitpadError: the system has no memory for such a picture.
    """
    image = QImage((widget.size().toSizeF() * _SCALE).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(widget.palette().window().color())
    widget.render(image, QPoint())
    with os_errors("The view could not be saved as a picture: {reason}. Try a smaller window."):
        return png_file(image)


def svg_of(widget: QWidget) -> bytes:
    """A widget, whole, as SVG."""
    # Imported when it is first wanted: the page does not wait for it.
    from PySide6.QtSvg import QSvgGenerator

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    generator.setTitle("Digitpad")
    painter = QPainter(generator)
    painter.fillRect(widget.rect(), widget.palette().window())
    widget.render(painter, QPoint())
    painter.end()
    return bytes(buffer.data().data())


def table_of(values: NDArray[np.float64]) -> str:
    """The output of a layer as CSV: a row for each cell, counted from 1 as in the window.

    Args:
        values: maps (channels, rows, columns) or features (n,).
    """
    file = io.StringIO()
    writer = csv.writer(file)
    if values.ndim == 1:
        writer.writerow(["feature", "value"])
        writer.writerows([number + 1, repr(float(value))] for number, value in enumerate(values))
        return file.getvalue()
    writer.writerow(["map", "row", "column", "value"])
    for channel, maps in enumerate(values):
        for row, line in enumerate(maps):
            writer.writerows(
                [channel + 1, row + 1, column + 1, repr(float(value))]
                for column, value in enumerate(line)
            )
    return file.getvalue()
