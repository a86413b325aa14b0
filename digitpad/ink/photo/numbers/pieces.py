"""The pieces of a picture: what its symbols are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.division.views import Frame, area_view
from digitpad.ink.photo.close_up import close_up
from digitpad.ink.photo.colours import extent
from digitpad.ink.photo.components import EVERY_NEIGHBOUR
from digitpad.ink.photo.ink_mask import InkMask, soft_ink
from digitpad.ink.photo.numbers.page import Page, coarse_page, fine_page
from digitpad.ink.photo.numbers.printed import written
from digitpad.ink.photo.numbers.slices import Seam, Slices, cut_across
from digitpad.ink.photo.preprocessing import (
    PictureInk,
    ink_bounds,
    search_picture,
    symbol_ink,
)
from digitpad.ink.photo.windows import largest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from digitpad.ink.picture import Picture

    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Views = NDArray[np.uint8]

_POINTS = 40
"""About so many points stand for a piece."""

_NARROW, _BROKEN = 0.75, 1.25
"""The symbol of a picture that is alone is not cut if its width is below this share of its height:
then it is no two that touch. The other limit is for one that is in pieces anyway."""

_MANY = 256
"""With so many pieces no more ink is cut."""

_STACKED, _HIGHEST = 0.25, 1.3
"""Ink that lies so near above or below other ink, as a share of the symbols' height, may be of the
same symbol, if both together are no higher than this share."""

_LOW = 0.7
"""No symbol is taken to be lower than this share of the others' height."""

_FRAGMENT = 0.75
"""What is lower than this share of its symbol is a fragment of it."""

_MARGIN = 0.3
"""What is shown around a symbol, as a share of its longer side."""

_LEAST_MARGIN = 6
"""In pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class PicturePieces:
    """The ink of a picture in pieces, each of which belongs to one symbol.

    A symbol may be of several pieces. What is printed, and specks, are none.

    Attributes:
        points: for each piece points (x, y) along the middle of its strokes, float64 (k, 2), in
            pixels of the picture as it was opened; so are the bounds.
        bounds: float64 (n, 4): left, top, right and bottom of each.
        source: int64 (n,), the number of the connected ink that a piece was cut from.
        index: int64 (n,), its place among the slices of that ink, from left to right.
        seams: the cut between each and the next one of that ink, its row in pixels of the picture
            as it was opened; None after the last one.
        symbols: float64 (n,), how high the symbol is, about, that each is of, if its connected ink
            is lower than that; else 0.
        is_point: bool (n,), whether it may be a decimal point or a comma: a dot at the foot of the
            symbols, between two of them.
    """

    points: tuple[NDArray[np.float64], ...]
    bounds: NDArray[np.float64]
    source: Ints
    index: Ints
    seams: tuple[Seam | None, ...]
    symbols: NDArray[np.float64]
    is_point: Mask
    _picture: Picture
    _page: Page
    _labels: NDArray[np.int32]
    _boxes: Ints
    _whole: PictureInk | None

    @property
    def count(self) -> int:
        """How many pieces there are, at least one."""
        return len(self.points)

    def bounds_of(self, pieces: Iterable[int]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of some pieces, at least one, in the picture's pixels."""
        chosen = self.bounds[list(pieces)]
        left, top = chosen[:, :2].min(axis=0).tolist()
        right, bottom = chosen[:, 2:].max(axis=0).tolist()
        return left, top, right, bottom

    def ink_of(self, pieces: Iterable[int]) -> PictureInk:
        """The ink of some pieces, at least one, as that of one symbol, with what is around it.

        All the pieces of a picture of one symbol are what `picture_ink` finds.
        """
        chosen = sorted(set(pieces))
        if self._whole is not None and len(chosen) == self.count:
            return self._whole
        left, top = self._boxes[chosen, :2].min(axis=0).tolist()
        right, bottom = self._boxes[chosen, 2:].max(axis=0).tolist()
        margin = max(round(_MARGIN * max(right - left, bottom - top)), _LEAST_MARGIN)
        rows = slice(max(top - margin, 0), bottom + margin)
        columns = slice(max(left - margin, 0), right + margin)
        colours, factor, level, seen = self._page
        labels = self._labels[rows, columns]
        is_chosen = np.zeros(self.count + 1, bool)
        is_chosen[np.add(chosen, 1)] = True
        mask = is_chosen[labels]
        others = (labels > 0) & ~mask
        certain = seen.certain[rows, columns]
        if not (mask & certain).any():
            certain = mask
        cut = InkMask(mask, certain, seen.strength[rows, columns], seen.noise)
        ink = soft_ink(cut, mask)
        ink[others] = 0.0
        level = level._replace(
            grey=level.grey[rows, columns], background=level.background[rows, columns]
        )
        close = None
        if factor > 1:
            fine_rows = slice(factor * rows.start, factor * rows.stop)
            fine = slice(factor * columns.start, factor * columns.stop)
            close = close_up(self._picture.pixels[fine_rows, fine], factor, level, mask, others)
        original = np.rint(colours[rows, columns]).clip(0, 255).astype(np.uint8)
        bounds = ink_bounds(ink)
        return PictureInk(original, level.grey, level.background, ink, bounds, True, close)

    def view(self, frame: Frame, own: Iterable[int], others: Iterable[int]) -> Views:
        """Some pieces among others, see `views.area_view`; the frame is in the picture's pixels."""
        factor = self._page.factor
        mine, rest = np.zeros((2, self.count + 1), np.uint8)
        mine[[i + 1 for i in own]] = 255
        rest[[i + 1 for i in others]] = 255
        coarse = Frame(frame.scale * factor, frame.x / factor, frame.y / factor)
        return area_view(coarse, self._labels, mine, rest)


