"""From a picture to a glyph: find the paper, find the ink, then MNIST's rule.

The stages, each kept in `PictureStages`:

1. A large picture is reduced by the mean over squares. Transparent pixels get a colour that the
   ink stands out from.
2. The paper's colour is estimated at every pixel: a plane through the picture that most pixels
   agree with (least absolute deviations, by iteratively reweighted least squares), and on what
   that leaves a morphological closing, or opening where ink is brighter, with a window wider than
   a stroke, which follows shadows and the edges of tables (Serra 1982; the top-hat transform).
   The narrowest window is taken that leaves the strokes whole: they then stand out on all sides.
3. Three colour channels become one: the difference from the paper along the direction in which
   it is strongest (principal component), so that red ink on green paper counts as much as black
   ink on white. Relative to the paper's brightness, so that ink in the shade counts the same.
4. A threshold by Otsu (1979) among the pixels that stand out from the noise, and hysteresis
   (Canny 1986): what is connected to certain ink is ink. Ruled lines go with the mask; specks,
   frames, rings, underlines, words of print and the edges of the photo with the choice of
   components. What is left beside the symbol is another one, and is not passed over. Where all
   that stands out is a sheet on a table, the search begins again on the sheet.
   The threshold only says where the ink is; how dark a pixel is stays as soft as it was.
5. The ink's bounds, shrunk as a mean over areas into the box of 20, and `place`. A small symbol in
   a large picture is cut from finer pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import BOX, BoxedInk, place
from digitpad.ink.photo.close_up import ENOUGH, close_up
from digitpad.ink.photo.colours import composite, extent
from digitpad.ink.photo.components import find_sheet, spread
from digitpad.ink.photo.ink_mask import find_ink, soft_ink
from digitpad.ink.photo.paper import Level, levels
from digitpad.ink.photo.symbol import find_symbol
from digitpad.ink.photo.whole_strokes import is_wide, stands_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.ink_mask import InkMask
    from digitpad.ink.picture import Picture

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

WORKING_SIDE = 400
"""Longest side, in pixels, of the picture that is worked on."""

_THIN = 1.5
"""Strokes below this width, in pixels of the box, are widened: 95 % of MNIST's are above 1.7."""

_WIDENED = 2.2
"""Width in pixels of the box that they get."""

_TRACE_OF_INK = 1.5 / 255.0
"""Less than this is nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureInk:
    """The ink of one symbol in a picture, and the paper it is on.

    Attributes:
        original: uint8 (h, w, 3), the picture, reduced and without transparency.
        grey: float32 (h, w) in [0, 255], the picture along the colour direction from paper to ink.
        background: float32 (h, w) in [0, 255], the paper's estimated level in `grey`.
        ink: float32 (h, w) in [0, 1], how much of the ink each pixel holds.
        bounds: left, top, right, bottom of the ink, in pixels, right and bottom excluded.
        is_alone: whether nothing beside it, and no part of it, may be a symbol of its own.
        close_up: float32 (h, w) in [0, 1], the ink of a small symbol in finer pixels, else None.
    """

    original: NDArray[np.uint8]
    grey: Floats
    background: Floats
    ink: Floats
    bounds: tuple[int, int, int, int]
    is_alone: bool
    close_up: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class PictureStages(PictureInk):
    """How a picture became a glyph, stage by stage: its ink, and that in the box."""

    boxed: BoxedInk

    @property
    def glyph(self) -> NDArray[np.uint8]:
        """The result, uint8 (28, 28)."""
        return self.boxed.glyph


def reduction(picture: Picture) -> int:
    """How many pixels of a picture, along each axis, become one of its stages."""
    return -(-max(map(int, picture.pixels.shape[:2])) // WORKING_SIDE)


class PictureSearch(NamedTuple):
    """A picture in which ink was looked for.

    Attributes:
        colours: float32 (h, w, 3), the picture, reduced and without transparency.
        factor: see `reduction`.
        sheet: bool (h, w), the sheet of paper that the search was narrowed to, else None.
        found: what was found.
    """

    colours: Floats
    factor: int
    sheet: Mask | None
    found: FoundInk


class FoundInk(NamedTuple):
    """The ink of a picture, and that of its symbol.

    Attributes:
        level: the picture as grey levels, found with the narrowest window that serves.
        seen: all ink.
        mask: bool (h, w), the symbol's pixels.
        ink: float32 (h, w) in [0, 1], how much of the symbol's ink each pixel holds.
        is_alone: see `PictureInk`.
        is_near: whether what is far from certain ink was left out.
    """

    level: Level
    seen: InkMask
    mask: Mask
    ink: Floats
    is_alone: bool
    is_near: bool


def search_picture(picture: Picture) -> PictureSearch:
    """Look for the ink in a picture: stages 1 to 4; a `DigitpadError` where there is none."""
    colours = composite(picture.pixels, reduction(picture))
    found = _find(colours)
    sheet = find_sheet(found.ink) if found.level.is_widest else None
    if sheet is not None:
        # An empty sheet may be a digit after all, a fat one.
        try:
            found = _find(spread(colours, sheet))
        except DigitpadError:
            sheet = None
    return PictureSearch(colours, reduction(picture), sheet, found)


def symbol_ink(picture: Picture, search: PictureSearch) -> PictureInk:
    """The ink of the one symbol that was found in a picture."""
    original = np.rint(search.colours).clip(0, 255).astype(np.uint8)
    (level, _, mask, ink, is_alone, _), factor = search.found, search.factor
    close = close_up(picture.pixels, factor, level, mask) if factor > 1 else None
    bounds = ink_bounds(ink)
    return PictureInk(original, level.grey, level.background, ink, bounds, is_alone, close)


def picture_ink(picture: Picture) -> PictureInk:
    """The ink of a picture's one symbol: stages 1 to 4; a `DigitpadError` where there is none."""
    return symbol_ink(picture, search_picture(picture))


