"""From a drawing to a glyph: the 28x28 picture in MNIST's form.

MNIST's own rule (LeCun, Cortes and Burges' files; reconstructed by Yadav and Bottou 2019, arXiv
1905.10498): the ink is scaled, aspect ratio kept, into a box of 20x20 pixels, its peak brought to
255, and the box moved by whole pixels so that the centre of mass falls on pixel 14 of a 28x28
field. Strokes are redrawn as vectors at MNIST's stroke width instead of being shrunk as pixels:
then pen, size, place and screen do not matter, and a fat pen does not fill loops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import distinct, sample_curve, sample_curves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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

_AT_A_TIME = 64
"""Drawings whose curves are made together: more would not be faster, and need more memory."""

_PIECE = 4096
"""Points that are compared with the pixels at a time."""


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
    drawings: Sequence[Sequence[NDArray[np.float64]]], stroke_widths: NDArray[np.float64]
) -> Iterator[tuple[NDArray[np.float64], ...]]:
    """Strokes of each drawing as curves, scaled so that the ink, its width included, fills the box.

    The longer side of the ink is 20, the shorter is centred; the points are at most about 0.35
    pixels apart (more in endless scribbles).
    """
    span = BOX - stroke_widths
    tamed = [_tamed(strokes) for strokes in drawings]
    lengths = np.array([len(points) for strokes in tamed for points in strokes])
    starts = np.cumsum(lengths) - lengths
    strokes_of = np.array([len(strokes) for strokes in tamed])
    first_strokes = np.cumsum(strokes_of) - strokes_of
    every = np.concatenate([points for strokes in tamed for points in strokes])
    low, high = _extrema(every, starts[first_strokes])
    # Points far from the origin or tiny would lose their last bits to the arithmetic: first to
    # a frame of about the final size, where the curve's own extent can be measured.
    rough_scale = (span / _safe_extents(high - low))[:, None]
    drawing_of = np.repeat(np.arange(len(tamed)), strokes_of)
    of = np.repeat(drawing_of, lengths)
    rough = (every - low[of]) * rough_scale[of]
    spacings = np.full(len(tamed), _SPACING)
    totals = np.add.reduceat(lengths, first_strokes)
    for number in np.flatnonzero(totals > _MANY).tolist():
        # Bounds the work of a scribble: where lines are this dense, none is seen.
        begin = starts[first_strokes[number]]
        steps = np.abs(np.diff(rough[begin : begin + totals[number]], axis=0))
        pen_up = starts[drawing_of == number][1:] - begin - 1
        length = float(steps.sum() - steps[pen_up].sum())
        spacings[number] = max(_SPACING, length / _MOST_SAMPLES)
    curves, starts = sample_curves(rough, starts, spacings[drawing_of])
    low, high = _extrema(curves, starts[first_strokes])
    scale = (span / _safe_extents(high - low))[:, None]
    # Centre in both directions: the longer side then spans the box by itself.
    offset = BOX / 2 - scale * (low + high) / 2
    each = iter(np.split(curves, starts[1:]))
    for number, count in enumerate(strokes_of):
        yield tuple(curve * scale[number] + offset[number] for curve in islice(each, count))


def _extrema(
    points: NDArray[np.float64], starts: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest x and y, (n, 2) each, of the points from each start to the next."""
    return np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)


