"""Drawings as files, and as what is copied, pasted and dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from digitpad.app.pad.painting import SIDE, ink_bounds, paint_drawing, picture_image
from digitpad.app.widgets.images import png_file
from digitpad.app.widgets.theme import theme_for
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.files.limits import MAX_SIDE
from digitpad.ink.picture import Picture, decode_picture, read_picture
from digitpad.ink.stroke_file import parse_strokes, read_strokes, to_ndjson_line
from digitpad.ink.svg import to_svg
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import os_errors
from digitpad.text import Marked, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable


STROKES_MIME = "application/x-ndjson"
SVG_MIME = "image/svg+xml"
PNG_MIME = "image/png"

STROKES_SUFFIXES = (".ndjson", ".ndjson.gz")
PICTURE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".pgm", ".ppm",
)  # fmt: skip

_IMAGE_SIDE = 1024
"""Longer side in pixels of a drawing that is saved or copied as a picture."""

_MARGIN = 0.12
"""Empty paper around it, as a share of the longer side of its ink."""

_OPENED_SIDE = 640.0
"""Longer side, in pad units, that strokes from another program get on the pad."""


class ImportedDrawing(NamedTuple):
    """A drawing from elsewhere, and a notice where not all that was there is shown."""

    drawing: Drawing
    notice: Sentence | None = None


def to_image(drawing: Drawing) -> QImage:
    """A drawing, not empty, as a picture: dark ink on white paper; a picture as it is."""
    if drawing.picture is not None:
        return picture_image(drawing.picture)
    bounds = ink_bounds(drawing)
    margin = _MARGIN * max(bounds.width(), bounds.height())
    area = bounds.adjusted(-margin, -margin, margin, margin)
    scale = _IMAGE_SIDE / max(area.width(), area.height())
    size = (area.size() * scale).toSize().expandedTo(QSize(1, 1))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.translate(-area.topLeft())
    # A picture goes where nobody knows the theme: always as on paper.
    paint_drawing(painter, drawing, theme_for(QPalette(QColor("white"))))
    painter.end()
    return image


def _png(image: QImage) -> bytes:
    with os_errors("The picture could not be created ({reason})."):
        return png_file(image)


def save_drawing(drawing: Drawing, path: Path) -> None:
    """Write a drawing, not empty, in the form that the file's name asks for: PNG, SVG or strokes.

    Raises:
        DigitpadError: the name ends otherwise, a picture is to be saved as strokes, or the file
            cannot be written.
    """
    writers: dict[str, Callable[[Drawing], bytes | str]] = {
        ".png": lambda drawing: _png(to_image(drawing)),
        ".svg": to_svg,
        ".ndjson": to_ndjson_line,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise DigitpadError(
            "Digitpad cannot save {name}: choose a name that ends in .png, .svg or .ndjson.",
            name=path.name,
        )
    if writer is to_ndjson_line and not drawing.strokes:
        raise DigitpadError("A picture has no strokes to save: save it as PNG or SVG instead.")
    write_atomically(path, writer(drawing))


def open_drawing(path: Path) -> ImportedDrawing:
    """Read a picture or a file of strokes; raises a `DigitpadError` where it is neither."""
    if not path.name.lower().endswith(STROKES_SUFFIXES):
        return ImportedDrawing(Drawing(picture=read_picture(path)))
    records = read_strokes(path)
    drawing = onto_pad(next(records).drawing)
    try:
        more = next(records, None) is not None
    except DigitpadError:
        more = True  # a later line is damaged: the first drawing was not
    notice = Sentence("{name} holds more than one drawing. This is the first.", name=path.name)
    return ImportedDrawing(drawing, notice if more else None)


def onto_pad(drawing: Drawing) -> Drawing:
    """Bring strokes onto the pad.

    Strokes of the pad itself stay where they are. Other programs count from a corner, in units of
    their own: such strokes are scaled and centred.
    """
    around_centre = any((stroke.points < 0).any() for stroke in drawing.strokes)
    bounds = ink_bounds(drawing)
    longest = max(bounds.width(), bounds.height())
    if around_centre and SIDE / 50 < longest < 3 * SIDE:
        return drawing
    scale = _OPENED_SIDE / longest
    centre = bounds.center()
    return drawing.transformed(np.eye(2) * scale, (-centre.x() * scale, -centre.y() * scale))


def to_mime(drawing: Drawing) -> QMimeData:
    """A drawing, not empty, as a picture and, for programs that take them, as SVG and strokes."""
    mime = QMimeData()
    mime.setImageData(to_image(drawing))
    mime.setData(SVG_MIME, to_svg(drawing).encode())
    if drawing.strokes:
        mime.setData(STROKES_MIME, to_ndjson_line(drawing).encode())
    return mime


def can_take(mime: QMimeData) -> bool:
    """Whether `from_mime` could find something in this."""
    has_file = any(url.isLocalFile() for url in mime.urls())
    return has_file or mime.hasImage() or mime.hasFormat(STROKES_MIME)


def from_mime(mime: QMimeData) -> ImportedDrawing:
    """The drawing in what was pasted or dropped; raises a `DigitpadError` where there is none."""
    if mime.hasFormat(STROKES_MIME):
        # The reader of files knows all that can be wrong with a line.
        data = bytes(mime.data(STROKES_MIME).data())
        records = parse_strokes(data, Marked("the clipboard"))
        return ImportedDrawing(onto_pad(next(records).drawing))
    for url in mime.urls():
        if url.isLocalFile():
            return open_drawing(Path(url.toLocalFile()))
    if mime.hasFormat(PNG_MIME):
        # The file itself: Qt's image of it may have lost its alpha on the way.
        data = bytes(mime.data(PNG_MIME).data())
        return ImportedDrawing(Drawing(picture=decode_picture(data, Marked("The pasted picture"))))
    image = mime.imageData() if mime.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return ImportedDrawing(Drawing(picture=to_picture(image)))
    raise DigitpadError(
        "There is no picture and no drawing on the clipboard: copy one, then paste again."
    )


def to_picture(image: QImage) -> Picture:
    """Qt's image, not null, as a picture; a huge one is reduced."""
    if max(image.width(), image.height()) > MAX_SIDE:
        image = image.scaled(
            MAX_SIDE,
            MAX_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return Picture(rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4))
