"""Drawings in any file that is read, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.files.kinds import HEAD_BYTES, kind_of
from digitpad.ink.files.limits import MAX_FILE_BYTES
from digitpad.ink.files.svg import MAX_SVG_BYTES, parse_svg
from digitpad.ink.picture import decode_picture, read_picture
from digitpad.ink.stroke_file import parse_strokes, read_strokes, stream_strokes
from digitpad.storage.problems import unreadable

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from digitpad.ink.files.kinds import Kind
    from digitpad.ink.stroke_file import StrokeRecord

    Skip = Callable[[int, DigitpadError], None]


class FileDrawing(NamedTuple):
    """A drawing of a file; strokes have their line, and a name of their own where they have one."""

    drawing: Drawing
    key_id: str | None = None
    line: int | None = None


def read_drawings(
    path: Path, cancelled: Callable[[], bool] | None = None, skip: Skip | None = None
) -> Iterator[FileDrawing]:
    """The drawings of a file, one at a time: a picture, an SVG drawing, or any number of strokes.

    Args:
        path: of an ordinary file.
        cancelled: see `digitpad.ink.picture.read_picture`.
        skip: see `digitpad.ink.stroke_file.read_strokes`.

    Raises:
        DigitpadError: it cannot be read, is none of these, or is damaged; the drawings of strokes
            before the damage have then been given.
        PictureCancelled: as asked.
    """
    try:
        kind = kind_of(b"", path.name)
        # Others are refused by the readers, which would else wait for what never comes.
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
                kind = kind_of(head, path.name)
                if kind == "svg":
                    drawing = parse_svg(head + file.read(MAX_SVG_BYTES), str(path), cancelled)
                    yield FileDrawing(drawing)
                    return
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if kind == "strokes":
        yield from _drawings(read_strokes(path, skip))
    else:
        yield FileDrawing(Drawing(picture=read_picture(path, cancelled)))


def stream_drawings(
    stream: io.BufferedReader, name: str, skip: Skip | None = None
) -> Iterator[FileDrawing]:
    """As `read_drawings`, from a pipe or standard input, which errors call by this name.

    Strokes are read as they come.
    """
    head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
    if kind_of(head, name) == "strokes":
        yield from _drawings(stream_strokes(stream, name, skip))
        return
    data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise DigitpadError(
            "{name} has more than {megabytes} MB: save a smaller copy and open that.",
            name=name,
            megabytes=MAX_FILE_BYTES // 2**20,
        )
    yield from parse_drawings(data, name)


def parse_drawings(data: bytes, name: str, kind: Kind | None = None) -> Iterator[FileDrawing]:
    """As `read_drawings`, from the content of a file, which errors call by this name.

    If its kind is not given, its content decides.
    """
    kind = kind or kind_of(data[:HEAD_BYTES], name)
    if kind == "strokes":
        yield from _drawings(parse_strokes(data, name))
    elif kind == "svg":
        yield FileDrawing(parse_svg(data, name))
    else:
        yield FileDrawing(Drawing(picture=decode_picture(data, name)))


def _drawings(records: Iterable[StrokeRecord]) -> Iterator[FileDrawing]:
    for record in records:
        yield FileDrawing(record.drawing, record.key_id, record.line)
