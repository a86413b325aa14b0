"""From a drawing to a glyph: the 28x28 picture in MNIST's form.

MNIST's own rule (LeCun, Cortes and Burges' files; reconstructed by Yadav and Bottou 2019, arXiv
1905.10498): the ink is scaled, aspect ratio kept, into a box of 20x20 pixels, its peak brought to
255, and the box moved by whole pixels so that the centre of mass falls on pixel 14 of a 28x28
field. Strokes are redrawn as vectors at MNIST's stroke width instead of being shrunk as pixels:
then pen, size, place and screen do not matter, and a fat pen does not fill loops.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import distinct, sample_curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

GLYPH_RULE = 1
"""Version of the rule in this module; a model file names the one that it was trained with."""

FIELD = 28
"""Side of a glyph in pixels."""

BOX = 20
"""Side of the box that the ink fills, in pixels."""

CENTRE = 14.0
"""Pixel index, in x and y, on which the centre of mass falls within half a pixel."""

STROKE_WIDTH = 2.6
"""Width in pixels at which strokes are redrawn: 13 % of the box, as measured on MNIST."""

_SPACING = 0.35
"""Distance in pixels between the discs that a stroke is redrawn with: at a radius of 1.3 the
outline between two discs is at most 0.012 pixels off."""

_MANY = 5000
"""A drawing with more points than this may be an endless scribble."""

_MOST_SAMPLES = 100_000
"""About as many points, besides its own, does a scribble get along its curves."""

_HUGE = 1e150
"""Beyond this a number's square overflows, and that of its inverse vanishes."""

_PIECE = 4096
"""Points that are compared with the pixels at a time."""

_PIXELS = np.arange(BOX)[:, None] + 0.5
"""Centres of the box's pixels along one axis, as a column."""


@dataclass(frozen=True, slots=True, eq=False)
class BoxedInk:
    """Ink in the box, and where the box goes.

    Attributes:
        box: uint8 (20, 20), the ink scaled into the box.
        centre_of_mass: (x, y) of the box's ink, in pixel indices of the box.
        shift: (dx, dy), where in the field the box's first pixel lies; it may reach outside.
        glyph: uint8 (28, 28), ink 255 on 0.
    """

    box: NDArray[np.uint8]
    centre_of_mass: tuple[float, float]
    shift: tuple[int, int]
    glyph: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class StrokeStages:
    """How strokes became a glyph, stage by stage.

    Attributes:
        paths: the strokes as curves, float64 (k, 2) each, in pixels of the box: pixel i covers
            [i, i + 1).
        stroke_width: of the redrawn strokes, in pixels.
        boxed: the ink in the box, its centre of mass, and the glyph.
    """

    paths: tuple[NDArray[np.float64], ...]
    stroke_width: float
    boxed: BoxedInk

    @property
    def glyph(self) -> NDArray[np.uint8]:
        """The result, uint8 (28, 28)."""
        return self.boxed.glyph


def place(box: NDArray[np.uint8]) -> BoxedInk:
    """Put a box, uint8 (20, 20), into the field by MNIST's rule: centre of mass on pixel 14.

    Raises:
        ValueError: the box holds no ink.
    """
    mass = box.astype(np.float64)
    total = mass.sum()
    if total == 0:
        raise ValueError("there is no ink to place")
    index = np.arange(BOX)
    x, y = float(mass.sum(axis=0) @ index / total), float(mass.sum(axis=1) @ index / total)
    # Symmetric ink has its centre at 9.5, a tie between two shifts. Rounding the centre first
    # lets the same drawing fall on the same side whatever the last bits of its coordinates are.
    shift_x, shift_y = (int(np.floor(CENTRE - round(centre, 3) + 0.5)) for centre in (x, y))
    # A larger field takes any shift; what lies outside the glyph is cut, as in MNIST.
    margin = BOX
    wide = np.zeros((FIELD + 2 * margin, FIELD + 2 * margin), dtype=np.uint8)
    wide[margin + shift_y :, margin + shift_x :][:BOX, :BOX] = box
    glyph = wide[margin : margin + FIELD, margin : margin + FIELD].copy()
    return BoxedInk(box, (x, y), (shift_x, shift_y), glyph)


