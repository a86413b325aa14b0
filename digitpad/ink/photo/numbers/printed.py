"""What of a picture's ink is written, and may be a symbol or a piece of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.photo.components import EVERY_NEIGHBOUR, find_components
from digitpad.ink.photo.marks import outlines, straight_lines, words
from digitpad.ink.photo.numbers.frames import frame_lines
from digitpad.ink.photo.underline import without_underline
from digitpad.ink.photo.whole_strokes import stands_out, stroke_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.components import Components
    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.photo.paper import Level

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

MOST_WRITTEN = 256
"""The heaviest so many components of a page are looked at."""

_SPECK = 0.03
"""A component with less than this share of a usual one's ink is a speck."""

_DOT = 0.16
"""What has a longer side below this share of the symbols' height is a dot, wherever it is."""

_AS_WIDE = 0.8
"""A point is as wide as a stroke, nearly."""

_ON_LINE = 0.25
"""How far above or below the line, on which the symbols stand, the middle of a point or comma is,
as a share of their height."""

_COLON, _SLANT = (0.2, 0.85), 0.4
"""How far above the lower dot of a colon the upper one is, as shares of the symbols' height, and
how far aside, as a share of that."""

_FEW = 2
"""So many like dots may lie elsewhere, or as many as there are points."""

_SMALL = 0.3
"""Longer side of what is a symbol, at least, as a share of the symbols' height: a period is
smaller. What is smaller may be a piece of one."""

_NEAR = 0.2
"""How far a small piece is from its symbol, at most, as a share of the symbols' height."""

_LONG = 1.8
"""A straight line that is longer than the symbols are high by this factor is no stroke of one."""

_FLAT = 45.0
"""Up to how many degrees a line runs across."""

_UNDER = (0.1, 0.6)
"""How far below a symbol its underline is, as shares of the symbols' height."""

_PRINT = 0.75
"""Small print is by this factor smaller, compared with the symbols, than beside a single one."""

_LOW = 0.5
"""Height of small print as a share of the symbols', at most."""

_WORD = 1.8
"""Width of letters that run into each other as a share of their height, at least."""

_AS_HIGH, _IN_LINE = (0.5, 2.0), 0.5
"""Height, as a share of the symbols', of what is no shadow or thing beside them if it shares at
least this part of the lower one's height with one of them: it is in their line. It may be higher
if its strokes are not much wider than theirs, and it is around none of them."""

_UNDERLINED = 1.6
"""Width of what may be underlined, with the line, as a share of the symbols' height."""

_ROOM, _BODY = 0.25, 0.25
"""How far the line of the symbols reaches above and below them, and the width of what is more there
than a part of a ruling, as shares of their height."""

_STROKE = 1.6
"""What not much wider is, as a factor."""


class Written(NamedTuple):
    """What is written on a page.

    Attributes:
        mask: bool (h, w), the ink that may belong to symbols.
        points: bool (h, w), what of it may be decimal points and commas.
    """

    mask: Mask
    points: Mask


def written(level: Level, ink: InkMask) -> Written:
    """The ink of a page without what is printed, and without specks."""
    lines = frame_lines(ink, MOST_WRITTEN)
    if lines.any():
        ink = ink._replace(possible=ink.possible & ~lines, certain=ink.certain & ~lines)
    pieces = find_components(ink, MOST_WRITTEN)
    mask = np.zeros(ink.possible.shape, bool)
    if not pieces.count:
        return Written(mask, mask)
    chosen, points = _chosen(level, ink, pieces)
    if not chosen.any():
        return Written(mask, mask)
    height, _ = _usual(pieces, chosen)
    for i in np.flatnonzero(chosen).tolist():
        place = pieces.place(i)
        piece = pieces.piece(i)
        # What is under one of several is its foot.
        is_wide = chosen.sum() == 1 or pieces.widths[i] >= _UNDERLINED * height
        mask[place] |= without_underline(piece) if is_wide else piece
    for i in _entangled(pieces, chosen, height).tolist():
        mask[pieces.place(i)] |= _in_band(pieces, i, chosen, height)
    return Written(mask, pieces.mask(points))


