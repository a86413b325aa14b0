"""From a decoded image of any mode to pixels of 8 bits a channel, reduced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from PIL import Image

    Box = tuple[int, int, int, int]

    Levels = NDArray[np.generic]
    Pixels = NDArray[np.uint8]

_WHITES = (255, 1023, 4095, 16383, 65535)
"""What stands for white in levels of 8 to 16 bits, which are all kept in 16."""

_BAND = 2**20
"""Pixels that are in memory in two modes at once."""

_UPPER_OF_12_BITS = 16

_GREY_BYTES = "RGBA"

_MIN_IS_WHITE = 0
_PHOTOMETRIC = 262


def reduced(image: Image.Image, most: int) -> Image.Image:
    """The image in mode RGBA, its longer side at most so long: the mean over squares of pixels.

    Levels of more than 8 bits are brought to 8 by what of their range is used.

    Raises:
        ValueError: it holds levels that are not numbers.
    """
    from PIL import Image

    factor = -(-max(image.size) // most)
    if image.mode == "LAB":
        image = image.getchannel("L")
    if image.mode in {"L", "RGB"} and not image.has_transparency_data:
        return (image.reduce(factor) if factor > 1 else image).convert("RGBA")
    to_eight = _eight_bits(image)
    has_alpha = image.has_transparency_data
    result = Image.new("RGBA", (-(-image.width // factor), -(-image.height // factor)))
    for box in _bands(image, factor):
        band = image.crop(box)
        if to_eight is not None:
            band = Image.fromarray(to_eight(np.asarray(band)))
        elif band.mode != "L" or has_alpha:
            # A mean of colours is found in half of the time where there is no opacity.
            band = band.convert("RGBA" if has_alpha else "L" if band.mode == "1" else "RGB")
        result.paste(band.reduce(factor).convert("RGBA"), (0, box[1] // factor))
    return result


def _bands(image: Image.Image, factor: int = 1) -> Iterator[Box]:
    """Boxes of whole rows, so that a large picture is never in memory in two modes at once."""
    rows = max(_BAND // max(image.width, 1) // factor, 1) * factor
    for top in range(0, image.height, rows):
        yield 0, top, image.width, min(top + rows, image.height)


def _eight_bits(image: Image.Image) -> Callable[[Levels], Pixels] | None:
    """What makes 8 bits of the image's levels; None where they are such already."""
    if image.mode not in {"I", "F"} and not image.mode.startswith("I;16"):
        return None
    low, high = _extrema(image)
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError("it holds levels that are not numbers")
    if image.mode != "F" and low >= 0 and high <= _WHITES[-1]:
        low, high = 0.0, float(next(white for white in _WHITES if high <= white))
    # Pillow turns these round itself where they have 8 bits.
    tags = getattr(image, "tag_v2", {})
    if tags.get(_PHOTOMETRIC) == _MIN_IS_WHITE and image.mode != "F":
        low, high = high, low

    def to_eight(levels: Levels) -> Pixels:
        span = (high - low) or 1e-300
        share = (levels.astype(np.float64) - low) / span
        if not np.isfinite(share).all():
            raise ValueError("it holds levels that are not numbers")
        return np.rint(255.0 * share.clip(0.0, 1.0)).astype(np.uint8)

    return to_eight


def _extrema(image: Image.Image) -> tuple[float, float]:
    if image.mode.startswith("I;16"):
        # Pillow itself finds them in one of these modes alone.
        bands = [np.asarray(image.crop(box)) for box in _bands(image)]
        return float(min(map(np.min, bands))), float(max(map(np.max, bands)))
    low, high = image.getextrema()
    return float(low), float(high)  # type: ignore[arg-type]


def low_bytes_tiles(image: Image.Image) -> list[Any]:
    """How an image of several channels of 16 bits is to be decoded for the lower half of each.

    Pillow keeps the upper half alone, and of levels that are all below 4096, as 12 bits are, hardly
    anything. Empty for all other images.
    """
    swapped = {"16B": "16L", "16L": "16B", "16N": "16B" if np.little_endian else "16L"}
    tiles = []
    # Grey with opacity is in mode RGBA, too.
    for tile in getattr(image, "tile", ()) if image.mode in {"RGB", "RGBA"} else ():
        is_tuple = isinstance(tile.args, tuple)
        mode, *others = tile.args if is_tuple else (tile.args,)
        channels, _, order = str(mode).partition(";")
        if channels not in {"LA", "RGB", "RGBA"} or order not in swapped:
            return []
        # Pillow has no name for the lower halves of grey with opacity; as four channels of 8 bits
        # they are the second and the fourth.
        mode = _GREY_BYTES if channels == "LA" else f"{channels};{swapped[order]}"
        tiles.append(tile._replace(args=(mode, *others) if is_tuple else mode))
    return tiles


def lower_halves(decoded: Image.Image, tiles: list[Any]) -> Image.Image:
    """The lower halves of colours and opacity, of an image decoded as `low_bytes_tiles` says."""
    from PIL import Image

    args = tiles[0].args
    if (args[0] if isinstance(args, tuple) else args) != _GREY_BYTES:
        return decoded
    grey, opacity = decoded.getchannel(1), decoded.getchannel(3)
    return Image.merge("RGBA", (grey, grey, grey, opacity))


def is_nearly_black(image: Image.Image) -> bool:
    """Whether no colour of a decoded image of three or four channels is above 15."""
    return max(int(high) for _, high in image.getextrema()[:3]) < _UPPER_OF_12_BITS  # type: ignore[misc]


def take_low_bytes(upper: Image.Image, lower: Image.Image) -> None:
    """Make an image of 8 bits of the upper and the lower halves of its levels.

    It takes the place of the first, which is `is_nearly_black`.
    """
    from PIL import Image

    both = [max(int(high) for _, high in half.getextrema()[:3]) for half in (upper, lower)]  # type: ignore[misc]
    highest = 256 * both[0] + (255 if both[0] else both[1])
    white = next(white for white in _WHITES if highest <= white)
    for box in _bands(upper):
        high, low = (np.asarray(half.crop(box)) for half in (upper, lower))
        levels = np.array(high)
        colours = 256.0 * high[..., :3] + low[..., :3]
        levels[..., :3] = np.rint(colours * (255.0 / white))
        upper.paste(Image.fromarray(levels), box)
