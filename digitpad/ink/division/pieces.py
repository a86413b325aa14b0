"""Pieces of ink that are not divided further: strokes, sections of them, shares of a picture."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.drawing import Stroke

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAMPLES = 32
"""Points of a stroke, evenly along it, that its place and its distances are found with."""


class Cut(NamedTuple):
    """A place where ink is cut.

    Attributes:
        y: where it is.
        overlap: how far both sides reach over each other, in heights.
        bend: of the stroke there, in right angles. In a picture, at how many places but the first
            ink is cut, in fours.
        across: how much of the pen's way there is to the right, in [-1, 1]. In a picture, how
            probable it is that two digits are parted, as a logit, in fours.
        down: likewise downwards. In a picture, the way through ink, in four strokes.
    """

    y: float
    overlap: float
    bend: float
    across: float
    down: float


@dataclass(frozen=True, eq=False)
class Piece:
    """Ink that belongs to one symbol as a whole.

    Attributes:
        points: float64 (n, 2), n >= 1, some points of it: x to the right, y down.
        source: number of the stroke, or of the component of a picture, that it is a share of.
        index: its place among the pieces of this source.
        count: how many pieces this source has.
        cuts: how far both sides of the cuts at its ends reach over each other, in heights of the
            source; 0 where it is not cut.
        straightness: from one of its ends to the other, as a share of the way along it; 0 for what
            has no ends.
        way: along it, from its beginning to its end; 0 for what has no ends.
        is_point: whether it may be a decimal point or a comma in a picture: it joins no symbol.
        symbol: in a picture, how high the symbol is, about, that it is a low fragment of; else 0.
        seam: in a picture, the cut between it and the next piece of its source.
    """

    points: Floats
    source: int
    index: int = 0
    count: int = 1
    cuts: tuple[float, float] = (0.0, 0.0)
    straightness: float = 0.0
    way: float = 0.0
    is_point: bool = False
    symbol: float = 0.0
    seam: Cut | None = None

    @cached_property
    def low(self) -> Floats:
        """Left and top, float64 (2,)."""
        low: Floats = self.points.min(axis=0)
        return low

    @cached_property
    def high(self) -> Floats:
        """Right and bottom, float64 (2,)."""
        high: Floats = self.points.max(axis=0)
        return high

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        (left, top), (right, bottom) = self.low.tolist(), self.high.tolist()
        return left, top, right, bottom

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> float:
        """From left to right."""
        return self.box[2] - self.box[0]

    @property
    def size(self) -> float:
        """The longer side of its bounds."""
        return max(self.width, self.height)

    @property
    def is_inner(self) -> bool:
        """Whether it is a section between two others of its source."""
        return 0 < self.index < self.count - 1


def box_of(pieces: Iterable[Piece]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of several pieces, at least one."""
    return bounds_of(piece.box for piece in pieces)


def bounds_of(
    boxes: Iterable[tuple[float, float, float, float]],
) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of several such boxes together, at least one."""
    # Plain numbers: there are a few at a time, and calls of numpy would take most of the time.
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def evenly(points: Floats, count: int) -> Floats:
    """So many points, evenly along a polyline, float64 (n, 2), n >= 1; the ends are among them."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    if along[-1] == 0.0:
        return points[:1]
    wanted = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(wanted, along, axis) for axis in points.T], axis=1)


@lru_cache(maxsize=1024)
def stroke_piece(stroke: Stroke, source: int) -> Piece:
    """A stroke as one piece; while others are added, it stays the same one."""
    points = evenly(stroke.points, SAMPLES)
    return Piece(points, source, straightness=straightness(points), way=way_along(points))


def section_piece(
    section: Stroke, source: int, index: int, count: int, cuts: tuple[float, float]
) -> Piece:
    """A section of a stroke as a piece."""
    points = evenly(section.points, SAMPLES // 2)
    return Piece(points, source, index, count, cuts, straightness(points), way_along(points))


def way_along(points: Floats) -> float:
    """From the first point to the last along all, float64 (n, 2)."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def straightness(points: Floats) -> float:
    """From the first point to the last, as a share of the way along all, float64 (n, 2)."""
    way = way_along(points)
    return float(np.hypot(*(points[-1] - points[0]))) / way if way else 1.0


def sections(stroke: Stroke, cuts: Sequence[float]) -> tuple[Stroke, ...]:
    """A stroke in sections.

    Args:
        stroke: of at least two distinct points.
        cuts: where it is cut, ascending shares of its length, in (0, 1).

    Returns:
        One section more than cuts. Both sides of a cut have its point.
    """
    return tuple(section(stroke, *ends) for ends in itertools.pairwise((0.0, *cuts, 1.0)))


def section(stroke: Stroke, start: float, end: float) -> Stroke:
    """A section of a stroke of at least two distinct points, see `sections`.

    Args:
        stroke: the whole.
        start: where it begins, as a share of the stroke's length, in [0, 1).
        end: where it ends, likewise, in (start, 1].
    """
    curve, along, pressures = _curve(stroke)
    first, last = (int(np.abs(along - share).argmin()) for share in (start, end))
    part = slice(first, last + 1)
    return Stroke(curve[part], pressures[part], stroke.width)


@lru_cache(maxsize=256)
def _curve(stroke: Stroke) -> tuple[Floats, Floats, Floats]:
    """Points of a stroke's curve, how far along it each is, in [0, 1], and their pressures."""
    size = float(np.ptp(stroke.points, axis=0).max())
    curve = sample_curve(stroke.points, size / 50)
    steps = np.hypot(*np.diff(curve, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(steps))) / steps.sum()
    given = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(stroke.points, axis=0).T))))
    return curve, along, np.interp(along * given[-1], given, stroke.pressures)
