"""Which pieces are near enough to be of one symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.pieces import Piece

    Floats = NDArray[np.float64]

BESIDE = 0.34
"""Distance of two pieces of one symbol, at most, as a share of the larger one's size: in 99.9 % of
19 452 digits drawn with a pen."""

MARK = 0.65
"""The same for a small or flat piece, such as the hat of a five or the bar of a seven."""

SMALL = 0.45
"""Height of such a piece as a share of the other one's size, at most."""


class Links:
    """Distances between the pieces of a drawing.

    Args:
        pieces: all of them.

    Attributes:
        near: for each piece those that are near enough to be of its symbol, with their least
            distance as a share of the larger one's size, or of their symbol's height if that is
            known; 0 for neighbouring sections.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        low = np.array([piece.low for piece in pieces])
        high = np.array([piece.high for piece in pieces])
        sizes, heights = (high - low).max(axis=1), high[:, 1] - low[:, 1]
        # Both halves of a digit that is broken in a picture are small.
        sizes = np.maximum(sizes, [piece.symbol for piece in pieces])
        larger = np.maximum(sizes[:, None], sizes)
        # A dot beside a dot.
        larger[larger == 0.0] = 1.0
        flatter = np.minimum(heights[:, None], heights)
        limit = np.where(flatter <= SMALL * larger, MARK, BESIDE)
        apart = np.maximum(low[:, None] - high, low - high[:, None]).clip(0.0)
        is_near = np.hypot(apart[..., 0], apart[..., 1]) <= limit * larger
        is_point = np.array([piece.is_point for piece in pieces])
        is_near &= ~(is_point | is_point[:, None])
        source = np.array([piece.source for piece in pieces])
        index = np.array([piece.index for piece in pieces])
        is_same = source[:, None] == source
        self.near: list[dict[int, float]] = [{} for _ in pieces]
        follows = is_same & (index[:, None] + 1 == index)
        for i, j in np.argwhere(follows).tolist():
            self.near[i][j] = self.near[j][i] = 0.0
        for i, j in np.argwhere(np.triu(is_near & ~is_same, 1)).tolist():
            gap = _distance(pieces[i], pieces[j]) / float(larger[i, j])
            if gap <= limit[i, j]:
                self.near[i][j] = self.near[j][i] = gap

    def clusters(self) -> list[list[int]]:
        """Groups of pieces that are linked, directly or not, each from left to right."""
        free = set(range(len(self.near)))
        found = []
        while free:
            group, front = set(), {min(free)}
            while front:
                group |= front
                front = {j for i in front for j in self.near[i]} - group
            free -= group
            found.append(sorted(group, key=self.middle))
        return found

    def middle(self, i: int) -> tuple[float, float]:
        """Twice the middle of a piece, by which pieces are sorted."""
        x, y = (self._pieces[i].low + self._pieces[i].high).tolist()
        return x, y


def _distance(a: Piece, b: Piece) -> float:
    """The least distance between points of two pieces."""
    across = a.points[:, :1] - b.points[:, 0]
    down = a.points[:, 1:] - b.points[:, 1]
    return float(np.sqrt((across * across + down * down).min()))
