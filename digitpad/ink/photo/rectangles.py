"""Rectangles around a digit: the sheet that lies on a table, the frame printed on a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

_RECTANGULAR = 0.87
"""Least share of the smallest rectangle around it that a sheet fills, also one seen aslant; an
ellipse, a round nought, fills 0.785."""

_SHEET_SIDE = 0.35
"""Shorter side of a sheet, as a share of the picture's longer side."""

_SHEET_HOLES = 0.15
"""Most of a sheet that its holes, the strokes of a digit, take; a nought's hole is larger."""

_FRAME_LINES = 0.15
"""Most of a frame that its own lines take."""

_MARGIN = 0.03
"""This share of its shorter side is cut off around a sheet: its edge, blurred and curled."""


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


def is_frame(part: Mask) -> bool:
    """Whether a connected part, cut to its bounds, is the outline of a rectangle."""
    if min(part.shape) < 3 or part.sum() > 2 * _FRAME_LINES * part.size:
        return False
    filled = _filled(part)
    return bool(part.sum() <= _FRAME_LINES * filled.sum()) and _is_rectangle(filled)


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
