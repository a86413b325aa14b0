"""The values of pixels along strokes: from the glyph back to what was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.curve import distinct, sample_curve
from digitpad.ink.glyph import BOX, FIELD, place_in_box
from digitpad.recognition.inside.attribution import beneath_strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Stroke
    from digitpad.ink.glyph import StrokeStages

_SPACING = 0.5
"""Of the points along a stroke, in pixels of the glyph."""

_MOST_POINTS = 4000
"""Of all strokes; an endless scribble has them further apart."""


class ColouredStroke(NamedTuple):
    """A stroke in pieces that have one colour each.

    Attributes:
        points: float64 (n, 2), n >= 1, in the units of the drawing.
        widths: float64 (n,), of the ink at each of them.
        values: float64 (n,), of what lies beneath each of them, see `beneath_strokes`.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    values: NDArray[np.float64]


def along_strokes(
    strokes: Sequence[Stroke], stages: StrokeStages, values: NDArray[np.float64]
) -> list[ColouredStroke]:
    """The values beneath strokes.

    Args:
        strokes: of a part, at least one.
        stages: of their preprocessing.
        values: float64 (28, 28), of the pixels of the glyph.
    """
    scale, offset = place_in_box([stroke.points for stroke in strokes], stages)
    means = beneath_strokes(values)
    length = sum(len(path) for path in stages.paths)
    spacing = max(_SPACING, _SPACING * length / _MOST_POINTS) / scale
    found = []
    for stroke in strokes:
        points = sample_curve(distinct(stroke.points), spacing)
        places = points * scale + offset + stages.boxed.shift
        columns, rows = np.clip(np.floor(places).astype(int), 0, FIELD - 1).T
        found.append(ColouredStroke(points, _widths(stroke, points), means[rows, columns]))
    return found


def box_in_drawing(strokes: Sequence[Stroke], stages: StrokeStages) -> tuple[float, float, float]:
    """Where the box of 20 by 20 pixels lies in the drawing: left, top, and its side."""
    scale, offset = place_in_box([stroke.points for stroke in strokes], stages)
    left, top = (-offset / scale).tolist()
    return left, top, BOX / scale


def _widths(stroke: Stroke, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The width of the ink at points along the stroke, float64 (n,)."""
    if len(points) < 2:
        return np.full(len(points), float(stroke.widths[0]))
    given, taken = (
        np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(one, axis=0).T))))
        for one in (stroke.points, points)
    )
    share = given[-1] / max(float(taken[-1]), 1e-9)
    widths: NDArray[np.float64] = np.interp(taken * share, given, stroke.widths)
    return widths
