"""A look into a data set. Free of torch, so that widgets can hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class DataSample:
    """Some glyphs of a set with their labels, and how many the whole set has.

    Attributes:
        title: what the set is called.
        classes: their names; labels index them.
        counts: number of glyphs of each class in the whole set.
        glyphs: uint8 (n, 28, 28), ink 255 on 0, in random order.
        labels: int64 (n,), in [0, number of classes).

    Raises:
        ValueError: shapes or dtypes are others, or a label is that of no class.
    """

    title: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.glyphs.dtype != np.uint8 or self.glyphs.shape[1:] != (FIELD, FIELD):
            raise ValueError("glyphs must be uint8 of the shape (n, 28, 28)")
        if self.labels.dtype != np.int64 or self.labels.shape != self.glyphs.shape[:1]:
            raise ValueError("labels must be int64, one a glyph")
        if len(self.counts) != len(self.classes):
            raise ValueError("counts must be one a class")
        if len(self) and not 0 <= self.labels.min() <= self.labels.max() < len(self.classes):
            raise ValueError("labels must be indices of classes")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def total(self) -> int:
        """Number of glyphs in the whole set."""
        return sum(self.counts)
