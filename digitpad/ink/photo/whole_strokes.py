"""Whether the paper was estimated with a window wide enough for the strokes on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.photo.colours import with_room
from digitpad.ink.photo.windows import dilated, eroded, smallest

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


def is_wide(level: Level, found: InkMask, symbol: Mask) -> bool:
    """Whether a symbol's strokes, bool (h, w), are too wide for the window."""
    certain = (symbol & found.certain)[with_room(symbol, 1)]
    return bool(smallest(certain, int(_FILLED * level.window) // 2 * 2 + 1).any())


def stands_out(level: Level, found: InkMask, symbol: Mask, others: Mask | None = None) -> bool:
    """Whether strokes, bool (h, w), differ from what is around them on all sides.

    A window too narrow for a stroke leaves pieces of it, at ends and corners. Beyond such a piece
    the stroke continues, as do a shadow and a thing that lies on the paper. Other symbols that are
    near, also bool (h, w), are passed over.
    """
    place = with_room(symbol, 2 * _RING)
    mask, grey = symbol[place], level.grey[place]
    certain = mask & found.certain[place]
    if not level.mixture.is_dark:
        grey = -grey
    ring = dilated(mask, _RING) & ~dilated(mask, _RING - 1)
    if others is not None:
        ring &= ~dilated(others[place] & ~mask, 1)
    if not ring.any():
        return True
    rise = np.abs(grey - np.where(level.mixture.is_dark, 1, -1) * level.background[place])[certain]
    # From the ring to the middle of the stroke.
    reach = _RING + math.ceil(stroke_width(certain))
    darkest = smallest(grey, 2 * reach + 1)
    is_free = (grey - darkest)[ring] >= _CONTRAST * np.median(rise)
    return bool(is_free.mean() >= _FREE)


def stroke_width(strokes: Mask) -> float:
    """About how wide strokes are, in pixels: they have two sides."""
    edge = int(np.count_nonzero(strokes & ~eroded(strokes)))
    return 2.0 * int(np.count_nonzero(strokes)) / max(edge, 1)
