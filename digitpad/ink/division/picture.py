"""The ink of a picture as pieces, for its division."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from digitpad.ink.division.pieces import Cut, Piece
from digitpad.ink.parts import Part
from digitpad.ink.photo.numbers.pieces import picture_pieces

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.division.views import Box, Frame
    from digitpad.ink.photo.numbers.slices import Seam
    from digitpad.ink.picture import Picture


class InkOfPicture:
    """The symbols of a picture as pieces: connected ink, and slices of what may be several.

    Raises:
        DigitpadError: there is no ink in the picture.
    """

    is_picture: ClassVar[bool] = True

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._found = found = picture_pieces(picture)
        counts = np.bincount(found.source)
        self.pieces: tuple[Piece, ...] = tuple(
            Piece(
                points,
                source,
                index,
                int(counts[source]),
                is_point=is_point,
                symbol=symbol,
                seam=None if seam is None else _cut_along(seam),
            )
            for points, source, index, seam, symbol, is_point in zip(
                found.points,
                found.source.tolist(),
                found.index.tolist(),
                found.seams,
                found.symbols.tolist(),
                found.is_point.tolist(),
                strict=True,
            )
        )

    def key(self, members: Sequence[int]) -> Hashable:
        """See `Ink`."""
        return self._picture, tuple(sorted(members))

    def part(self, members: Sequence[int]) -> Part:
        """See `Ink`."""
        return Part(self._found.bounds_of(members), self._found.ink_of(members))

    def box(self, member: int) -> Box:
        """See `Ink`."""
        return self._found.bounds_of([member])

    def view(self, frame: Frame, own: Sequence[int], others: Sequence[int]) -> NDArray[np.uint8]:
        """See `Ink`."""
        return self._found.view(frame, own, others)

    def cut(self, sources: Sequence[int], kept: Sequence[int]) -> None:  # noqa: ARG002 - see `Ink`
        """See `Ink`: it is cut wherever it may be from the beginning."""
        return


def _cut_along(seam: Seam) -> Cut:
    more = max(seam.crossings - 1.0, 0.0)
    return Cut(seam.row, seam.reach, more / 4, seam.worth / 4, seam.way / 4)
