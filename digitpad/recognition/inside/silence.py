"""What a network can do without some of its channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitpad.recognition.inside.inside import NONE_SILENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.recognition.inside.inside import Inside, Silent

_AT_ONCE = 100
"""Glyphs that go through a network together: more need more memory, and are no faster."""


@dataclass(frozen=True, slots=True)
class Right:
    """How many glyphs are read right.

    Attributes:
        right: number of them.
        count: of how many.
    """

    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """Their share, in [0, 1]."""
        return self.right / self.count


def read_right(
    inside: Inside,
    glyphs: NDArray[np.uint8],
    labels: NDArray[np.integer],
    reports: tuple[int, ...],
    silent: Silent = NONE_SILENT,
) -> Iterator[Right]:
    """How many glyphs a network reads right, whether it would reject them or not.

    Args:
        inside: the network.
        glyphs: uint8 (n, 28, 28).
        labels: numbers of their classes, (n,).
        reports: after so many glyphs, in rising order, it is said how many; those beyond n are
            left out.
        silent: channels that are switched off.
    """
    right = done = 0
    for wanted in (report for report in reports if report <= len(glyphs)):
        while done < wanted:
            part = slice(done, min(done + _AT_ONCE, wanted))
            found = inside.probabilities(glyphs[part], silent).argmax(axis=1)
            right += int((found == labels[part]).sum())
            done = part.stop
        yield Right(right, done)
