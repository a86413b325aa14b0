"""Icons from SVG files, painted in the present colour of texts."""

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
        """Paint the icon in the present colour of texts."""
        palette = QGuiApplication.palette()
        groups, roles = QPalette.ColorGroup, QPalette.ColorRole
        group = groups.Disabled if mode == QIcon.Mode.Disabled else groups.Active
        role = roles.HighlightedText if mode == QIcon.Mode.Selected else roles.ButtonText
        colour = palette.color(group, role).name().encode()
        QSvgRenderer(self._source.replace(b"currentColor", colour)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon as a pixmap of this size in device pixels."""
        return _pixmap(size, lambda p: self.paint(p, QRect(QPoint(0, 0), size), mode, state))

    def clone(self) -> QIconEngine:
        """Another engine for the same icon."""
        return _TintedIcon(self._source)


class Icons:
    """The icons in a folder, by name.

    Args:
        folder: of ``.svg`` files that use ``currentColor``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def icon(self, name: str) -> QIcon:
        """The icon of this name, in the colours of the palette; empty if its file is missing."""
        try:
            source = (self._folder / f"{name}.svg").read_bytes()
        except OSError:
            return QIcon()
        # A copy, because the first icon may free its engine too early: when Python collects it with
        # a cycle of objects, others may still use the engine.
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
    """Paint on a transparent pixmap of this size in device pixels."""
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint(painter)
    painter.end()
    return pixmap
