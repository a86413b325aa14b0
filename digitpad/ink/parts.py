"""The parts of a drawing: the ink of each of its symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from digitpad.ink.drawing import Drawing, Stroke
    from digitpad.ink.photo.preprocessing import PictureInk

    Bounds: TypeAlias = tuple[float, float, float, float]
    """Left, top, right, bottom."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The ink of one symbol within a drawing.

    Attributes:
        bounds: left, top, right, bottom of the ink: in the units of the strokes, or in pixels of
            the drawing's picture. A curve may lie a little outside between two points.
        ink: its strokes, at least one, or its share of the picture.
        is_alone: whether nothing else in the picture, and no piece of it, may be another symbol;
            of strokes nothing is said.
    """

    bounds: Bounds
    ink: tuple[Stroke, ...] | PictureInk
    is_alone: bool = True


def whole_drawing(drawing: Drawing) -> Part:
    """The symbol of a drawing as one part, as in a labelled sample.

    All strokes count as one symbol; of a picture with several it is the largest, which is then not
    alone.

    Raises:
        ValueError: the drawing is empty.
        DigitpadError: there is no ink in its picture.
    """
    if drawing.picture is None:
        return Part(stroke_bounds(drawing.strokes), drawing.strokes)
    # Pictures need scipy, which strokes and the start of the program do without.
    from digitpad.ink.photo.preprocessing import picture_ink, reduction

    found = picture_ink(drawing.picture)
    factor = reduction(drawing.picture)
    height, width = drawing.picture.pixels.shape[:2]
    left, top, right, bottom = (factor * edge for edge in found.bounds)
    bounds = (left, top, min(right, width), min(bottom, height))
    return Part(bounds, found, found.is_alone)


def stroke_bounds(strokes: tuple[Stroke, ...]) -> Bounds:
    """Left, top, right and bottom of strokes, their width included."""
    if not strokes:
        raise ValueError("the drawing has no strokes and no picture")
    low = np.min([stroke.points.min(axis=0) - stroke.width / 2 for stroke in strokes], axis=0)
    high = np.max([stroke.points.max(axis=0) + stroke.width / 2 for stroke in strokes], axis=0)
    (left, top), (right, bottom) = low.tolist(), high.tolist()
    return left, top, right, bottom