def preprocess_ink(found: PictureInk) -> PictureStages:
    """The way from a symbol's ink to its glyph."""
    shared = (found.original, found.grey, found.background, found.ink, found.bounds)
    close = found.close_up
    boxed = _place_within(found.ink, found.bounds) if close is None else place_ink(close)
    return PictureStages(*shared, found.is_alone, close, boxed)


def place_ink(ink: Floats) -> BoxedInk:
    """Stage 5 alone, for a picture that is nothing but ink: float32 (h, w) in [0, 1], not all 0."""
    return _place_within(ink, ink_bounds(ink))


def _place_within(ink: Floats, bounds: tuple[int, int, int, int]) -> BoxedInk:
    left, top, right, bottom = bounds
    return place(box_ink(ink[top:bottom, left:right]))


def _find(colours: Floats) -> FoundInk:
    """The ink, found with the narrowest window that keeps it whole."""
    for level in levels(colours):
        try:
            first = find_ink(level.strength)
        except DigitpadError:
            if level.is_widest:
                raise
            continue
        found, symbol = first, find_symbol(level, first)
        whole = symbol
        # Shadows and rulings that are fainter than the ink may cling to it.
        for is_again in (False, True):
            if is_again:
                found = first.near_certain()
                symbol = find_symbol(level, found)
            if not symbol.mask.any() or is_wide(level, found, symbol.mask):
                break
            if stands_out(level, found, symbol.mask):
                ink = soft_ink(found, symbol.mask)
                return FoundInk(level, found, symbol.mask, ink, symbol.is_alone, is_again)
        if level.is_widest:
            ink = soft_ink(first, whole.mask)
            return FoundInk(level, first, whole.mask, ink, whole.is_alone, is_near=False)
    raise AssertionError("the last window is the widest")


def ink_bounds(ink: Floats) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the ink.

    In a picture as coarse as the box, the faintest pixel is one that MNIST's rule counts. In a
    fine picture the ink ends where half of a pixel is ink, however soft its edge is.
    """
    bounds = extent(ink > _TRACE_OF_INK)
    side = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    fine = ink > max(0.5 * (1.0 - BOX / side), _TRACE_OF_INK)
    return extent(fine) if fine.any() else bounds


def box_ink(ink: Floats) -> NDArray[np.uint8]:
    """Ink, float32 (h, w) in [0, 1], cropped to its bounds, scaled by areas to uint8 (20, 20).

    The longer side gets 20 pixels, the shorter a whole number, centred, the peak 255. In a picture
    that is fine enough to tell, strokes thinner than MNIST's thinnest are widened first: a
    hairline would all but vanish.
    """
    longer = max(ink.shape)
    if longer >= ENOUGH:
        if longer > 2 * ENOUGH:
            ink = _scaled(ink, 2 * ENOUGH)
        ink = _widened(ink)
    shrunk = _scaled(ink, BOX)
    rows, columns = shrunk.shape
    box = np.zeros((BOX, BOX), dtype=np.uint8)
    top, left = (BOX - rows) // 2, (BOX - columns) // 2
    box[top : top + rows, left : left + columns] = np.rint(shrunk * (255.0 / shrunk.max()))
    return box


def _scaled(ink: Floats, longer: int) -> Floats:
    """The ink with this longer side, by areas."""
    scale = longer / max(ink.shape)
    rows, columns = (max(round(side * scale), 1) for side in ink.shape)
    down, across = _area_weights(ink.shape[0], rows), _area_weights(ink.shape[1], columns)
    return (down @ ink @ across.T).astype(np.float32)


def _widened(ink: Floats) -> Floats:
    """The ink with strokes below MNIST's usual widths brought up to them, in its new bounds."""
    from scipy import ndimage

    pixel = max(ink.shape) / BOX
    core = ink > 0.5 * ink.max()
    # Across a stroke of width w the distance from its edge is w / 4 in the mean; counted from
    # pixel to pixel it is half a pixel more.
    width = 4.0 * float(ndimage.distance_transform_edt(np.pad(core, 1))[1:-1, 1:-1][core].mean())
    width = (width - 2.0) / pixel
    if width >= _THIN:
        return ink
    radius = (_WIDENED - width) / 2 * pixel
    padded = np.pad(ink / ink.max(), int(np.ceil(radius)) + 1)
    apart = ndimage.distance_transform_edt(padded <= 0.5)
    wide: Floats = np.maximum(padded, np.clip(radius + 0.5 - apart, 0.0, 1.0)).astype(np.float32)
    left, top, right, bottom = extent(wide >= 0.5)
    return wide[top:bottom, left:right]


def _area_weights(source: int, target: int) -> Floats:
    """Matrix (target, source) that takes the mean over each target pixel's part of the source."""
    edges = np.arange(target + 1) * (source / target)
    pixel = np.arange(source)
    overlap = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    weights: Floats = (overlap.clip(0.0, 1.0) * (target / source)).astype(np.float32)
    return weights
