"""A drawing as it looked while it was being drawn."""

from __future__ import annotations

import numpy as np

from digitpad.ink.drawing import Drawing, Stroke

_LIFT = 120.0
"""Lifting the pen takes as long as drawing so much, in thousandths of the longest side."""

_MS_FOR_A_SIDE = 500
_SHORTEST_MS, _LONGEST_MS = 500, 6000


class Playback:
    """The parts of a drawing, in the order in which they were drawn, at an even speed.

    The devices' own times are not kept: many files have none.

    Args:
        drawing: with strokes.

    Attributes:
        duration_ms: a time to play it in, in milliseconds.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        every = np.concatenate([stroke.points for stroke in drawing.strokes])
        side = float(np.ptp(every, axis=0).max()) or 1.0
        self._along = [_along(stroke) for stroke in drawing.strokes]
        # Where on the way each stroke ends; a dot takes a moment, too.
        lift = _LIFT / 1000 * side
        self._ends = np.cumsum([float(along[-1]) + lift for along in self._along])
        self._lift = lift
        length = float(self._ends[-1]) / side
        self.duration_ms = round(min(max(length * _MS_FOR_A_SIDE, _SHORTEST_MS), _LONGEST_MS))

    def at(self, share: float) -> Drawing:
        """The drawing after this share of the time, in [0, 1]."""
        if share >= 1:
            return self._drawing
        way = share * float(self._ends[-1])
        done = int(np.searchsorted(self._ends, way, side="right"))
        strokes = self._drawing.strokes[:done]
        if done == len(self._drawing.strokes):
            return Drawing(strokes)
        begun = way - (float(self._ends[done - 1]) if done else 0.0)
        return Drawing((*strokes, _until(self._drawing.strokes[done], self._along[done], begun)))


def _along(stroke: Stroke) -> np.ndarray:
    """The way to each point from the first one, float64 (n,), in the units of the points."""
    steps = np.hypot(*np.diff(stroke.points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _until(stroke: Stroke, along: np.ndarray, way: float) -> Stroke:
    """The beginning of a stroke, of this length; its first point at least."""
    if way >= along[-1]:
        return stroke
    count = int(np.searchsorted(along, way, side="right"))
    tip = [np.interp(way, along, stroke.points[:, axis]) for axis in (0, 1)]
    pressure = np.interp(way, along, stroke.pressures)
    return Stroke(
        np.vstack([stroke.points[:count], tip]),
        np.append(stroke.pressures[:count], pressure),
        stroke.width,
    )
