"""Frames, fields of forms and underlines that touch what is written in them or above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.photo.ruled_lines import straight_across
from digitpad.ink.photo.whole_strokes import stroke_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.components import Components

    Mask = NDArray[np.bool_]

_THICKEST = 0.05
"""Thickness of a line as a share of its length, at most."""

_ACROSS = 0.7
"""A line covers this share of the width (or height) of its frame that no stroke hides."""

_AT_RIM = 0.2
"""The sides of a frame lie within this share of its height (or width) from its ends."""

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


def frame_lines(pieces: Components) -> Mask:
    """The pixels of lines that are connected with ink and are no strokes of it; bool (h, w)."""
    found = np.zeros(pieces.labels.shape, bool)
    large = np.argsort(-pieces.longer, kind="stable")[:_MOST]
    for i in large[pieces.longer[large] >= _SMALLEST].tolist():
        piece = pieces.piece(i)
        lines = _lines(piece)
        if lines is not None:
            rows = slice(pieces.top[i], pieces.bottom[i])
            found[rows, pieces.left[i] : pieces.right[i]] |= lines
    return found


def _lines(piece: Mask) -> Mask | None:
    """The lines of a frame or underline within connected ink, cut to its bounds."""
    height, width = piece.shape
    across = straight_across(piece, _THICKEST, _ACROSS) if width >= _SMALLEST else []
    if not across and height < _SMALLEST:
        return None
    down = []
    if height >= _SMALLEST:
        down = [line.T for line in straight_across(piece.T, _THICKEST, _ACROSS)]
    if not across and not down:
        return None
    every: Mask = np.any(across + down, axis=0)
    if _is_frame(across, down):
        return every
    ruled = [line for line in across if _is_ruled(piece & ~every, line)]
    found: Mask = np.any(ruled, axis=0)
    return found if ruled else None


def _is_frame(across: list[Mask], down: list[Mask]) -> bool:
    """Whether three of the four sides are there."""
    sides = 0
    for lines in (across, [line.T for line in down]):
        levels = [float(np.nonzero(line)[0].mean()) / len(line) for line in lines]
        sides += any(level <= _AT_RIM for level in levels)
        sides += any(level >= 1.0 - _AT_RIM for level in levels)
    return sides >= 3


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
    is_thinner = thickness <= _THINNER * stroke_width(rest)
    return bool(beyond >= _BEYOND * length or is_thinner)
