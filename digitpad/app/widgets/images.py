"""PNG files from images of Qt's."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

_QUICKLY = 85
"""Qt's quality for less compression: it takes a quarter of the time for a file that is a tenth
larger."""


def png_file(image: QImage, *, quickly: bool = False) -> bytes:
    """The content of a PNG file with an image.

    Args:
        image: stored without loss.
        quickly: whether speed matters more than size.

    Raises:
        OSError: Qt could not write it, with Qt's reason: perhaps the image is too large.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if quickly:
        writer.setQuality(_QUICKLY)
    if not writer.write(image):
        raise OSError(writer.errorString())
    return bytes(data.data())
