"""Marks around a digit that are no symbols: outlines, straight lines, words of small print."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.components import Components

    Mask = NDArray[np.bool_]

_INNER = 0.2
"""Longer side of what an outline surrounds, at least, as a share of the outline's."""

_RIM = 0.68
"""Where an outline lies: 1 is the ellipse that touches its bounds; a square turned by 45 degrees
comes as near as 0.71, the sides of an upright one lie from 1 to 1.41."""

_ON_RIM = 0.97
"""Share of an outline's pixels that lie there."""

_NARROWEST_RING = 0.8
"""Width of a ring as a share of its height: a narrower one with a stroke in it is a slashed nought.
Where it has corners it is a frame, of any form."""

_CORNER = 1.15
"""How far out, on the scale of `_RIM`, the corners of an upright frame are."""

STRAIGHT = 0.12
"""Thickness of a straight line as a share of its length, at most: a one in bold is thicker."""

_LETTERS_APART = 0.4
"""Letters of a word are not farther apart than this share of the smaller one's height."""

_LETTER_RATIO = 3.0
"""How much higher one letter of a word is than another, at most: a stroke is no word with
the specks beside it."""

_SMALL_PRINT = 0.6
"""Height of the letters of a word as a share of the digit's longer side."""

_UNIT = 0.78
"""The same for a word of two letters, such as a unit, which are set tight."""

_TIGHT = 0.15
"""What tight is, as a share of the letters' height."""


class Lines(NamedTuple):
    """Which pieces are straight lines, bool (n,), and how steep they are, in degrees from 0 to 90.

    Their lengths are in pixels, float64 (n,).
    """

    is_line: Mask
    steepness: NDArray[np.float64]
    length: NDArray[np.float64]


def straight_lines(pieces: Components) -> Lines:
    """The straight lines among all pieces."""
    steepness, length = np.zeros(pieces.count), pieces.longer.astype(np.float64)
    is_line = np.zeros(pieces.count, bool)
    # Ink that fills more than this of its diagonal is too thick, and need not be looked at.
    diagonal = np.hypot(pieces.heights, pieces.widths)
    for i in np.flatnonzero(pieces.area <= 1.5 * STRAIGHT * diagonal**2).tolist():
        y, x = np.nonzero(pieces.piece(i))
        if len(x) < 3:
            continue
        spread, axes = np.linalg.eigh(np.cov(np.stack((x, y)).astype(np.float64)))
        # An even bar of length l has a variance of l^2 / 12 along it.
        thickness, length[i] = np.sqrt(12.0 * np.maximum(spread, 0.0))
        is_line[i] = thickness <= STRAIGHT * length[i]
        steepness[i] = np.degrees(np.arctan2(abs(axes[1, 1]), abs(axes[0, 1])))
    return Lines(is_line, steepness, length)


def outlines(pieces: Components) -> Mask:
    """Which pieces are drawn around others: frames, rings, boxes; bool (n,)."""
    found = np.zeros(pieces.count, bool)
    # outer in rows, inner in columns
    is_within = (
        (pieces.top[:, None] < pieces.top)
        & (pieces.bottom < pieces.bottom[:, None])
        & (pieces.left[:, None] < pieces.left)
        & (pieces.right < pieces.right[:, None])
        & (pieces.longer >= _INNER * pieces.longer[:, None])
    )
    for i in np.flatnonzero(is_within.any(axis=1)).tolist():
        found[i] = _is_outline(pieces.piece(i))
    return found


def _is_outline(piece: Mask) -> bool:
    """Whether a piece, cut to its bounds, keeps to their rim all around."""
    height, width = piece.shape
    if min(piece.shape) < 3:
        return False
    y, x = np.nonzero(piece)
    # The rim is where the piece's own stroke is in the middle, not at its outer side.
    y, x = (y + 0.5) / (height / 2) - 1.0, (x + 0.5) / (width / 2) - 1.0
    radius = np.hypot(x, y)
    if (radius >= _RIM).mean() < _ON_RIM:
        return False
    has_corners = bool((radius > _CORNER).mean() > 0.1)
    return has_corners or width >= _NARROWEST_RING * height


def words(pieces: Components, size: int, candidates: Mask) -> Mask:
    """Which of the candidates are letters of words, printed smaller than the symbol.

    A mask of all pieces, bool (n,), as are the candidates; the size is the symbol's longer side.
    """
    found = np.zeros(pieces.count, bool)
    chosen = np.flatnonzero(candidates)
    if len(chosen) < 2:
        return found
    top, bottom = pieces.top[chosen], pieces.bottom[chosen]
    left, right, height = pieces.left[chosen], pieces.right[chosen], pieces.heights[chosen]
    smaller = np.minimum(height[:, None], height)
    gap = np.maximum(left[:, None] - right, left - right[:, None])
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    larger = np.maximum(height[:, None], height)
    is_beside = (
        (gap <= _LETTERS_APART * smaller)
        & (shared >= 0.4 * smaller)
        & (larger <= _LETTER_RATIO * smaller)
    )
    for members in connected(is_beside):
        if len(members) < 2:
            continue
        highest = np.percentile(height[members], 90)
        gaps = np.where(np.eye(len(members), dtype=bool), np.inf, gap[np.ix_(members, members)])
        is_tight = (gaps.min(axis=1) <= _TIGHT * highest).all()
        is_word = len(members) > 2 and highest <= _SMALL_PRINT * size
        if is_word or (is_tight and highest <= _UNIT * size):
            found[chosen[members]] = True
    return found


def connected(is_linked: Mask) -> list[NDArray[np.int64]]:
    """Groups of indices that are linked, directly or not, by a symmetric mask, bool (n, n)."""
    first = np.arange(len(is_linked))
    while len(first):
        # The lowest index that is linked, and where that one's own links lead.
        lowest = np.minimum(first, np.where(is_linked, first, len(first)).min(axis=1))
        lowest = lowest[lowest]
        if (lowest == first).all():
            break
        first = lowest
    return [np.flatnonzero(first == i) for i in np.unique(first)]
