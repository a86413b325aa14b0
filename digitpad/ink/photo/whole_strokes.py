"""Whether the paper was estimated with a window wide enough for the strokes on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.photo.windows import dilated, smallest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.photo.paper import Level

    Mask = NDArray[np.bool_]

_FILLED = 0.7
"""Width of the widest stroke as a share of the window, at most."""

_RING = 3
"""Pixels from the faintest edge of a stroke to where it is compared with what is around it."""

_CONTRAST = 0.35
"""How much of the way from ink to paper a pixel beside a stroke goes at least."""

_FREE = 0.85
"""Share of a stroke's outline that is brighter (or darker) than the stroke."""


def is_whole(level: Level, found: InkMask, symbol: Mask) -> bool:
    """Whether the window is wide enough for a symbol's strokes, bool (h, w)."""
    return _widest(level, found, symbol) <= _FILLED * level.window and stands_out(
        level, found, symbol
    )


def stands_out(level: Level, found: InkMask, symbol: Mask) -> bool:
    """Whether strokes, bool (h, w), differ from what is around them on all sides.

    A window too narrow for a stroke leaves pieces of it, at ends and corners; where such a piece
    ends, the stroke goes on. So does a shadow, or a thing that lies on the paper.
    """
    place = _around(symbol, 2 * _RING)
    mask, grey = symbol[place], level.grey[place]
    certain = mask & found.certain[place]
    if not level.mixture.is_dark:
        grey = -grey
    ring = dilated(mask, _RING) & ~dilated(mask, _RING - 1)
    if not ring.any():
        return True
    rise = np.abs(grey - np.where(level.mixture.is_dark, 1, -1) * level.background[place])[certain]
    # From the ring to the middle of the stroke.
    reach = _RING + math.ceil(_mean_width(certain))
    darkest = smallest(grey, 2 * reach + 1)
    is_free = (grey - darkest)[ring] >= _CONTRAST * np.median(rise)
    return bool(is_free.mean() >= _FREE)


def _mean_width(strokes: Mask) -> float:
    """Across a stroke of width w the distance from its edge is w / 4 in the mean."""
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(np.pad(strokes, 1))[1:-1, 1:-1]
    return 4.0 * float(depth[strokes].mean())


def _widest(level: Level, found: InkMask, symbol: Mask) -> float:
    from scipy import ndimage

    certain = (symbol & found.certain)[_around(symbol, 0)]
    return 2.0 * float(ndimage.distance_transform_edt(np.pad(certain, 1)).max())


def _around(symbol: Mask, room: int) -> tuple[slice, slice]:
    """The symbol's bounds with some room."""
    rows, columns = (np.flatnonzero(symbol.any(axis=axis)).tolist() for axis in (1, 0))
    return (
        slice(max(rows[0] - room, 0), rows[-1] + 1 + room),
        slice(max(columns[0] - room, 0), columns[-1] + 1 + room),
    )