def _chosen(level: Level, ink: InkMask, pieces: Components) -> tuple[Mask, Mask]:
    """Which components are written, and which of these may be points; bool (n,) each."""
    free: Mask = ~outlines(pieces) & ~pieces.is_along_edge
    lines = straight_lines(pieces)
    is_bar = lines.is_line & (lines.steepness <= _FLAT)
    whole = free & ~is_bar
    if not whole.any():
        free &= pieces.mass >= _SPECK * pieces.mass.max()
        return free, np.zeros(pieces.count, bool)
    height, mass = _usual(pieces, whole)
    low = free & ~is_bar & (pieces.heights < _LOW * height)
    free &= ~words(pieces, round(_PRINT * height), low)
    point = _points(ink, pieces, free, whole & (pieces.heights >= 0.5 * height), height)
    free &= point | ((pieces.mass >= _SPECK * mass) & (pieces.longer >= _DOT * height))
    free &= ~(lines.is_line & (lines.length >= _LONG * height))
    free &= ~_underlines(pieces, is_bar, whole, height)
    low &= pieces.widths >= _WORD * pieces.heights
    free &= ~_alone(pieces, free, ~point & ((pieces.longer < _SMALL * height) | low), height)
    clear = free.copy()
    for i in np.flatnonzero(free).tolist():
        one = pieces.mask(np.arange(pieces.count) == i)
        clear[i] = stands_out(level, ink, one, ink.possible)
    # A symbol that is left out unseen makes a wrong number that looks sure.
    clear |= free & _in_line(pieces, clear & (pieces.heights >= 0.5 * height), height)
    return clear, clear & point


def _usual(pieces: Components, which: Mask) -> tuple[float, float]:
    """Height and ink of a usual one among some pieces: half of all ink is in higher ones."""
    order = np.argsort(pieces.heights[which], kind="stable")
    mass = pieces.mass[which][order]
    middle = int(np.searchsorted(np.cumsum(mass), mass.sum() / 2))
    return float(pieces.heights[which][order][middle]), float(mass[middle])


def _in_line(pieces: Components, symbols: Mask, height: float, *, any_height: bool = False) -> Mask:
    """Which are about as high as some symbols, or higher, and in one line with one of them."""
    top, bottom, heights = pieces.top, pieces.bottom, pieces.heights
    shared = np.minimum(bottom[:, None], bottom[symbols]) - np.maximum(top[:, None], top[symbols])
    lower = np.minimum(heights[:, None], heights[symbols])
    found: Mask = (heights >= _AS_HIGH[0] * height) & (shared >= _IN_LINE * lower).any(axis=1)
    if any_height:
        return found
    widest = _STROKE * stroke_width(pieces.mask(symbols))
    x = (pieces.left + pieces.right)[symbols] / 2
    for i in np.flatnonzero(found & (heights > _AS_HIGH[1] * height)).tolist():
        is_around = bool(((pieces.left[i] <= x) & (x < pieces.right[i])).any())
        found[i] = not is_around and stroke_width(np.pad(pieces.piece(i), 1)) <= widest
    return found


def _entangled(pieces: Components, chosen: Mask, height: float) -> Ints:
    """Which others are too high, but in one line with symbols: they may hold one with a ruling."""
    symbols = chosen & (pieces.heights >= 0.5 * height)
    if not symbols.any():
        return np.zeros(0, np.int64)
    # What is around all of them is the sheet.
    is_around = (pieces.left < pieces.left[symbols].min()) & (
        pieces.right > pieces.right[symbols].max()
    )
    is_high = ~chosen & (pieces.heights > _AS_HIGH[1] * height) & ~outlines(pieces) & ~is_around
    return np.flatnonzero(is_high & _in_line(pieces, symbols, height, any_height=True))


def _in_band(pieces: Components, i: int, chosen: Mask, height: float) -> Mask:
    """The ink of a piece, cut to its bounds, that is as high as a symbol in the symbols' line."""
    from scipy import ndimage

    symbols = chosen & (pieces.heights >= 0.5 * height)
    widest = _STROKE * stroke_width(pieces.mask(symbols))
    apart = np.maximum(pieces.left - pieces.right[i], pieces.left[i] - pieces.right)
    nearest = int(np.argmin(np.where(symbols, apart.clip(0), np.inf)))
    room = round(_ROOM * height)
    piece = pieces.piece(i)
    band = np.zeros(piece.shape, bool)
    first, last = pieces.top[nearest] - room, pieces.bottom[nearest] + room
    start = max(int(first - pieces.top[i]), 0)
    band[start : max(int(last - pieces.top[i]), 0)] = True
    labels, _ = ndimage.label(piece & band, EVERY_NEIGHBOUR)
    found = np.zeros(piece.shape, bool)
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        one = labels == number
        high, wide = rows.stop - rows.start, columns.stop - columns.start
        if high < _AS_HIGH[0] * height or not _BODY * height <= wide <= _WORD * height:
            continue
        if stroke_width(np.pad(one, 1)) <= widest:
            found |= one
    return found


