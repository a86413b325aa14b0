"""A picture with several symbols, in pixels fine enough for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.photo.colours import composite, extent
from digitpad.ink.photo.ink_mask import find_ink

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.photo.paper import Level
    from digitpad.ink.photo.preprocessing import PictureSearch
    from digitpad.ink.picture import Picture

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

_FINE_SIDE = 1200
"""Longest side, in pixels, of the picture in which several symbols are told apart."""

_HIGH = 64
"""A symbol that is so many pixels high need not be seen finer."""


class Page(NamedTuple):
    """A picture and its ink.

    Attributes:
        colours: float32 (h, w, 3), the picture, reduced and without transparency.
        factor: pixels of the picture as it was opened, along each axis, to one of these.
        level: its grey levels.
        ink: what may be ink.
    """

    colours: Floats
    factor: int
    level: Level
    ink: InkMask


def coarse_page(search: PictureSearch) -> Page:
    """The page as it was searched."""
    return Page(search.colours, search.factor, search.found.level, search.found.seen)


def fine_page(picture: Picture, search: PictureSearch) -> Page:
    """The page in finer pixels, if its symbols are small; the paper is what was found before."""
    coarse = coarse_page(search)
    _, top, _, bottom = extent(search.found.mask)
    factor = min(search.factor, (bottom - top) * search.factor // _HIGH)
    factor = max(factor, -(-max(picture.pixels.shape[:2]) // _FINE_SIDE), 1)
    if factor >= search.factor:
        return coarse
    colours = composite(picture.pixels, factor)
    level = coarse.level
    grey = level.mixture.grey(colours)
    background = _enlarged(level.background, search.factor, factor, grey.shape)
    strength = level.mixture.strength(grey, background)
    if search.sheet is not None:
        sheet = _enlarged(search.sheet.astype(np.float32), search.factor, factor, grey.shape)
        strength[sheet < 0.5] = 0.0
    window = level.window * search.factor // factor // 2 * 2 + 1
    try:
        ink = find_ink(strength)
    except DigitpadError:
        return coarse
    if search.found.is_near:
        ink = ink.near_certain()
    fine = level._replace(grey=grey, background=background, strength=strength, window=window)
    return Page(colours, factor, fine, ink)


def _enlarged(coarse: Floats, from_factor: int, factor: int, shape: tuple[int, ...]) -> Floats:
    """A map of the page in finer pixels, float32 of this shape."""
    from PIL import Image

    height, width = shape
    image = Image.fromarray(coarse)
    # The last coarse pixels may reach beyond the picture's edge.
    box = (0.0, 0.0, width * factor / from_factor, height * factor / from_factor)
    box = (0.0, 0.0, min(box[2], image.width), min(box[3], image.height))
    return np.array(image.resize((width, height), Image.Resampling.BILINEAR, box))
