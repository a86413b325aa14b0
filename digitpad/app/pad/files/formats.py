"""Drawings as files, and as what is copied, pasted and dropped."""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QMimeData, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from digitpad.app.i18n import translated
from digitpad.app.pad.canvas.painting import SIDE, ink_bounds, paint_drawing, picture_image
from digitpad.app.services.opening import Opening
from digitpad.app.widgets.images import png_file
from digitpad.app.widgets.theme import theme_for
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.files.drawings import parse_drawings, read_drawings
from digitpad.ink.files.limits import MAX_SIDE
from digitpad.ink.picture import Picture
from digitpad.ink.stroke_file import to_ndjson_line
from digitpad.ink.svg import to_svg
from digitpad.storage.atomic import write_atomically
from digitpad.storage.problems import os_errors
from digitpad.text import Marked, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digitpad.ink.files.drawings import FileDrawing
    from digitpad.ink.files.kinds import Kind


STROKES_MIME = "application/x-ndjson"
SVG_MIME = "image/svg+xml"
PNG_MIME = "image/png"

_ADDRESSES = ("http://", "https://", "ftp://")

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


def open_drawing(path: Path, cancelled: Callable[[], bool] | None = None) -> ImportedDrawing:
    """Read a picture, an SVG drawing of Digitpad's own or a file of strokes.

    Raises:
        DigitpadError: it is none of them.
        PictureCancelled: `cancelled`, which is asked meanwhile, says so.
    """
    return _first_of(read_drawings(path, cancelled), path.name)


def _first_of(drawings: Iterator[FileDrawing], name: str) -> ImportedDrawing:
    first = next(drawings)
    try:
        more = next(drawings, None) is not None
    except DigitpadError:
        more = True  # a later line is damaged: the first drawing was not
    notice = Sentence("{name} holds more than one drawing. This is the first.", name=name)
    return ImportedDrawing(onto_pad(first.drawing), notice if more else None)


def onto_pad(drawing: Drawing) -> Drawing:
    """Bring strokes onto the pad; a picture stays as it is.

    Strokes of the pad itself stay where they are. Other programs count from a corner, in units of
    their own: such strokes are scaled and centred.
    """
    if drawing.picture is not None:
        return drawing
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
    """Whether there is something in this to open, or a word to say on it."""
    return bool(mime.urls()) or mime.hasImage() or mime.hasFormat(STROKES_MIME) or _speaks(mime)


def _speaks(mime: QMimeData) -> bool:
    """Whether the text in this is a drawing or an address."""
    return mime.text().lstrip().startswith(("{", "<svg", "<?xml", *_ADDRESSES))


def opening_of(mime: QMimeData, *, dropped: bool = False) -> Opening:
    """How to open the drawing in what was pasted or dropped.

    It is looked into at once, for it may be gone soon; what takes time is left to be done.

    Raises:
        DigitpadError: there is none.
    """
    name = Marked("the clipboard")
    if mime.hasFormat(STROKES_MIME):
        # The reader of files knows all that can be wrong with a line.
        return _of_data(bytes(mime.data(STROKES_MIME).data()), name, "strokes")
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return _of_files(files)
    picture = Marked("The dropped picture") if dropped else Marked("The pasted picture")
    if mime.hasFormat(PNG_MIME):
        # The file itself: Qt's image of it may have lost its alpha on the way.
        return _of_data(bytes(mime.data(PNG_MIME).data()), picture)
    image = mime.imageData() if mime.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return Opening(
            translated(picture), lambda _: ImportedDrawing(Drawing(picture=to_picture(image)))
        )
    for url in mime.urls():
        # An image that stands in the page itself.
        head, _, content = url.toString().partition(",")
        if url.scheme() == "data" and head.startswith("data:image/") and head.endswith(";base64"):
            return _of_data(base64.b64decode(content), picture)
    _refuse_address(mime)
    if _speaks(mime):
        return _of_data(mime.text().encode(errors="replace"), name)
    if (path := _named_file(mime.text())) is not None:
        return _of_files([path])
    if dropped:
        raise DigitpadError(
            "There is no picture and no drawing in what was dropped: drop a picture file."
        )
    raise DigitpadError(
        "There is no picture and no drawing on the clipboard: copy one, then paste again."
    )


def _of_data(data: bytes, name: str, kind: Kind | None = None) -> Opening:
    def read(_: object) -> ImportedDrawing:
        return _first_of(parse_drawings(data, name, kind), name)

    return Opening(translated(name), read)


def _of_files(paths: Sequence[Path]) -> Opening:
    # A folder is refused by its name, unless there is something else.
    path = next((path for path in paths if not path.is_dir()), paths[0])

    def read(cancelled: Callable[[], bool]) -> ImportedDrawing:
        opened = open_drawing(path, cancelled)
        if len(paths) == 1:
            return opened
        notice = Sentence(
            "{name} is the only one of {count} files that was opened: the pad holds one.",
            name=path.name,
            count=len(paths),
        )
        return ImportedDrawing(opened.drawing, notice)

    return Opening(path.name, read)


def _named_file(text: str) -> Path | None:
    """The file that a text names as a file manager's "Copy as path" writes it, if it is one."""
    name = text.strip().strip('"')
    # What begins so would ask another computer on Windows.
    if not name.startswith(("\\\\", "//")):
        with contextlib.suppress(OSError, ValueError):
            path = Path(name)
            if path.is_absolute() and path.is_file():
                return path
    return None


def _refuse_address(mime: QMimeData) -> None:
    addresses = [url for url in mime.urls() if not url.isLocalFile()]
    text = mime.text().strip()
    if not addresses and text.startswith(_ADDRESSES):
        addresses = [QUrl(text)]
    if addresses:
        raise DigitpadError(
            "This is only the address of something at {place}: save the picture on this computer"
            " first, then open or drop the file.",
            place=addresses[0].host() or addresses[0].scheme() or text[:80],
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
