"""Which ink of a picture makes up its symbol, and whether there is another symbol beside it.

Beside the symbol there may be marks that are none: specks, lines, outlines, words of small print,
what lies along the picture's edge. Rectangles do not tell what belongs together: the sheet that
lies on a table, the frame printed on a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.photo.components import find_components
from digitpad.ink.photo.marks import Lines, connected, outlines, straight_lines, words
from digitpad.ink.photo.underline import without_underline
from digitpad.ink.photo.whole_strokes import stands_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.components import Components
    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.photo.paper import Level

    Mask = NDArray[np.bool_]

_SPECK = 0.03
"""A component with less than this share of the main one's ink is a speck."""

_MAIN = 0.25
"""A component inside the picture with this share of the heaviest one's ink is preferred to one that
touches the picture's edge."""

_LINKED = 0.1
"""Pieces that are no farther apart than this share of the main one's longer side are one symbol."""

_HAT_APART = 0.2
"""The same for a small piece above the main one's middle: the hat of a five."""

_HAT = 0.35
"""Height of such a piece as a share of the main one's."""

_OTHER = 0.3
"""Longer side of another symbol, at least, as a share of the symbol's: a period is smaller, a minus
is not."""

_LONG = 1.8
"""A straight line that is longer than the symbol by this factor is no stroke of a digit."""

_FLAT = 45.0
"""Up to how many degrees a line runs across, and not up as a one does."""

_UNDER = 0.12
"""How far below or above the symbol a short line is, at least, as a share of the symbol's height: a
stroke of its own that is broken off lies nearer."""

_FREE = 1.0
"""Length, as a share of the symbol's longer side, from which such a line may lie anywhere: no
stroke of a digit that runs across is so long."""

_BAR = 0.25
"""Height of a flat piece as a share of its width: two lines run together, or a line of print."""

_FOUR_SIDE, _FOUR_WIDTH = 0.75, 0.9
"""The two strokes of a four may lie side by side: height of the shorter one and width of both, at
most, as shares of the height; 37 of 19 452 digits drawn with a pen are like this."""

_WIDE = 1.1
"""Width of most digits as a share of their height, at most."""

_WIDEST = 1.8
"""Width of a digit as a share of its height; beyond it several are joined."""


class Symbol(NamedTuple):
    """The ink of a picture's one symbol.

    Attributes:
        mask: bool (h, w), its pixels; empty where there is none.
        is_alone: whether no other ink may be another symbol.
    """

    mask: Mask
    is_alone: bool


def find_symbol(level: Level, ink: InkMask) -> Symbol:
    """The largest symbol in a picture: whole components of what may be ink."""
    pieces = find_components(ink)
    if not pieces.count:
        return Symbol(np.zeros(ink.possible.shape, bool), is_alone=True)
    free = ~outlines(pieces)
    if not free.any():
        free[:] = True
    lines = straight_lines(pieces)
    main = _main(pieces, free, lines)
    is_main = np.arange(pieces.count) == main
    free &= (is_main | ~pieces.is_along_edge) & ~_rules(pieces, main, lines)
    is_large = free & (pieces.mass >= _SPECK * pieces.mass[main])
    chosen = _linked(pieces, main, is_large)
    rest = is_large & ~chosen
    if rest.any():
        rest &= ~words(pieces, _size(pieces, chosen), free & ~chosen)
    mask = without_underline(pieces.mask(chosen))
    others = _others(pieces, chosen, rest)
    clean = ink.near_certain().possible if others else ink.possible
    is_alone = not _is_several(mask) and not any(
        stands_out(level, ink, pieces.mask(other) & clean) for other in others
    )
    return Symbol(mask, is_alone)


def _longer(pieces: Components, chosen: Mask) -> int:
    """The longer side of the bounds around some pieces."""
    down = pieces.bottom[chosen].max() - pieces.top[chosen].min()
    return int(max(down, pieces.right[chosen].max() - pieces.left[chosen].min()))


def _size(pieces: Components, chosen: Mask) -> int:
    """The same, but the height of what is wider than a digit: it may be several."""
    height = int(pieces.bottom[chosen].max() - pieces.top[chosen].min())
    longer = _longer(pieces, chosen)
    return longer if longer <= _WIDE * height else height


