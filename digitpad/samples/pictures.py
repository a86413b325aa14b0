"""Pictures as samples keep them: no more than the symbol, and no finer than a glyph needs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.parts import whole_drawing
from digitpad.ink.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SIDE = 160
"""Longest side of a picture in pixels, so that thousands of them fit into memory."""

_MARGIN = 0.25
"""Paper around the ink, as a share of its longer side: it is needed to tell ink from paper."""


def small(drawing: Drawing) -> Drawing:
    """The drawing of one symbol, a large picture of it cut to its ink and reduced."""
    picture = drawing.picture
    if picture is None or max(picture.pixels.shape[:2]) <= MAX_SIDE:
        return drawing
    height, width = picture.pixels.shape[:2]
    try:
        left, top, right, bottom = map(round, whole_drawing(drawing).bounds)
    except DigitpadError:
        left, top, right, bottom = 0, 0, width, height
    margin = round(_MARGIN * max(right - left, bottom - top))
    rows = slice(max(top - margin, 0), bottom + margin)
    columns = slice(max(left - margin, 0), right + margin)
    from PIL import Image

    image = Image.fromarray(picture.pixels[rows, columns])
    factor = -(-max(image.size) // MAX_SIDE)
    return Drawing(picture=Picture(np.asarray(image.reduce(factor) if factor > 1 else image)))


def of_glyph(glyph: NDArray[np.uint8]) -> Drawing:
    """A drawing whose picture is a glyph, uint8 (28, 28): dark ink on white paper."""
    pixels = np.full((*glyph.shape, 4), 255, np.uint8)
    pixels[..., :3] = 255 - glyph[..., None]
    return Drawing(picture=Picture(pixels))


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels as the content of a PNG file: uint8 (h, w) in grey, or (h, w, 4) with opacity."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
