"""Qt's images as files in memory."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

_QUICKLY = 85
"""A quality for Qt, which for PNG is a degree of compression: a quarter of the time that the best
takes, for a file that is a tenth larger."""


def png_file(image: QImage, *, quickly: bool = False) -> bytes:
    """A PNG file of the image.

    Args:
        image: every pixel is kept.
        quickly: whether time counts more than size.

    Raises:
        OSError: Qt could not write it, as where it was too large to be made; with Qt's reason.
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
