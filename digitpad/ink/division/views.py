"""How a candidate looks among the ink that is linked to it.

A view shows two layers of equal scale: the candidate's own ink, and that of the others in its
cluster. It is as wide as a digit beside it on both sides. What is much smaller than the cluster is
shown as small as it is, so that a flag is not taken for a digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.division.pieces import bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray
    from PIL import Image

    from digitpad.ink.division.pieces import Piece

    Views = NDArray[np.uint8]

    Box: TypeAlias = tuple[float, float, float, float]
    """Left, top, right and bottom."""

LAYERS, ROWS, COLUMNS = 2, 32, 48
"""Of a view: own ink and that of others; pixels."""

_SIDE = 22.0
"""Pixels of a candidate's longer side."""

_LEAST = 0.45
"""Share of the cluster's height that fills these, at least."""

_FINE = 2
"""Pixels, along a side, that become one, for smooth edges."""

_PEN = 4
"""Width of a line in these."""


class Frame(NamedTuple):
    """What a view shows.

    Attributes:
        scale: pixels of a view to a unit of the ink.
        x: the middle of the view, in units of the ink.
        y: likewise.
    """

    scale: float
    x: float
    y: float

    @classmethod
    def of(cls, boxes: Sequence[Box], height: float) -> Frame:
        """The frame of a candidate.

        Args:
            boxes: of its pieces, at least one.
            height: of all ink that is linked to it, in the same units.
        """
        left, top, right, bottom = bounds_of(boxes)
        side = max(right - left, bottom - top, _LEAST * height, 1e-6)
        return cls(_SIDE / side, (left + right) / 2, (top + bottom) / 2)

    @property
    def box(self) -> Box:
        """Left, top, right and bottom of what is seen."""
        across, down = COLUMNS / 2 / self.scale, ROWS / 2 / self.scale
        return self.x - across, self.y - down, self.x + across, self.y + down

    def shows(self, box: Box) -> bool:
        """Whether ink with these bounds may be seen."""
        left, top, right, bottom = self.box
        of_left, of_top, of_right, of_bottom = box
        return of_left <= right and of_right >= left and of_top <= bottom and of_bottom >= top


def line_view(frame: Frame, own: Iterable[Piece], others: Iterable[Piece]) -> Views:
    """A view of strokes: each as a line of the same width, uint8 (LAYERS, ROWS, COLUMNS)."""
    from PIL import Image, ImageDraw

    view = np.zeros((LAYERS, ROWS, COLUMNS), np.uint8)
    middle = np.array([COLUMNS, ROWS]) / 2 * _FINE - 0.5
    for layer, some in zip(view, (own, others), strict=True):
        lines = [piece.points for piece in some]
        if not lines:
            continue
        # All at once: calls of numpy would take most of the time.
        every = np.concatenate(lines)
        fine = ((every - (frame.x, frame.y)) * (frame.scale * _FINE) + middle).ravel().tolist()
        image = Image.new("L", (COLUMNS * _FINE, ROWS * _FINE))
        draw = ImageDraw.Draw(image)
        end = 0
        for line in lines:
            start, end = end, end + line.size
            if len(line) > 1:
                draw.line(fine[start:end], 255, _PEN)
            else:
                x, y = fine[start:end]
                reach = _PEN / 2
                draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
        layer[:] = _levels(image.reduce(_FINE))
    return view


def area_view(frame: Frame, labels: NDArray[np.integer], own: Views, others: Views) -> Views:
    """A view of ink in a picture, uint8 (LAYERS, ROWS, COLUMNS).

    Args:
        frame: in pixels of the picture.
        labels: (h, w), a number for each pixel of it.
        own: uint8, how much ink of the candidate a pixel with each number holds.
        others: likewise for the others.
    """
    from PIL import Image

    edges = np.array(frame.box)
    left, top = np.floor(edges[:2]).astype(np.int64).tolist()
    right, bottom = np.ceil(edges[2:]).astype(np.int64).tolist()
    rows = slice(max(top, 0), min(bottom, labels.shape[0]))
    columns = slice(max(left, 0), min(right, labels.shape[1]))
    near = labels[rows, columns]
    box = tuple((edges - (left, top, left, top)).tolist())
    method = Image.Resampling.BOX if frame.scale < 1.0 else Image.Resampling.BILINEAR
    view = np.empty((LAYERS, ROWS, COLUMNS), np.uint8)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    inner = whole[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    for layer, inked in zip(view, (own, others), strict=True):
        inner[:] = inked[near]
        layer[:] = _levels(Image.fromarray(whole).resize((COLUMNS, ROWS), method, box))
    return view


def _levels(image: Image.Image) -> Views:
    # A few times faster than the array interface.
    return np.frombuffer(image.tobytes(), np.uint8).reshape(ROWS, COLUMNS)
