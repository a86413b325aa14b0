"""What decoding a picture may take: sizes, memory and time, whatever its file says."""

from __future__ import annotations

import contextlib
import ctypes
import io
import re
import time
from functools import cache
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.ink.files.kinds import HEAD_BYTES, check_is_own

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from _typeshed import WriteableBuffer
    from PIL import Image

    Stream = io.BufferedReader["BoundedFile"]

MAX_MEMORY = 640 * 2**20
"""Bytes that the pixels of one file may take while they are decoded: a page of A3 scanned at 600
dots an inch, in colour, or six times as many in grey. More is refused by the file's header."""

MAX_FILE_BYTES = 256 * 2**20
"""Size of the largest file that is read, ..."""

MAX_STREAMED_BYTES = 2**30
"""... and of one in a format that is decoded as it is read, and may not be packed at all."""

MAX_SCANS = 100
"""Scans of the largest number that a JPEG file is decoded with; cameras and programs make ten."""

MAX_CPU_S = 20.0
"""Time of the processor in which a file is decoded, or refused."""

MAX_SIDE = 2048
"""Longest side of a picture that is kept; a larger one is reduced by whole factors on opening."""

_STREAMED = frozenset({"PNG", "BMP", "DIB", "PPM", "TIFF"})

_WHOLE_BYTES = 16
"""Bytes to a pixel of the formats that are decoded by other libraries in one call."""

_READS_A_LOOK = 8

_PYTHON_CODECS = frozenset({"bmp_rle", "ppm", "ppm_plain"})
"""Those that gather all pixels before they become an image."""

_MOST_SEGMENTS = 10_000
"""Of a JPEG file, before and between its scans."""

# A marker of JPEG's that is no part of coded data (ITU-T T.81, table B.1).
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_START, _END, _SCAN, _TEM = 0xD8, 0xD9, 0xDA, 0x01


class PictureCancelled(Exception):  # noqa: N818 - nothing is wrong
    """A picture was given up while it was being decoded."""