def picture_pieces(picture: Picture) -> PicturePieces:
    """The pieces of a picture; a `DigitpadError` where there is no ink."""
    search = search_picture(picture)
    if search.found.is_alone:
        whole = symbol_ink(picture, search)
        return _pieces(picture, coarse_page(search), search.found.mask, whole=whole)
    page = fine_page(picture, search)
    found = written(page.level, page.ink)
    if found.mask.any():
        return _pieces(picture, page, found.mask, found.points)
    return _pieces(picture, coarse_page(search), search.found.mask)


def _pieces(
    picture: Picture,
    page: Page,
    mask: Mask,
    dots: Mask | None = None,
    whole: PictureInk | None = None,
) -> PicturePieces:
    """The pieces of some of a page's ink, bool (h, w), not empty, and of the dots in it."""
    from scipy import ndimage

    components, _ = ndimage.label(mask, EVERY_NEIGHBOUR)
    places = ndimage.find_objects(components)
    heights = _symbol_heights(components, places)
    own = np.array([rows.stop - rows.start for rows, _ in places])
    is_one = whole is not None and _is_one(mask, len(places))
    labels = np.zeros(mask.shape, np.int32)
    points: list[NDArray[np.float64]] = []
    boxes, source, index, is_point = [], [], [], []
    seams: list[Seam | None] = []
    for number, place in enumerate(places):
        ink = components[place] == number + 1
        may_be_cut = not is_one and len(points) < _MANY
        nowhere = Slices(np.zeros(ink.shape, np.int64))
        slices = cut_across(ink, heights[number]) if may_be_cut else nowhere
        for i in range(len(slices.seams) + 1):
            piece = ink & (slices.of == i)
            left, top, right, bottom = extent(piece)
            y, x = place[0].start, place[1].start
            labels[place][piece] = len(points) + 1
            points.append((_middle_line(piece) + np.array((x + 0.5, y + 0.5))) * page.factor)
            boxes.append((x + left, y + top, x + right, y + bottom))
            source.append(number)
            index.append(i)
            seam = slices.seams[i] if i < len(slices.seams) else None
            if seam is not None:
                seam = seam._replace(row=(y + seam.row + 0.5) * page.factor)
            seams.append(seam)
            is_point.append(dots is not None and bool(dots[place][piece].any()))
    height, width = picture.pixels.shape[:2]
    bounds = np.minimum(np.multiply(boxes, page.factor), (width, height, width, height))
    return PicturePieces(
        tuple(points),
        bounds.astype(np.float64),
        np.array(source),
        np.array(index),
        tuple(seams),
        np.where(own < _FRAGMENT * heights, heights * page.factor, 0.0)[source],
        np.array(is_point),
        picture,
        page,
        labels,
        np.array(boxes),
        whole,
    )


def _is_one(mask: Mask, components: int) -> bool:
    """Whether a symbol that is alone is no two that touch; it may still be several components."""
    left, top, right, bottom = extent(mask)
    return right - left < (_NARROW if components == 1 else _BROKEN) * (bottom - top)


def _symbol_heights(
    components: NDArray[np.integer], places: list[tuple[slice, ...]]
) -> NDArray[np.float64]:
    """How high the symbol is, in pixels, that each component is or is a piece of; float64 (n,)."""
    sides = np.array([[rows.start, rows.stop, cols.start, cols.stop] for rows, cols in places])
    top, bottom, left, right = sides.T
    heights = bottom - top
    sizes = np.bincount(components.ravel())[1:]
    order = np.argsort(heights, kind="stable")
    # Half of all ink is in components that are higher.
    usual = heights[order][np.searchsorted(np.cumsum(sizes[order]), sizes.sum() / 2)]
    widths = right - left
    shared = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    gaps = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    both = np.maximum(bottom[:, None], bottom) - np.minimum(top[:, None], top)
    is_stacked = (
        (shared >= 0.5 * np.minimum(widths[:, None], widths))
        & (gaps <= _STACKED * usual)
        & (both <= _HIGHEST * usual)
    )
    stacked = np.where(is_stacked, both, 0).max(axis=1)
    highest: NDArray[np.float64] = np.maximum(np.maximum(heights, stacked), _LOW * usual)
    return highest


def _middle_line(piece: Mask) -> NDArray[np.float64]:
    """Points (x, y) along the middle of a piece's strokes, float64 (k, 2): columns and rows."""
    from scipy import ndimage

    padded = np.pad(piece, 1)
    depth = ndimage.distance_transform_edt(padded)
    # Where no neighbour is farther from paper.
    is_ridge = padded & (depth >= largest(depth.astype(np.float32), 3) - 1e-3)
    y, x = np.nonzero(is_ridge[1:-1, 1:-1])
    cell = max(len(x) / _POINTS, 1.0)
    columns = int(piece.shape[1] / cell) + 1
    _, first = np.unique((y // cell) * columns + x // cell, return_index=True)
    return np.stack((x[first], y[first]), axis=1).astype(np.float64)
