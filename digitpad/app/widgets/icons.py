"""Icons: SVG drawings in one colour, painted in the palette's colour at the time of painting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class _TintedIcon(QIconEngine):
    def __init__(self, source: bytes) -> None:
        super().__init__()
        self._source = source

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Render the drawing in the colour that text has now."""
        palette = QGuiApplication.palette()
        groups, roles = QPalette.ColorGroup, QPalette.ColorRole
        group = groups.Disabled if mode == QIcon.Mode.Disabled else groups.Active
        role = roles.HighlightedText if mode == QIcon.Mode.Selected else roles.ButtonText
        colour = palette.color(group, role).name().encode()
        QSvgRenderer(self._source.replace(b"currentColor", colour)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The drawing in a pixmap of this size in device pixels."""
        return _pixmap(size, lambda p: self.paint(p, QRect(QPoint(0, 0), size), mode, state))

    def clone(self) -> QIconEngine:
        """Another engine for the same drawing."""
        return _TintedIcon(self._source)


class Icons:
    """The icons in a folder, by name.

    Args:
        folder: of ``.svg`` files that use ``currentColor``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def icon(self, name: str) -> QIcon:
        """An icon that follows the palette; empty where the file is missing."""
        try:
            source = (self._folder / f"{name}.svg").read_bytes()
        except OSError:
            return QIcon()
        # A copy: when Python collects a circle with the first one in it, that lets go of its engine
        # before those that still use it are gone.
        return QIcon(QIcon(_TintedIcon(source)))

    def application_icon(self) -> QIcon:
        """The program's own icon, in its own colours."""
        path = self._folder / "digitpad.svg"
        icon = QIcon()
        if not path.exists():
            return icon
        renderer = QSvgRenderer(str(path))
        for side in (16, 24, 32, 48, 64, 128, 256):
            icon.addPixmap(_pixmap(QSize(side, side), renderer.render))
        return icon


def _pixmap(size: QSize, paint: Callable[[QPainter], object]) -> QPixmap:
    """A transparent pixmap of this size in device pixels, painted."""
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint(painter)
    painter.end()
    return pixmap