def _curves_in_box(
    strokes: list[NDArray[np.float64]], stroke_width: float
) -> tuple[NDArray[np.float64], ...]:
    """Strokes as curves, scaled so that the ink, its width included, fills the box.

    The longer side of the ink is 20, the shorter is centred; the points are at most about 0.35
    pixels apart (more in endless scribbles).
    """
    span = BOX - stroke_width
    every, strokes = _tamed(strokes)
    low = every.min(axis=0)
    # Points far from the origin or tiny would lose their last bits to the arithmetic: first to
    # a frame of about the final size, where the curve's own extent can be measured.
    extent = _safe_extent(every.max(axis=0) - low)
    rough = [distinct((points - low) * (span / extent)) for points in strokes]
    spacing = _SPACING
    if len(every) > _MANY:
        # Bounds the work of a scribble: where lines are this dense, none is seen.
        length = sum(float(np.abs(points[1:] - points[:-1]).sum()) for points in rough)
        spacing = max(_SPACING, length / _MOST_SAMPLES)
    curves = [sample_curve(points, spacing) for points in rough]
    every = np.concatenate(curves)
    low, high = every.min(axis=0), every.max(axis=0)
    scale = span / _safe_extent(high - low)
    # Centre in both directions: the longer side then spans the box by itself.
    offset = BOX / 2 - scale * (low + high) / 2
    return tuple(curve * scale + offset for curve in curves)


def _tamed(
    strokes: list[NDArray[np.float64]],
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """All points, and the strokes, in a unit in which nothing can overflow or vanish.

    Ordinary strokes come back as they are. The others are scaled by a power of two, which loses
    no bit of what can be seen.
    """
    every = np.concatenate(strokes)
    if np.abs(every).max() > _HUGE:
        strokes = [np.ldexp(points, -600) for points in strokes]
        every = np.concatenate(strokes)
    low = every.min(axis=0)
    if 0.0 < (every.max(axis=0) - low).max() < 1.0 / _HUGE:
        strokes = [np.ldexp(points - low, 600) for points in strokes]
        every = np.concatenate(strokes)
    return every, strokes


def _safe_extent(sides: NDArray[np.float64]) -> float:
    longest = float(sides.max())
    # A dot has no size: it keeps its place, and becomes a dot of the stroke width.
    return longest if longest > 0 else 1.0


def _rasterise(curves: tuple[NDArray[np.float64], ...], stroke_width: float) -> NDArray[np.uint8]:
    """Curves drawn with round caps and joins into the box, uint8 (20, 20).

    A pixel's level is the coverage that a straight edge at its distance would give it: 255 inside
    the stroke, falling to 0 over one pixel across the outline.
    """
    points = np.concatenate(curves)
    squared = np.full((BOX, BOX), np.inf)
    # In pieces, so that a scribble of a hundred thousand points needs no more memory than a digit.
    for start in range(0, len(points), _PIECE):
        x, y = points[start : start + _PIECE].T
        # The square of a distance is a sum over two axes, each of which has only 20 values.
        apart_x, apart_y = (_PIXELS - x) ** 2, (_PIXELS - y) ** 2
        nearest = (apart_y[:, None, :] + apart_x[None, :, :]).min(axis=2)
        np.minimum(squared, nearest, out=squared)
    coverage = np.clip(stroke_width / 2 + 0.5 - np.sqrt(squared), 0.0, 1.0)
    box: NDArray[np.uint8] = np.rint(255.0 * coverage).astype(np.uint8)
    return box


def preprocess_strokes(drawing: Drawing) -> StrokeStages:
    """The way from strokes to the glyph; a ValueError where the drawing has none."""
    if not drawing.strokes:
        raise ValueError("the drawing has no strokes")
    return preprocess_points([stroke.points for stroke in drawing.strokes])


def preprocess_points(
    strokes: list[NDArray[np.float64]], stroke_width: float = STROKE_WIDTH
) -> StrokeStages:
    """The same from bare points.

    Args:
        strokes: at least one, each float64 (n, 2), finite, in any unit.
        stroke_width: of the redrawn strokes in pixels, in (0, 20).
    """
    curves = _curves_in_box(strokes, stroke_width)
    return StrokeStages(curves, stroke_width, place(_rasterise(curves, stroke_width)))


def place_in_box(
    strokes: list[NDArray[np.float64]], stages: StrokeStages
) -> tuple[float, NDArray[np.float64]]:
    """Where strokes lie in their box: each of their points times a scale, plus an offset (x, y).

    Nothing that is kept while one draws: who shows something over the strokes asks for it.

    Args:
        strokes: as they were preprocessed, of an ordinary size.
        stages: of their preprocessing.
    """
    every = np.concatenate(strokes)
    extent = _safe_extent(np.ptp(every, axis=0))
    spacing = _SPACING * extent / (BOX - stages.stroke_width)
    # What fills the box are the curves, which reach a little further than their points.
    given = np.concatenate([sample_curve(distinct(points), spacing) for points in strokes])
    placed = np.concatenate(stages.paths)
    low, low_placed = given.min(axis=0), placed.min(axis=0)
    sides = np.ptp(given, axis=0)
    longest = int(sides.argmax())
    scale = (BOX - stages.stroke_width) / extent
    if sides[longest] > 0:
        scale = float(np.ptp(placed[:, longest]) / sides[longest])
    return scale, low_placed - scale * low
