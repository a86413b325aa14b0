"""Where a stroke that runs through several symbols may be cut."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.division.pieces import evenly, straightness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.drawing import Stroke

    Floats = NDArray[np.float64]

MOST_CUTS = 4
"""Cuts of a stroke: those of two ligatures. With six, reading takes twice the time, and of 2000
composed numbers of validation writers as many are right ..."""

MOST_CUTS_OF_A_LONG_ONE, _LONG = 8, 2.0
"""... and more, if it is wider than so many heights."""

_STRAIGHT = 0.85
"""A stroke that is as straight, see `straightness`, is not cut: bars and first strokes. Among 270
that run through two digits of validation writers none is straighter than 0.66."""

_POINTS = 64
"""Points of the stroke, evenly along it, between which it may be cut."""

_SLANTS = (-0.35, 0.0, 0.35)
"""Shears of x by y, in which one symbol may stand beside the other."""

_OVERLAP = 0.5
"""How far what is before a cut and what is after it may reach over each other in x, as a share of
the stroke's height."""

_BESIDE = 0.3
"""How far the middles of both sides are apart in x, at least, as a share of the height."""

_END = 4
"""So many points at the ends belong to no symbol of their own."""

_APART = 4
"""Points between two cuts, at least."""

_BEND = 3
"""Points on both sides of a cut that its bend is found with."""

_BEND_WORTH = 0.06
"""Of two places with like overlap the one in a sharper bend is better: a right angle is worth so
much overlap, in heights."""


class Cut(NamedTuple):
    """A place where a stroke may be cut.

    Attributes:
        place: as a share of the stroke's length, in (0, 1).
        overlap: how far both sides reach over each other in x, as a share of the height.
    """

    place: float
    overlap: float


@lru_cache(maxsize=1024)
def cuts(stroke: Stroke) -> tuple[Cut, ...]:
    """Where a stroke may be cut, in the order along it.

    One who writes a number without lifting the pen finishes a digit before the next: what lies
    before the cut is then beside what lies after it. In a digit it lies above or around it.
    """
    size = float(np.ptp(stroke.points, axis=0).max())
    if size == 0.0:
        return ()
    points = evenly(sample_curve(stroke.points, size / 40), _POINTS)
    if straightness(points) >= _STRAIGHT:
        return ()
    overlap = np.min([_overlap(points[:, 0] + slant * points[:, 1]) for slant in _SLANTS], axis=0)
    height = max(float(np.ptp(points[:, 1])), 0.3 * size)
    overlap = overlap / height
    worth = overlap - _BEND_WORTH * _bends(points)
    before = np.cumsum(points[:, 0]) / np.arange(1, _POINTS + 1)
    after = np.cumsum(points[::-1, 0])[::-1] / np.arange(_POINTS, 0, -1)
    worth[(overlap > _OVERLAP) | (np.abs(after - before) < _BESIDE * height)] = np.inf
    worth[:_END] = worth[-_END:] = np.inf
    found: list[int] = []
    is_long = float(np.ptp(points[:, 0])) > _LONG * height
    most = MOST_CUTS_OF_A_LONG_ONE if is_long else MOST_CUTS
    while len(found) < most and np.isfinite(worth).any():
        best = int(worth.argmin())
        found.append(best)
        worth[max(best - _APART, 0) : best + _APART + 1] = np.inf
    return tuple(Cut(place / (_POINTS - 1), float(overlap[place])) for place in sorted(found))


def _overlap(x: Floats) -> Floats:
    """How far both sides of a cut at each point reach over each other."""
    highest, lowest = np.maximum.accumulate(x), np.minimum.accumulate(x)
    highest_after, lowest_after = (
        np.maximum.accumulate(x[::-1])[::-1],
        np.minimum.accumulate(x[::-1])[::-1],
    )
    smaller: Floats = np.minimum(highest - lowest_after, highest_after - lowest)
    return smaller


def _bends(points: Floats) -> Floats:
    """The bend at each point, in right angles, at most 1."""
    before, after = np.zeros_like(points), np.zeros_like(points)
    before[_BEND:] = points[_BEND:] - points[:-_BEND]
    after[:-_BEND] = points[_BEND:] - points[:-_BEND]
    turn = np.abs(
        np.arctan2(
            before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1)
        )
    )
    bends: Floats = np.minimum(turn / (np.pi / 2), 1.0)
    return bends