def _underlines(pieces: Components, is_bar: Mask, whole: Mask, height: float) -> Mask:
    """Bars below others, and above none that is near."""
    tall = np.flatnonzero(whole & (pieces.heights >= 0.5 * height))
    found = np.zeros(pieces.count, bool)
    for i in np.flatnonzero(is_bar).tolist():
        shared = np.minimum(pieces.right[tall], pieces.right[i]) - np.maximum(
            pieces.left[tall], pieces.left[i]
        )
        below = (pieces.top[i] - pieces.bottom[tall]) / height
        above = (pieces.top[tall] - pieces.bottom[i]) / height
        over = shared > 0.3 * np.minimum(pieces.widths[tall], pieces.widths[i])
        is_under = over & (below >= _UNDER[0]) & (below <= _UNDER[1])
        found[i] = bool(is_under.any()) and not bool(
            (over & (above <= _UNDER[1]) & (above > -0.5)).any()
        )
    return found


def _points(ink: InkMask, pieces: Components, free: Mask, tall: Mask, height: float) -> Mask:
    """Points and commas: dots on the line, between two that are near."""
    found = np.zeros(pieces.count, bool)
    which = np.flatnonzero(tall)
    if len(which) < 2:
        return found
    stroke = stroke_width(pieces.mask(tall) & ink.certain)
    left, right, bottom = pieces.left[which], pieces.right[which], pieces.bottom[which]
    small = free & (pieces.longer < _SMALL * height) & (pieces.longer >= _AS_WIDE * stroke)
    for i in np.flatnonzero(small).tolist():
        middle = (pieces.left[i] + pieces.right[i]) / 2
        above = (bottom - (pieces.top[i] + pieces.bottom[i]) / 2) / height
        on_line = (above <= _ON_LINE) & (above >= -_ON_LINE)
        is_before = on_line & (right <= middle) & (middle - right <= height)
        is_after = on_line & (left >= middle) & (left - middle <= height)
        found[i] = bool(is_before.any()) and bool(is_after.any())
    found |= small & _upper_dots(pieces, found, height)
    if not found.any():
        return found
    # Like dots everywhere are the paper's.
    usual = float(np.median(pieces.mass[found]))
    alike = small & (0.5 * usual <= pieces.mass) & (pieces.mass <= 2.0 * usual)
    is_few = int((alike & ~found).sum()) <= max(int(found.sum()), _FEW)
    points: Mask = found & is_few
    return points


def _upper_dots(pieces: Components, points: Mask, height: float) -> Mask:
    """What is right above one of some points, and as large: the other dot of a colon."""
    x = (pieces.left + pieces.right) / 2
    y = (pieces.top + pieces.bottom) / 2
    above = (y[points] - y[:, None]) / height
    aside = np.abs(x[points] - x[:, None]) / height
    ratio = pieces.mass[:, None] / pieces.mass[points]
    is_upper = (
        (above >= _COLON[0])
        & (above <= _COLON[1])
        & (aside <= _SLANT * above)
        & (ratio >= 0.5)
        & (ratio <= 2.0)
    )
    found: Mask = np.asarray(is_upper.any(axis=1))
    return found


def _alone(pieces: Components, free: Mask, small: Mask, height: float) -> Mask:
    """Small pieces that are near no symbol."""
    large = np.flatnonzero(free & ~small)
    found = free & small
    for i in np.flatnonzero(found).tolist():
        across = np.maximum(
            pieces.left[large] - pieces.right[i], pieces.left[i] - pieces.right[large]
        )
        down = np.maximum(
            pieces.top[large] - pieces.bottom[i], pieces.top[i] - pieces.bottom[large]
        )
        found[i] = not bool((np.maximum(across, down) <= _NEAR * height).any())
    return found
