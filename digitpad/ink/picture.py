"""Pictures of a digit: opened, pasted or dropped."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.storage.problems import unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

MAX_PIXELS = 64 * 2**20
"""Pixels of the largest picture that is decoded; a larger one is refused by its header."""

MAX_FILE_BYTES = 256 * 2**20
"""Size of the largest file that is read."""

MAX_SIDE = 2048
"""Longest side of a picture that is kept; a larger one is reduced by whole factors on opening."""

# What cameras, scanners, screenshots and browsers make. A list, because Pillow has readers for
# formats that nobody pastes, and each is a way in for a hostile file.
# JPEG's reader takes MPO, the files of some cameras, as well.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "DIB", "PPM", "TIFF", "WEBP", "AVIF")


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


def read_picture(path: Path) -> Picture:
    """Open a picture file; its content, not its name, says of which format it is.

    Raises:
        DigitpadError: as `decode_picture`, and where the file cannot be read.
    """
    try:
        if path.is_dir():
            raise DigitpadError("{path} is a folder: choose a picture file in it.", path=path)
        if path.exists() and not path.is_file():
            raise DigitpadError("{path} is not an ordinary file: choose a picture file.", path=path)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return decode_picture(data, str(path))


def decode_picture(data: bytes, source: str) -> Picture:
    """Decode a picture file: the first frame, upright as its EXIF data says.

    One whose longer side is above `MAX_SIDE` is reduced by a whole factor, as a mean over squares.

    Args:
        data: PNG, JPEG, GIF, BMP, PPM, TIFF, WebP or AVIF.
        source: names the picture in errors: a path, or words like "The pasted picture".

    Raises:
        DigitpadError: it is of none of these formats, damaged, incomplete, or too large.
    """
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise DigitpadError("{source} is empty: there is no picture in it.", source=source)
    if len(data) > MAX_FILE_BYTES:
        raise DigitpadError(
            "{source} is larger than {megabytes} MB: save a smaller copy and open that.",
            source=source,
            megabytes=MAX_FILE_BYTES // 2**20,
        )
    with warnings.catch_warnings():
        # Pillow warns of oddities that it copes with; only this one means a refusal.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise DigitpadError(
                        "{source} is too large ({width} x {height}): Digitpad reads pictures of up"
                        " to {most} megapixels. Save a smaller copy and open that.",
                        source=source,
                        width=image.width,
                        height=image.height,
                        most=MAX_PIXELS // 2**20,
                    )
                return Picture(_decoded(image))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise DigitpadError(
                "{source} is too large: Digitpad reads pictures of up to {most} megapixels. Save a"
                " smaller copy and open that.",
                source=source,
                most=MAX_PIXELS // 2**20,
            ) from None
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


def _decoded(image: Image.Image) -> NDArray[np.uint8]:
    """The pixels of an opened image, uint8 (h, w, 4), reduced and upright."""
    from PIL import ImageOps

    # JPEG can decode at an eighth, a quarter or half its size; other formats pass this over.
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    image.load()
    plain = _reduced(image)
    try:
        # Only the orientation is wanted of the EXIF data, and damaged data cost just that.
        plain.info = image.info
        plain = ImageOps.exif_transpose(plain)
    except _DECODER_ERRORS:
        plain.info = {}
    return np.array(plain)


def _reduced(image: Image.Image) -> Image.Image:
    """The image in mode RGBA, its longer side at most `MAX_SIDE`."""
    from PIL import Image

    factor = -(-max(image.size) // MAX_SIDE)
    levels = _level_range(image)
    result = Image.new("RGBA", (-(-image.width // factor), -(-image.height // factor)))
    # In bands, so that a large picture is never in memory in two modes at once.
    rows = max(2**20 // image.width // factor, 1) * factor
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        if levels is not None:
            band = Image.fromarray(_to_eight_bits(np.asarray(band), *levels))
        result.paste(band.convert("RGBA").reduce(factor), (0, top // factor))
    return result


def _level_range(image: Image.Image) -> tuple[float, float] | None:
    """Levels that stand for black and white where there are more than 256 of them."""
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    if image.mode not in {"I", "F"}:
        return None
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    if image.mode == "I" and low >= 0 and high <= 65535:
        return 0.0, 65535.0
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError("it holds levels that are not numbers")
    return low, high


def _to_eight_bits(levels: NDArray[np.generic], black: float, white: float) -> NDArray[np.uint8]:
    share = (levels.astype(np.float64) - black) / max(white - black, 1e-300)
    if not np.isfinite(share).all():
        raise ValueError("it holds levels that are not numbers")
    return np.rint(255.0 * share.clip(0.0, 1.0)).astype(np.uint8)