def _main(pieces: Components, free: Mask, lines: Lines) -> int:
    """The largest: inside the picture where possible, and a line across only in need."""
    heaviest = pieces.mass[free].max()
    chosen = free & pieces.is_inside & (pieces.mass >= _MAIN * heaviest)
    if not chosen.any():
        chosen = free & ~pieces.is_along_edge
    if not chosen.any():
        chosen = free
    size = pieces.mass * pieces.longer
    is_bar = pieces.heights <= _BAR * pieces.widths
    size[(lines.is_line & (lines.steepness <= _FLAT)) | is_bar] *= 0.1
    return int(np.flatnonzero(chosen)[size[chosen].argmax()])


def _rules(pieces: Components, main: int, lines: Lines) -> Mask:
    """Straight lines above, below or beside the symbol that are none of its strokes."""
    height, longer = pieces.heights[main], pieces.longer[main]
    above = pieces.top[main] - pieces.bottom
    below = pieces.top - pieces.bottom[main]
    shared = np.minimum(pieces.right, pieces.right[main]) - np.maximum(
        pieces.left, pieces.left[main]
    )
    is_bar = lines.is_line | (pieces.heights <= _BAR * pieces.widths)
    is_flat = is_bar & (lines.steepness <= _FLAT)
    nearest = np.where(lines.length >= _FREE * longer, 0.0, _UNDER * height)
    is_off = np.maximum(above, below) >= nearest
    found = is_bar & ((lines.length >= _LONG * longer) | (is_flat & (shared > 0) & is_off))
    found[main] = False
    rules: Mask = found
    return rules


def _linked(pieces: Components, main: int, free: Mask) -> Mask:
    """The pieces of the main one's symbol."""
    apart = _apart(pieces)
    chosen = np.arange(pieces.count) == main
    while True:
        near = apart <= _LINKED * _longer(pieces, chosen)
        more = chosen | (free & near[chosen].any(axis=0))
        if (more == chosen).all():
            break
        chosen = more
    top, bottom = pieces.top[chosen].min(), pieces.bottom[chosen].max()
    is_hat = (pieces.heights <= _HAT * (bottom - top)) & (pieces.bottom <= (top + bottom) / 2)
    is_hat &= (apart[chosen] <= _HAT_APART * _longer(pieces, chosen)).any(axis=0)
    linked: Mask = chosen | (free & is_hat)
    return linked


def _apart(pieces: Components) -> NDArray[np.int64]:
    """Pixels between the bounds of each two, along the axis on which they are farther apart."""
    across = np.maximum(pieces.left[:, None] - pieces.right, pieces.left - pieces.right[:, None])
    down = np.maximum(pieces.top[:, None] - pieces.bottom, pieces.top - pieces.bottom[:, None])
    apart: NDArray[np.int64] = np.maximum(across, down)
    return apart


def _others(pieces: Components, chosen: Mask, rest: Mask) -> list[Mask]:
    """Groups of the remaining pieces that are as large as another symbol would be."""
    longer = _longer(pieces, chosen)
    top, bottom = pieces.top[chosen].min(), pieces.bottom[chosen].max()
    left = np.flatnonzero(rest)
    near = _apart(pieces)[np.ix_(left, left)] <= _LINKED * longer
    found = []
    for members in connected(near):
        group = np.isin(np.arange(pieces.count), left[members])
        low, high = pieces.top[group].min(), pieces.bottom[group].max()
        is_beside = top <= low and high <= bottom
        # A dash counts where it is a minus, between the symbol's top and bottom.
        size = _longer(pieces, group) if is_beside else high - low
        if size >= _OTHER * longer:
            found.append(group)
    return found


def _is_several(mask: Mask) -> bool:
    """Whether the ink falls into symbols side by side, or is too wide for one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if width > _WIDEST * height and height > 0.1 * width:
        return True
    for i in np.flatnonzero(np.diff(columns) > 1).tolist():
        sides = []
        for side in (mask[:, : columns[i] + 1], mask[:, columns[i + 1] :]):
            held = np.flatnonzero(side.any(axis=1))
            sides.append(held[-1] - held[0] + 1)
        is_tall = min(sides) >= _OTHER * height
        if is_tall and (min(sides) > _FOUR_SIDE * height or width > _FOUR_WIDTH * height):
            return True
    return False
