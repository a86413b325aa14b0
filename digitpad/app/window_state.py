"""Place and size of the window between two starts, as plain JSON.

Qt's own way, `QSettings`, is not used: in PySide it unpickles whatever an ini file claims to be a
Python object, and so lets the file run code.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication

from digitpad.errors import DigitpadError
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import open_ordinary

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

_LOGGER = logging.getLogger(__name__)

_VERSION = 1
_MAX_BYTES = 4096
"""Of the file; Qt's description of a window takes 66."""

_HEAD = 80
"""Height of the upper edge, of which a screen must show half for a window to be moved by it."""


def avoid_settings_files() -> None:
    """Keep Qt itself from reading or writing the user's files of settings.

    Its file dialog remembers its looks in one, which could run code as well. To be called before
    Qt's application is made.
    """
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)


def load_geometry(path: Path) -> bytes | None:
    """What `save_geometry` wrote; None where there is nothing of use, which is logged."""
    try:
        with open_ordinary(path) as file:
            content = file.read(_MAX_BYTES + 1)
        return _parse(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        _LOGGER.warning("The window's place in %s is of no use: %s", path, error)
        return None


def save_geometry(geometry: bytes, path: Path) -> None:
    """Write what `QWidget.saveGeometry` returned; where that fails, it is logged."""
    data = {"version": _VERSION, "geometry": base64.b64encode(geometry).decode("ascii")}
    try:
        write_atomically(path, json.dumps(data, indent=2) + "\n")
    except DigitpadError as error:
        _LOGGER.warning("%s", error)


def restore_geometry(window: QWidget, path: Path) -> bool:
    """Give a window, not shown yet, the place and size that were kept; says whether it has them.

    Where it would be out of sight, as on a screen that is gone, it is to get others.
    """
    geometry = load_geometry(path)
    if geometry is None:
        return False
    # Qt checks the form, and less strictly the numbers: it takes windows of millions of pixels.
    if window.restoreGeometry(geometry) and _is_in_sight(window):
        return True
    _LOGGER.warning("The window's place in %s is of no use: no screen shows it", path)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.move(QGuiApplication.primaryScreen().availableGeometry().topLeft())
    # The system chooses again.
    window.setAttribute(Qt.WidgetAttribute.WA_Moved, on=False)
    return False


def _is_in_sight(window: QWidget) -> bool:
    return all(_can_be_moved(place) for place in (window.geometry(), window.normalGeometry()))


def _can_be_moved(place: QRect) -> bool:
    """Whether a screen shows enough of the upper edge, and has room for half of the whole."""
    head = QRect(place.x(), place.y(), place.width(), min(place.height(), _HEAD))
    for screen in QGuiApplication.screens():
        area = screen.availableGeometry()
        seen = area.intersected(head)
        fits = place.width() <= 2 * area.width() and place.height() <= 2 * area.height()
        if fits and min(seen.width(), seen.height()) >= _HEAD // 2:
            return True
    return False


def _parse(content: bytes) -> bytes:
    """The description in a file; a `ValueError` where there is none."""
    if len(content) > _MAX_BYTES:
        raise ValueError("it is too long")
    data: Any = json.loads(content)
    geometry = data.get("geometry") if isinstance(data, dict) else None
    if not isinstance(geometry, str):
        raise ValueError("it has no text named geometry")  # noqa: TRY004 - a file's fault
    try:
        return base64.b64decode(geometry, validate=True)
    except binascii.Error as error:
        raise ValueError("its geometry is not written in base64") from error
