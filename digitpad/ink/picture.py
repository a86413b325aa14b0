"""Pictures of a digit: opened, pasted or dropped."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.files.kinds import PICTURE_FORMATS
from digitpad.ink.files.levels import (
    is_nearly_black,
    low_bytes_tiles,
    lower_halves,
    reduced,
    take_low_bytes,
)
from digitpad.ink.files.limits import (
    MAX_MEMORY,
    MAX_SIDE,
    BoundedFile,
    check_file,
    check_memory,
    shrinking,
    silence_libtiff,
)
from digitpad.storage.problems import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

    from digitpad.ink.files.limits import Stream


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as it was opened.

    Attributes:
        pixels: uint8 (height, width, 4): red, green, blue, alpha; alpha is not premultiplied.

    Raises:
        ValueError: the array has another shape or dtype, or no pixels.
    """

    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        pixels = np.array(self.pixels)
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or not pixels.size:
            raise ValueError("pixels must be uint8 of the shape (height, width, 4), not empty")
        pixels.setflags(write=False)
        object.__setattr__(self, "pixels", pixels)


def read_picture(path: Path, cancelled: Callable[[], bool] | None = None) -> Picture:
    """Open a picture file; its content, not its name, says of which format it is.

    Args:
        path: of the file.
        cancelled: asked again and again, on this thread; where it is true, decoding ends.

    Raises:
        DigitpadError: as `decode_picture`, and where the file cannot be read.
        PictureCancelled: as asked.
    """
    try:
        if path.is_dir():
            raise DigitpadError("{path} is a folder: choose a picture file in it.", path=path)
        if path.exists() and not path.is_file():
            raise DigitpadError("{path} is not an ordinary file: choose a picture file.", path=path)
        with path.open("rb") as file:
            return _decode(file, str(path), cancelled)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def decode_picture(
    data: bytes, source: str, cancelled: Callable[[], bool] | None = None
) -> Picture:
    """Decode a picture file: the first frame, upright as its EXIF data says.

    One whose longer side is above `MAX_SIDE` is reduced by a whole factor, as a mean over squares.
    Time and memory are bounded whatever the file says.

    Args:
        data: PNG, JPEG, GIF, BMP, PPM, TIFF, WebP or AVIF.
        source: names the picture in errors: a path, or words like "The pasted picture".
        cancelled: see `read_picture`.

    Raises:
        DigitpadError: it is of none of these formats, damaged, incomplete, or too large.
        PictureCancelled: as asked.
    """
    return _decode(io.BytesIO(data), source, cancelled)


def _decode(file: io.BufferedIOBase, source: str, cancelled: Callable[[], bool] | None) -> Picture:
    from PIL import Image, UnidentifiedImageError

    # Pillow warns of oddities that it copes with, and its limit of pixels is another one.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    Image.MAX_IMAGE_PIXELS = None
    stream = io.BufferedReader(BoundedFile(file, source, cancelled), 2**16)
    try:
        check_file(stream, source)
        with Image.open(stream, formats=tuple(PICTURE_FORMATS)) as image:
            return Picture(_decoded(image, stream, source))
    except MemoryError:
        raise DigitpadError(
            "There is not enough memory to open {source}: save a smaller copy and open that.",
            source=source,
        ) from None
    except (UnidentifiedImageError, KeyError):
        # KeyError: an older Pillow knows no AVIF, the last of the list.
        raise DigitpadError(
            "{source} is not a picture that Digitpad reads: choose a PNG, JPEG, GIF, BMP,"
            " TIFF, WebP or AVIF file.",
            source=source,
        ) from None
    except _DECODER_ERRORS as error:
        raise DigitpadError(
            "{source} is damaged or incomplete and could not be decoded ({error})."
            " Copy or save it again.",
            source=source,
            error=error,
        ) from error


# What Pillow's readers raise on bad content; OSError includes "image file is truncated".
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    struct.error,
)


def _decoded(image: Image.Image, stream: Stream, source: str) -> NDArray[np.uint8]:
    """The pixels of an opened image, uint8 (h, w, 4), reduced and upright."""
    from PIL import ImageOps

    check_memory(image, stream, source)
    if image.format == "TIFF":
        silence_libtiff()
    divisor = shrinking(image, MAX_SIDE)
    image.draft(None, (max(image.width // divisor, 1), max(image.height // divisor, 1)))
    low_tiles = low_bytes_tiles(image)
    image.load()
    fits_twice = 8 * image.width * image.height <= MAX_MEMORY
    if low_tiles and fits_twice and is_nearly_black(image):
        _take_low_bytes(image, low_tiles, stream)
    plain = reduced(image, MAX_SIDE)
    try:
        # Only the orientation is wanted of the EXIF data, and damaged data cost just that.
        plain.info = image.info
        plain = ImageOps.exif_transpose(plain)
    except _DECODER_ERRORS:
        plain.info = {}
    return np.array(plain)


def _take_low_bytes(image: Image.Image, tiles: list[Any], stream: Stream) -> None:
    from PIL import Image

    stream.seek(0)
    with Image.open(stream, formats=tuple(PICTURE_FORMATS)) as low:
        low.tile = tiles
        low.load()
        take_low_bytes(image, lower_halves(low, tiles))