def _tamed(strokes: Sequence[NDArray[np.float64]]) -> Sequence[NDArray[np.float64]]:
    """Strokes in a unit in which nothing can overflow or vanish.

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
    return strokes


def _safe_extents(sides: NDArray[np.float64]) -> NDArray[np.float64]:
    """The longer of two sides, (n, 2), of each; 1 for a dot."""
    longest: NDArray[np.float64] = sides.max(axis=1)
    # A dot has no size: it keeps its place, and becomes a dot of the stroke width.
    longest[longest == 0.0] = 1.0
    return longest


def _rasterise(curves: tuple[NDArray[np.float64], ...], stroke_width: float) -> NDArray[np.uint8]:
    """Curves drawn with round caps and joins into the box, uint8 (20, 20).

    A pixel's level is the coverage that a straight edge at its distance would give it: 255 inside
    the stroke, falling to 0 over one pixel across the outline.
    """
    radius = stroke_width / 2 + 0.5
    # Each point is compared with the pixels around it alone, those beyond the box among them.
    reach = math.ceil(radius)
    side = BOX + 2 * reach + 1
    near = np.arange(-reach, reach + 1)
    points = np.concatenate(curves)
    squared = np.full(side * side, np.inf)
    # In pieces, so that a scribble of a hundred thousand points needs no more memory than a digit.
    for start in range(0, len(points), _PIECE):
        some = points[start : start + _PIECE]
        pixels = np.floor(some).astype(np.intp)[:, :, None] + near
        # The square of a distance is a sum over two axes.
        apart = (pixels + 0.5 - some[:, :, None]) ** 2
        nearest = apart[:, 1, :, None] + apart[:, 0, None, :]
        pixels += reach
        where = side * pixels[:, 1, :, None] + pixels[:, 0, None, :]
        np.minimum.at(squared, where.ravel(), nearest.ravel())
    inside = squared.reshape(side, side)[reach : reach + BOX, reach : reach + BOX]
    coverage = np.clip(radius - np.sqrt(inside), 0.0, 1.0)
    box: NDArray[np.uint8] = np.rint(255.0 * coverage).astype(np.uint8)
    return box


def preprocess_strokes(drawing: Drawing) -> StrokeStages:
    """The way from strokes to the glyph; a ValueError where the drawing has none."""
    if not drawing.strokes:
        raise ValueError("the drawing has no strokes")
    return preprocess_points([stroke.points for stroke in drawing.strokes])


def preprocess_points(
    strokes: Sequence[NDArray[np.float64]], stroke_width: float = STROKE_WIDTH
) -> StrokeStages:
    """The same from bare points.

    Args:
        strokes: at least one, each float64 (n, 2), finite, in any unit.
        stroke_width: of the redrawn strokes in pixels, in (0, 20).
    """
    return preprocess_all([strokes], stroke_width)[0]


def preprocess_all(
    drawings: Sequence[Sequence[NDArray[np.float64]]],
    stroke_widths: float | Sequence[float] = STROKE_WIDTH,
) -> list[StrokeStages]:
    """The same of several drawings, in less time than one after another.

    Args:
        drawings: strokes of each, as `preprocess_points` takes them.
        stroke_widths: of all drawings, or of each.
    """
    return list(_each_stages(drawings, stroke_widths))


def glyphs_of(
    drawings: Sequence[Sequence[NDArray[np.float64]]],
    stroke_widths: float | Sequence[float] = STROKE_WIDTH,
) -> NDArray[np.uint8]:
    """The glyphs alone, uint8 (n, 28, 28); see `preprocess_all`."""
    glyphs = np.empty((len(drawings), FIELD, FIELD), np.uint8)
    for i, stages in enumerate(_each_stages(drawings, stroke_widths)):
        glyphs[i] = stages.glyph
    return glyphs


def _each_stages(
    drawings: Sequence[Sequence[NDArray[np.float64]]], stroke_widths: float | Sequence[float]
) -> Iterator[StrokeStages]:
    widths = np.broadcast_to(np.asarray(stroke_widths, np.float64), len(drawings))
    for start in range(0, len(drawings), _AT_A_TIME):
        some = slice(start, start + _AT_A_TIME)
        every = _curves_in_box(drawings[some], widths[some])
        for curves, width in zip(every, widths[some].tolist(), strict=True):
            yield StrokeStages(curves, width, place(_rasterise(curves, width)))


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
    extent = float(_safe_extents(np.ptp(every, axis=0)[None])[0])
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
