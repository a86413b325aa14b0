"""Which ink of a picture belongs to its symbol: connected components, and how they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.photo.rectangles import is_frame

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
    """Which of a picture's ink makes up its one symbol.

    Specks, frames, and what lies along the picture's edge are left out, and components without
    certain ink.

    Args:
        possible: bool (h, w), what may be ink.
        certain: bool (h, w), what is ink.
        strength: float32 (h, w), how strong the ink is.

    Returns:
        bool (h, w), whole components of `possible`; nothing where there is no symbol.
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
        or not is_frame(labels[one.box] == one.label)
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
