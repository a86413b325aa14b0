"""A small symbol's ink in finer pixels than those that it was found in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.glyph import BOX
from digitpad.ink.photo.colours import composite, extent, is_opaque, with_room
from digitpad.ink.photo.ink_mask import cut_soft
from digitpad.ink.photo.windows import dilated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.paper import Level

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

ENOUGH = 4 * BOX
"""With so many pixels along its longer side, a symbol gives as good a glyph as a finer one, and
the width of its strokes can be found."""

_MARGIN = 2
"""Coarse pixels around the symbol that are looked at."""


def close_up(
    pixels: NDArray[np.uint8],
    factor: int,
    level: Level,
    symbol: Mask,
    others: Mask | None = None,
) -> Floats | None:
    """How much of a symbol's ink each of the finer pixels around it holds, in [0, 1].

    None where the symbol is large, and where the picture is transparent somewhere.

    Args:
        pixels: uint8 (h, w, 4), the picture as it was opened.
        factor: pixels of it, along each axis, to one of the level and the symbol.
        level: the picture's.
        symbol: bool, its coarse pixels.
        others: bool, those of other symbols, which may touch it.
    """
    from PIL import Image

    left, top, right, bottom = extent(symbol)
    longer = max(right - left, bottom - top)
    finer = max(-(-factor * longer // (2 * ENOUGH)), 1)
    if longer >= ENOUGH or finer == factor or not is_opaque(pixels):
        return None
    rows, columns = with_room(symbol, _MARGIN)
    cut = pixels[
        factor * rows.start : factor * rows.stop, factor * columns.start : factor * columns.stop
    ]
    colours = composite(cut, finer)
    # What the coarse pixels cover, the last ones beyond the picture's edge included.
    whole = symbol[rows, columns].shape
    size = (-(-whole[1] * factor // finer), -(-whole[0] * factor // finer))
    height, width = colours.shape[:2]

    def enlarged(coarse: Floats, how: Image.Resampling) -> Floats:
        image = Image.fromarray(coarse[rows, columns]).resize(size, how)
        return np.asarray(image)[:height, :width]

    background = enlarged(level.background, Image.Resampling.BILINEAR)
    near = dilated(symbol, 1)
    if others is not None:
        near &= ~others
    around = enlarged(near.astype(np.float32), Image.Resampling.NEAREST)
    ink = cut_soft(level.mixture.strength(level.mixture.grey(colours), background), around > 0.5)
    return ink if ink.any() else None