class BoundedFile(io.RawIOBase):
    """A file that is read no longer than it may be.

    It has no number of its own: libtiff would map the file into memory, where a stick that is
    pulled out ends the process.
    """

    def __init__(
        self, file: io.BufferedIOBase, source: str, cancelled: Callable[[], bool] | None
    ) -> None:
        self._file = file
        self._source = source
        self._cancelled = cancelled
        self._until = time.thread_time() + MAX_CPU_S
        self._reads = 0

    def readable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def seekable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See `io.RawIOBase`."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """See `io.RawIOBase`."""
        return self._file.tell()

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """Read on; raises a `DigitpadError` or `PictureCancelled` where that is to end."""
        if self._cancelled is not None and self._cancelled():
            raise PictureCancelled
        self._reads += 1
        # To ask for the time takes longer than to read.
        if self._reads % _READS_A_LOOK == 0 and time.thread_time() > self._until:
            raise DigitpadError(
                "{source} takes too long to decode: save a copy of the picture with another program"
                " and open that.",
                source=self._source,
            )
        return self._file.readinto(buffer)


def check_file(stream: Stream, source: str) -> None:
    """Refuse what can be refused before it is decoded; leaves the stream at its beginning."""
    head = stream.read(HEAD_BYTES)
    if not head:
        raise DigitpadError("{source} is empty: there is no picture in it.", source=source)
    check_is_own(head, source)
    _check_size(stream, MAX_STREAMED_BYTES, source)
    if head.startswith(b"\xff\xd8"):
        _check_size(stream, MAX_FILE_BYTES, source)
        stream.seek(0)
        if scan_count(stream.read()) > MAX_SCANS:
            raise DigitpadError(
                "{source} is made of more than {most} scans, which takes long and no camera does:"
                " save a copy of the picture with another program and open that.",
                source=source,
                most=MAX_SCANS,
            )
    elif head.startswith(b"RIFF"):
        # Its decoder takes the memory as soon as the file is opened.
        width, height = _webp_size(head)
        if width * height * _WHOLE_BYTES > MAX_MEMORY:
            raise _too_large(source, (width, height), _WHOLE_BYTES)
    stream.seek(0)


def _webp_size(head: bytes) -> tuple[int, int]:
    """What a WebP file says of its size (RFC 9649), as it stands in each of its three forms."""

    def number(at: int, size: int) -> int:
        return int.from_bytes(head[at : at + size], "little")

    if head[12:16] == b"VP8X":
        return number(24, 3) + 1, number(27, 3) + 1
    if head[12:16] == b"VP8L":
        return (number(21, 4) & 0x3FFF) + 1, (number(21, 4) >> 14 & 0x3FFF) + 1
    return number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF


def _check_size(stream: Stream, most: int, source: str) -> None:
    if stream.seek(0, io.SEEK_END) > most:
        raise DigitpadError(
            "{source} is larger than {megabytes} MB: save a smaller copy and open that.",
            source=source,
            megabytes=most // 2**20,
        )


def scan_count(data: bytes) -> int:
    """The number of scans in a JPEG file, whatever else it has; above `MAX_SCANS` it may be less.

    Each is a way through the whole picture, and takes time even where it says nothing new.
    """
    scans = at = 0
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None or scans > MAX_SCANS:
            return scans
        marker, at = data[found.start() + 1], found.end()
        if marker == _END:
            return scans
        scans += marker == _SCAN
        if marker not in (_START, _TEM):
            at += max(int.from_bytes(data[at : at + 2], "big"), 2)
    return MAX_SCANS + 1


def _too_large(source: str, size: tuple[int, int], bytes_to_a_pixel: float) -> DigitpadError:
    return DigitpadError(
        "{source} is too large ({width} x {height}): Digitpad reads pictures of this kind of up to"
        " {most} megapixels. Save a smaller copy, or one as JPEG, and open that.",
        source=source,
        width=size[0],
        height=size[1],
        most=int(MAX_MEMORY / bytes_to_a_pixel / 10**6),
    )


def shrinking(image: Image.Image, most: int) -> int:
    """How many pixels along each axis JPEG decodes as one, so that a side has about so many.

    A power of two up to eight; other formats pass this over.
    """
    factor = -(-max(image.size) // most)
    return next((power for power in (1, 2, 4) if power >= factor), 8)


def check_memory(image: Image.Image, stream: Stream, source: str) -> None:
    """Refuse an opened image that would take too much memory to decode."""
    if image.format not in _STREAMED or _has_tile(image, {"libtiff"}):
        place = stream.tell()
        _check_size(stream, MAX_FILE_BYTES, source)
        stream.seek(place)
    bytes_to_a_pixel = _bytes_to_a_pixel(image)
    if image.width * image.height * bytes_to_a_pixel > MAX_MEMORY:
        raise _too_large(source, image.size, bytes_to_a_pixel)


def _bytes_to_a_pixel(image: Image.Image) -> float:
    """Memory that decoding takes, roughly, to each pixel that the file says it has."""
    if image.format in {"WEBP", "AVIF"}:
        return _WHOLE_BYTES
    kept = 1.0 if image.mode in {"1", "L", "P"} else 2.0 if image.mode.startswith("I;16") else 4.0
    if image.format in {"JPEG", "MPO"}:
        # In several scans, the coefficients of the whole picture are kept between them.
        coefficients = 2.0 * len(image.getbands()) if image.info.get("progressive") else 0.0
        return coefficients + kept / shrinking(image, MAX_SIDE) ** 2
    if _has_tile(image, _PYTHON_CODECS):
        return 4.0 * kept
    if _has_tile(image, {"libtiff"}):
        # libtiff unpacks a strip, which may be the whole picture, beside it.
        rows = int(image.tag_v2.get(278, image.height))  # type: ignore[attr-defined]
        return kept * (1.0 + min(rows, image.height) / max(image.height, 1))
    return kept


def _has_tile(image: Image.Image, codecs: AbstractSet[str]) -> bool:
    """Whether a part of the image is packed in one of these ways."""
    return any(tile[0] in codecs for tile in getattr(image, "tile", ()))


@cache
def silence_libtiff() -> None:
    """Keep libtiff from writing to standard error, past all that Python can redirect.

    Its errors come as errors all the same. Where it is a part of Pillow's own library and cannot be
    found in it, as on Windows, nothing is changed.
    """
    from PIL import _imaging

    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(_imaging.__file__)
        for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
            handler = getattr(library, name)
            handler.argtypes, handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            handler(None)
