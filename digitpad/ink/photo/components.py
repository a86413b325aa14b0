"""Which ink of a picture belongs to its symbol: connected components, and how they lie.

Rectangles around it do not: the sheet that lies on a table, the frame printed on a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]
    Box = tuple[slice, ...]

_SPECK = 0.03
"""A component with less than this share of the main one's ink is a speck."""

_MAIN = 0.25
"""A component inside the picture with this share of the heaviest one's ink is preferred to one that
touches the picture's edge."""

_REACH = 0.6
"""How far from the main component, as a share of its longer side, others of a digit may lie."""

_REACH_AT_EDGE = 0.15
"""The same for one at the picture's edge, a table's corner perhaps, where the main component is
not at the edge."""

_IN_FRAME = 0.2
"""Longer side of a digit in a frame, as a share of the frame's."""

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

_FRAME_LINES = 0.15
"""Most of a frame that its own lines take."""

_MARGIN = 0.03
"""This share of its shorter side is cut off around a sheet: its edge, blurred and curled."""


class _Component(NamedTuple):
    """Ink that is connected: its label above 0, the rows and columns of its bounds, its amount.

    It is inside where it stays off the picture's edge.
    """

    label: int
    box: Box
    mass: float
    is_inside: bool
    is_along_edge: bool

    @property
    def longer(self) -> int:
        return max(int(side.stop - side.start) for side in self.box)


def symbol_mask(possible: Mask, certain: Mask, strength: Floats) -> Mask:
    """Which of a picture's ink makes up its one symbol: whole components of what may be ink.

    Specks, frames, what lies along the picture's edge and what holds no certain ink are left out.

    Args:
        possible: bool (h, w), what may be ink; so is the result, empty where there is no symbol.
        certain: bool (h, w), what is ink.
        strength: float32 (h, w), how strong the ink is.
    """
    from scipy import ndimage

    labels, count = ndimage.label(possible, np.ones((3, 3), bool))
    mass = np.bincount(labels.ravel(), strength.ravel(), count + 1)
    lines = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    contact = np.bincount(lines, minlength=count + 1)
    boxes = ndimage.find_objects(labels)
    found = [
        _Component(
            label,
            box := boxes[label - 1],
            float(mass[label]),
            all(s.start > 0 and s.stop < end for s, end in zip(box, possible.shape, strict=True)),
            bool(contact[label] > _ALONG_EDGE * sum(side.stop - side.start for side in box)),
        )
        for label in np.unique(labels[certain]).tolist()
        if label
    ]
    found.sort(key=lambda component: -component.mass)
    found = [
        one
        for one in found
        if not any(_surrounds(one, other) for other in found)
        or not _is_frame(labels[one.box] == one.label)
    ]
    keep = np.zeros(count + 1, bool)
    if found:
        main = _main(found)
        keep[[one.label for one in found if _belongs(one, main)]] = True
    return keep[labels]


def _surrounds(outer: _Component, inner: _Component) -> bool:
    """Whether one may be a frame around the other."""
    return inner.longer >= _IN_FRAME * outer.longer and all(
        o.start < i.start and i.stop < o.stop for o, i in zip(outer.box, inner.box, strict=True)
    )


def _main(components: Sequence[_Component]) -> _Component:
    """The heaviest, which is the first, or a lighter one where that lies at the picture's edge."""
    for one in components:
        if one.is_inside and one.mass >= _MAIN * components[0].mass:
            return one
    return next((one for one in components if not one.is_along_edge), components[0])


def _belongs(one: _Component, main: _Component) -> bool:
    """Whether a component is of the same symbol as the main one."""
    reach = _REACH if one.is_inside or not main.is_inside else _REACH_AT_EDGE
    # Pixels between the two boxes, along the axis on which they are further apart.
    gap = max(
        max(a.start - b.stop, b.start - a.stop) for a, b in zip(one.box, main.box, strict=True)
    )
    return (
        gap <= reach * main.longer
        and (one is main or not one.is_along_edge)
        and one.mass >= _SPECK * main.mass
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


def _is_frame(part: Mask) -> bool:
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
