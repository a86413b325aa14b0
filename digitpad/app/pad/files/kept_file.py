"""A drawing as the content of one file: its strokes, each on a line, or its picture as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImageReader

from digitpad.app.pad.canvas.painting import picture_image
from digitpad.app.pad.files.formats import to_picture
from digitpad.app.widgets.images import png_file
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.stroke_file import parse_strokes, to_ndjson_line
from digitpad.storage.problems import open_ordinary

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 2**20
"""Size of the largest file that is written or read: hours of strokes, or any picture."""

_MAX_SIDE = 2**13
_PNG_MAGIC = b"\x89PNG"

Lines = dict[int, tuple[Stroke, bytes]]
"""Strokes and their lines, by the identity of the stroke."""


def to_lines(drawing: Drawing, known: Lines) -> Lines:
    """A line for each stroke; those known already are not written again."""
    return {
        id(stroke): known.get(id(stroke))
        or (stroke, to_ndjson_line(Drawing((stroke,))).encode("ascii"))
        for stroke in drawing.strokes
    }


def to_png(drawing: Drawing) -> bytes:
    """The picture of a drawing that has one, in every pixel as it is; raises an `OSError`."""
    if drawing.picture is None:
        raise ValueError("there is no picture")
    return png_file(picture_image(drawing.picture), quickly=True)


def read_drawing(path: Path) -> Drawing:
    """The drawing in a file that was written so.

    Raises:
        DigitpadError: it holds something else.
        OSError: it cannot be read.
    """
    with open_ordinary(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DigitpadError("{path} is too long to be a drawing of the pad.", path=path)
    if data.startswith(_PNG_MAGIC):
        return _picture(data, path)
    records = parse_strokes(data, str(path))
    return Drawing(tuple(stroke for record in records for stroke in record.drawing.strokes))


def _picture(data: bytes, path: Path) -> Drawing:
    # Qt reads what Qt has written; Pillow would take time to import.
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"png"))
    size = reader.size()
    if max(size.width(), size.height()) <= _MAX_SIDE:
        image = reader.read()
        if not image.isNull():
            return Drawing(picture=to_picture(image))
    raise DigitpadError("{path} is not a picture of the pad.", path=path)
