"""Connected components of a picture's ink, and a sheet of paper that was taken for ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.ink_mask import InkMask

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]
    Ints = NDArray[np.int64]

MOST = 128
"""The heaviest so many components are looked at; whatever a page holds beside them are specks."""

_ALONG_EDGE = 0.45
"""A component whose contact with the picture's edge is more than this share of its own width and
height together lies along the edge: a table, a finger, a shadow."""

_RECTANGULAR = 0.87
"""Least share of the smallest rectangle around it that a sheet fills, also one seen aslant; an
ellipse, a round nought, fills 0.785."""

_SHEET_SIDE = 0.35
"""Shorter side of a sheet, as a share of the picture's longer side."""

_SHEET_HOLES = 0.15
"""Most of a sheet that its holes, the strokes of a digit, take; a nought's hole is larger."""

_MARGIN = 0.03
"""This share of its shorter side is cut off around a sheet: its edge, blurred and curled."""

EVERY_NEIGHBOUR = np.ones((3, 3), bool)


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Ink that is connected, piece by piece, the heaviest first.

    Attributes:
        labels: integers (h, w), which component a pixel belongs to, 0 is none; not all of them are
            among the pieces.
        label: int64 (n,), that of each piece; so are the others.
        top, bottom, left, right: rows and columns of its bounds, bottom and right excluded.
        mass: its ink, float64.
        area: its pixels.
        is_inside: whether it stays off the picture's edge.
        is_along_edge: whether it lies along that edge.
    """

    labels: NDArray[np.integer]
    label: Ints
    top: Ints
    bottom: Ints
    left: Ints
    right: Ints
    mass: NDArray[np.float64]
    area: Ints
    is_inside: Mask
    is_along_edge: Mask

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return len(self.label)

    @property
    def heights(self) -> Ints:
        """Rows of each piece."""
        return self.bottom - self.top

    @property
    def widths(self) -> Ints:
        """Columns of each piece."""
        return self.right - self.left

    @property
    def longer(self) -> Ints:
        """The longer side of each piece."""
        return np.maximum(self.heights, self.widths)

    def piece(self, index: int) -> Mask:
        """One piece, cut to its bounds."""
        return np.asarray(self.labels[self.place(index)] == self.label[index])

    def place(self, index: int) -> tuple[slice, slice]:
        """Rows and columns of one piece."""
        rows = slice(int(self.top[index]), int(self.bottom[index]))
        return rows, slice(int(self.left[index]), int(self.right[index]))

    def mask(self, chosen: Mask) -> Mask:
        """The pixels of some pieces, bool (h, w)."""
        mask = np.zeros(self.labels.shape, bool)
        for i in np.flatnonzero(chosen).tolist():
            mask[self.place(i)] |= self.piece(i)
        return mask


def find_components(ink: InkMask, most: int = MOST) -> Components:
    """The components of what may be ink that hold certain ink, at most so many."""
    from scipy import ndimage

    labels, count = ndimage.label(ink.possible, EVERY_NEIGHBOUR)
    held = labels[ink.possible]
    mass = np.bincount(held, ink.strength[ink.possible], count + 1)
    is_certain = np.bincount(labels[ink.certain], minlength=count + 1) > 0
    is_certain[0] = False
    label = np.flatnonzero(is_certain)
    label = label[np.argsort(-mass[label], kind="stable")[:most]]
    lines = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    contact = np.bincount(lines, minlength=count + 1)
    area = np.bincount(held, minlength=count + 1)
    boxes = ndimage.find_objects(labels) if count else []
    sides = np.array(
        [[s.start, s.stop] for one in label.tolist() for s in boxes[one - 1]], np.int64
    ).reshape(-1, 4)
    top, bottom, left, right = sides.T
    height, width = labels.shape
    return Components(
        labels,
        label,
        top,
        bottom,
        left,
        right,
        mass[label].astype(np.float64),
        area[label],
        (top > 0) & (left > 0) & (bottom < height) & (right < width),
        contact[label] > _ALONG_EDGE * (bottom - top + right - left),
    )


def find_sheet(ink: Floats) -> Mask | None:
    """The inside of a sheet of paper that was taken for ink, because the table is the larger part.

    Bool (h, w), as the ink, which is float32 in [0, 1]; None where that is no sheet.
    """
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0.5)
    if count == 0:
        return None
    largest = int(np.bincount(labels.ravel())[1:].argmax()) + 1
    place = ndimage.find_objects(labels)[largest - 1]
    part = labels[place] == largest
    # First what costs little: hardly any digit passes it.
    if min(part.shape) < _SHEET_SIDE * max(ink.shape) or part.mean() < 0.45:
        return None
    filled = _filled(part)
    if part.sum() < (1.0 - _SHEET_HOLES) * filled.sum() or not _is_rectangle(filled):
        return None
    margin = max(round(_MARGIN * min(part.shape)), 2)
    depth = ndimage.distance_transform_edt(np.pad(filled, 1))[1:-1, 1:-1]
    sheet = np.zeros(ink.shape, bool)
    sheet[place] = depth > margin
    return sheet


def spread(colours: Floats, sheet: Mask) -> Floats:
    """The picture with the sheet's own edge spread over all outside of the sheet, not empty."""
    from scipy import ndimage

    rows, columns = ndimage.distance_transform_edt(
        ~sheet, return_distances=False, return_indices=True
    )
    result: Floats = colours[rows, columns]
    return result


def _filled(part: Mask) -> Mask:
    """The part with its holes, which are what cannot be reached from outside."""
    from scipy import ndimage

    outside, _ = ndimage.label(np.pad(~part, 1, constant_values=True))
    filled: Mask = outside[1:-1, 1:-1] != outside[0, 0]
    return filled


def _is_rectangle(filled: Mask) -> bool:
    """Whether it fills the smallest rectangle, at any angle, that can be put around it."""
    # The outermost pixels of every row are all that can touch the rectangle.
    rows = np.flatnonzero(filled.any(axis=1))
    left, right = filled[rows].argmax(axis=1), filled.shape[1] - filled[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate((left, right)), np.concatenate((rows, rows)) + 0.5
    angles = np.radians(np.arange(0.0, 90.0))[:, None]
    across = x * np.cos(angles) + y * np.sin(angles)
    along = y * np.cos(angles) - x * np.sin(angles)
    smallest = float((np.ptp(across, axis=1) * np.ptp(along, axis=1)).min())
    return bool(filled.sum() >= _RECTANGULAR * smallest)
