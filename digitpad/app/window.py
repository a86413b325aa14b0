"""The main window: the pad, the answer, and what holds them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from digitpad.app.pad.canvas import Canvas
from digitpad.app.pad.document import PadDocument

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent


class MainWindow(QMainWindow):
    """The window with the pad.

    Args:
        geometry_path: an ini file that keeps the window's place and size.
    """

    def __init__(self, geometry_path: Path) -> None:
        super().__init__()
        self._geometry_path = geometry_path
        self.setWindowTitle(self.tr("Digitpad"))
        self.document = PadDocument(self)
        self.canvas = Canvas(self.document)
        body = QWidget()
        columns = QHBoxLayout(body)
        left = QVBoxLayout()
        left.addWidget(self.canvas, 1)
        columns.addLayout(left, 1)
        self.setCentralWidget(body)
        self._restore_geometry()

    def sizeHint(self) -> QSize:
        """Roomy, but not the whole screen."""
        return QSize(980, 680)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep place and size for the next time."""
        settings = QSettings(str(self._geometry_path), QSettings.Format.IniFormat)
        settings.setValue("geometry", self.saveGeometry())
        settings.sync()
        super().closeEvent(event)

    def _restore_geometry(self) -> None:
        settings = QSettings(str(self._geometry_path), QSettings.Format.IniFormat)
        geometry = settings.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(self.sizeHint())
