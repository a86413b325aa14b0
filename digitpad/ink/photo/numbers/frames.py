"""Frames, fields of forms and underlines that touch what is written in them or above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.photo.components import EVERY_NEIGHBOUR, find_components
from digitpad.ink.photo.ruled_lines import straight_across
from digitpad.ink.photo.whole_strokes import stroke_width
from digitpad.ink.photo.windows import dilated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.components import Components
    from digitpad.ink.photo.ink_mask import InkMask

    Mask = NDArray[np.bool_]

_THICKEST = 0.08
"""Thickness of a line as a share of its length, at most."""

_ACROSS = 0.7
"""A line covers this share of the width (or height) of its frame that no stroke hides."""

_AT_RIM = 0.2
"""The sides of a frame lie within this share of its height (or width) from its ends."""

_WHOLE = 0.9
"""A line in the middle of a frame covers this share of the way from side to side, at least: a one
does not."""

_WRITTEN, _INNER = 0.1, 0.3
"""What is written in a frame is at least this share of the whole ink, or, where it does not touch
the frame, so high as a share of the frame's height. An empty frame may be a nought, unless it is
like others."""

_LIKE = 1.4
"""Of two boxes of a form, one is at most so many times as wide or as high as the other, with what
pokes out of it. Two sides are enough for one that is like others."""

_SMALLEST = 24
"""Pixels of a frame's shorter side, at least."""

_MOST = 48
"""So many of the largest components are looked at."""

_LONG = 2.2
"""Length of a line under or through several symbols as a share of their height."""

_LEAST = 3.0
"""Height of what is written on such a line, in thicknesses of the line."""

_BEYOND = 0.08
"""How far such a line reaches beyond them on both sides, as a share of its length."""

_THINNER = 0.75
"""Or its thickness as a share of their strokes'."""

_EDGE = 0.03
"""A ruled line that ends so far from the picture's edge, as a share of its width, is no ruling of
the paper."""


def frame_lines(ink: InkMask, most: int) -> Mask:
    """The pixels of lines that are connected with ink and are no strokes of it; bool (h, w)."""
    # Boxes in a row have sides on one line, which may have been taken for a ruling.
    ruled = _ending(ink.ruled)
    if ruled is not None:
        ink = ink._replace(possible=ink.possible | ruled, certain=ink.certain | ruled)
    pieces = find_components(ink, most)
    found = np.zeros(pieces.labels.shape, bool)
    large = np.argsort(-pieces.longer, kind="stable")[:_MOST]
    doubtful = []
    frames = []
    for i in large[pieces.longer[large] >= _SMALLEST].tolist():
        piece = pieces.piece(i)
        place = slice(pieces.top[i], pieces.bottom[i]), slice(pieces.left[i], pieces.right[i])
        across, down = _straight(piece)
        sides = _sides(across, down)
        if sides >= 2:
            lines = _frame(across, down)
            is_written = (piece & ~lines).sum() >= _WRITTEN * piece.sum()
            if sides >= 3 and (is_written or _surrounds(pieces, i)):
                found[place] |= lines
                frames.append(piece.shape)
                continue
            doubtful.append((place, lines))
        if sides < 3 and across:
            every = np.any(across + down, axis=0)
            for line in across:
                if _is_ruled(piece & ~every, line):
                    found[place] |= line
    for place, lines in doubtful:
        # Boxes of a form are like each other.
        if any(_is_like(lines.shape, frame) for frame in frames):
            found[place] |= lines
    return found


def _surrounds(pieces: Components, i: int) -> bool:
    """Whether a piece is around another that is about as high."""
    is_around = (
        (pieces.top[i] < pieces.top)
        & (pieces.bottom < pieces.bottom[i])
        & (pieces.left[i] < pieces.left)
        & (pieces.right < pieces.right[i])
        & (pieces.heights >= _INNER * pieces.heights[i])
    )
    return bool(is_around.any())


def _is_like(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two frames are about as wide and as high as each other."""
    ratios = np.divide(one, other)
    return bool((np.maximum(ratios, 1.0 / ratios) <= _LIKE).all())


def _ending(ruled: Mask | None) -> Mask | None:
    """The lines that end before the picture does."""
    from scipy import ndimage

    if ruled is None or not ruled.any():
        return None
    height, width = ruled.shape
    labels, _ = ndimage.label(dilated(ruled, 1), EVERY_NEIGHBOUR)
    reaches = np.zeros(labels.max() + 1, bool)
    y, x = max(round(_EDGE * height), 1), max(round(_EDGE * width), 1)
    for edge in (labels[:y], labels[-y:], labels[:, :x], labels[:, -x:]):
        reaches[np.unique(edge)] = True
    found: Mask = ruled & ~reaches[labels]
    return found if found.any() else None


def _straight(piece: Mask) -> tuple[list[Mask], list[Mask]]:
    """The lines across and down connected ink, cut to its bounds."""
    height, width = piece.shape
    across = straight_across(piece, _THICKEST, _ACROSS) if width >= _SMALLEST else []
    down = straight_across(piece.T, _THICKEST, _ACROSS) if height >= _SMALLEST else []
    return across, [line.T for line in down]


def _sides(across: list[Mask], down: list[Mask]) -> int:
    """How many of the four sides of a frame are there."""
    sides = 0
    for lines in (across, [line.T for line in down]):
        levels = [float(np.nonzero(line)[0].mean()) / len(line) for line in lines]
        sides += any(level <= _AT_RIM for level in levels)
        sides += any(level >= 1.0 - _AT_RIM for level in levels)
    return sides


def _frame(across: list[Mask], down: list[Mask]) -> Mask:
    """The lines of a frame, with those that part its fields."""
    lines = _whole(across, [line.T for line in down]) + [
        line.T for line in _whole([line.T for line in down], across)
    ]
    found: Mask = np.any(lines, axis=0)
    return found


def _whole(lines: list[Mask], sides: list[Mask]) -> list[Mask]:
    """Those at the rim, and those from the first to the last of the sides, which cross them."""
    levels = [float(np.nonzero(side)[0].mean()) for side in sides]
    reach = max(levels) - min(levels) if len(levels) > 1 else 0.0
    kept = []
    for line in lines:
        held = np.flatnonzero(line.any(axis=0))
        at = float(np.nonzero(line)[0].mean()) / len(line) if len(held) else 0.5
        is_side = not _AT_RIM < at < 1.0 - _AT_RIM
        if len(held) and (is_side or held[-1] - held[0] >= _WHOLE * reach):
            kept.append(line)
    return kept


def _is_ruled(rest: Mask, line: Mask) -> bool:
    """Whether a line runs on under, over or through symbols, and is none of their strokes."""
    held = np.flatnonzero(rest.any(axis=0))
    tall = np.flatnonzero(rest.any(axis=1))
    if not len(held):
        return False
    columns = np.flatnonzero(line.any(axis=0))
    length = columns[-1] - columns[0] + 1
    height = tall[-1] - tall[0] + 1
    thickness = stroke_width(line)
    # Lower than that it is what the line's own edges leave.
    if height < _LEAST * thickness or length < _LONG * height:
        return False
    beyond = min(held[0] - columns[0], columns[-1] - held[-1])
    return bool(beyond >= _BEYOND * length or thickness <= _THINNER * stroke_width(rest))
