"""Whether the paper was estimated with a window wide enough for the strokes on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.photo.paper import Level

    Mask = NDArray[np.bool_]

_FILLED = 0.7
"""Width of the widest stroke as a share of the window, at most."""

_CONTRAST = 0.35
"""How much of the way from ink to paper a pixel beside a stroke goes at least."""

_FREE = 0.85
"""Share of a stroke's outline that is brighter (or darker) than the stroke."""


def is_whole(level: Level, found: InkMask, symbol: Mask) -> bool:
    """Whether a symbol's strokes, bool (h, w), stand out on all sides, and are below the window.

    A window too narrow for a stroke leaves pieces of it, at ends and corners; where such a piece
    ends, the stroke goes on.
    """
    from scipy import ndimage

    place = _around(symbol, level.window)
    mask, grey = symbol[place], level.grey[place]
    certain = mask & found.certain[place]
    depth = ndimage.distance_transform_edt(np.pad(certain, 1))[1:-1, 1:-1]
    if 2.0 * depth.max() > _FILLED * level.window:
        return False
    if not level.is_dark:
        grey = -grey
    # Across a stroke of width w the distance from its edge is w / 4 in the mean.
    reach = 3 + int(np.ceil(4.0 * depth[certain].mean()))
    wide = ndimage.binary_dilation(mask, np.ones((3, 3), bool), iterations=2)
    ring = ndimage.binary_dilation(wide, np.ones((3, 3), bool)) & ~wide
    if not ring.any():
        return True
    rise = np.abs(level.grey[place] - level.background[place])[certain]
    darkest = ndimage.minimum_filter(grey, 2 * reach + 1, mode="nearest")
    is_free = (grey - darkest)[ring] >= _CONTRAST * np.median(rise)
    return bool(is_free.mean() >= _FREE)


def _around(symbol: Mask, window: int) -> tuple[slice, slice]:
    """The symbol's bounds with some room."""
    rows, columns = (np.flatnonzero(symbol.any(axis=axis)) for axis in (1, 0))
    rows, columns = rows.tolist(), columns.tolist()
    room = window + 4
    return (
        slice(max(rows[0] - room, 0), rows[-1] + 1 + room),
        slice(max(columns[0] - room, 0), columns[-1] + 1 + room),
    )
