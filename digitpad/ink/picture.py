"""Pictures of a digit: opened, pasted or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as it was opened.

    Attributes:
        pixels: uint8 (height, width, 4): red, green, blue, alpha; alpha is not premultiplied.

    Raises:
        ValueError: the array has another shape or dtype, or no pixels.
    """

    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        pixels = np.array(self.pixels)
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or not pixels.size:
            raise ValueError("pixels must be uint8 of the shape (height, width, 4), not empty")
        pixels.setflags(write=False)
        object.__setattr__(self, "pixels", pixels)
