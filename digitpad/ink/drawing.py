"""Strokes, and the immutable drawing that they make up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from digitpad.ink.picture import Picture

DEFAULT_WIDTH = 60.0
"""Width of the ink in pad units, where the shorter side of the pad is 1000."""

LIGHTEST = 0.25
"""Share of a stroke's width that is left at no pressure at all."""


def _frozen(values: ArrayLike) -> NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """What the pen drew between touching the pad and leaving it.

    Attributes:
        points: float64 (n, 2), n >= 1, finite: x to the right, y down, in units of its drawing.
        pressures: float64 (n,), each in [0, 1]; a mouse counts as full pressure, 1.
        width: width of the ink at full pressure, above 0, in the same units as the points.

    Raises:
        ValueError: the arrays have other shapes or values than these.
    """

    points: NDArray[np.float64]
    pressures: NDArray[np.float64]
    width: float = DEFAULT_WIDTH
    _hash: int | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        points, pressures = _frozen(self.points), _frozen(self.pressures)
        if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
            raise ValueError(f"points must have the shape (n, 2) with n >= 1, not {points.shape}")
        if pressures.shape != (len(points),):
            raise ValueError(f"pressures must have the shape ({len(points)},)")
        if not np.isfinite(points).all():
            raise ValueError("points must be finite")
        if not ((pressures >= 0) & (pressures <= 1)).all():
            raise ValueError("pressures must lie in [0, 1]")
        if not (np.isfinite(self.width) and self.width > 0):
            raise ValueError("width must be finite and above 0")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "pressures", pressures)

    @classmethod
    def of(
        cls, points: ArrayLike, pressures: ArrayLike | None = None, width: float = DEFAULT_WIDTH
    ) -> Stroke:
        """A stroke from anything that numpy takes as (n, 2); without pressures, full pressure."""
        array = np.asarray(points, dtype=np.float64)
        full = np.ones(len(array)) if pressures is None else np.asarray(pressures, np.float64)
        return cls(array, full, width)

    @property
    def widths(self) -> NDArray[np.float64]:
        """Width of the ink at each point, float64 (n,): it grows with the pressure."""
        return self.width * (LIGHTEST + (1.0 - LIGHTEST) * self.pressures)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stroke):
            return NotImplemented
        return self is other or (
            self.width == other.width
            and np.array_equal(self.points, other.points)
            and np.array_equal(self.pressures, other.pressures)
        )

    def __hash__(self) -> int:
        # Kept, since what is known of strokes is looked up many times for each frame.
        if self._hash is None:
            # Equal numbers have equal bytes but for -0.0, which adding 0.0 makes 0.0.
            values = (self.points + 0.0).tobytes(), (self.pressures + 0.0).tobytes(), self.width
            object.__setattr__(self, "_hash", hash(values))
        return cast("int", self._hash)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is on the pad: strokes, or one picture, or nothing. Never changes; edits return copies.

    Attributes:
        strokes: in the order in which they were drawn.
        picture: an opened, pasted or dropped picture; a drawing has strokes or a picture, not both.

    Raises:
        ValueError: both strokes and a picture are given.
    """

    strokes: tuple[Stroke, ...] = ()
    picture: Picture | None = None

    def __post_init__(self) -> None:
        if self.strokes and self.picture is not None:
            raise ValueError("a drawing has strokes or a picture, not both")

    @classmethod
    def of(cls, strokes: Iterable[ArrayLike], width: float = DEFAULT_WIDTH) -> Drawing:
        """A drawing from bare point lists, each (n, 2), at full pressure."""
        return cls(tuple(Stroke.of(points, width=width) for points in strokes))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not self.strokes and self.picture is None

    def with_stroke(self, stroke: Stroke) -> Drawing:
        """This drawing with one more stroke; a picture gives way to it."""
        return Drawing((*self.strokes, stroke))

    def transformed(self, matrix: ArrayLike, offset: ArrayLike = (0.0, 0.0)) -> Drawing:
        """This drawing with every point p moved to ``matrix @ p + offset`` (matrix 2x2).

        The ink's width grows by the square root of the absolute determinant; where that is 0, it
        stays. A picture, which has no place, stays as it is.

        Raises:
            ValueError: the points would no longer be finite.
        """
        linear, shift = np.asarray(matrix, np.float64), np.asarray(offset, np.float64)
        scale = float(np.sqrt(abs(np.linalg.det(linear)))) or 1.0
        strokes = (
            Stroke(stroke.points @ linear.T + shift, stroke.pressures, stroke.width * scale)
            for stroke in self.strokes
        )
        return Drawing(tuple(strokes), self.picture)
