"""The stroke eraser: it takes away every stroke that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Stroke

RADIUS = 18.0
"""Radius of the eraser in pad units."""

_SPACING = 8.0
"""Distance of the points along a stroke that are tested, in pad units: below the radius."""


class EraseGesture:
    """One drag of the eraser over a drawing, whose picture may contain a point in pad units."""

    def __init__(self, drawing: Drawing, picture_contains: Callable[[float, float], bool]) -> None:
        self.remaining = drawing
        self._picture_contains = picture_contains
        self._curves = [
            (stroke, sample_curve(stroke.points, _SPACING)) for stroke in drawing.strokes
        ]
        self._last: NDArray[np.float64] | None = None

    def move(self, x: float, y: float) -> bool:
        """Drag on to a point in pad units; says whether something was erased."""
        here = np.array([x, y])
        start = here if self._last is None else self._last
        self._last = here
        kept = [item for item in self._curves if not _touches(*item, start, here)]
        picture = self.remaining.picture
        if picture is not None and self._picture_contains(x, y):
            picture = None
        if len(kept) == len(self._curves) and picture is self.remaining.picture:
            return False
        self._curves = kept
        self.remaining = Drawing(tuple(stroke for stroke, _ in kept), picture)
        return True


def _touches(
    stroke: Stroke, curve: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> bool:
    """Whether the eraser, dragged straight from start to end, comes upon the stroke's ink."""
    way = end - start
    length_squared = float(way @ way)
    along = np.zeros(len(curve))
    if length_squared > 0:
        along = np.clip((curve - start) @ way / length_squared, 0.0, 1.0)
    nearest = start + along[:, None] * way
    reach = RADIUS + stroke.width / 2
    return bool((((curve - nearest) ** 2).sum(axis=1) <= reach**2).any())
