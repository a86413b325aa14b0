"""Weights of the perceptron that rates parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Weights(NamedTuple):
    """The weights for one kind of ink.

    Attributes:
        hidden: float64 (features, units): from the features to the hidden units.
        output: float64 (units, 3): from these to the kinds of parts: a symbol, something else, a
            ligature.
        direct: float64 (features, 3): from the features straight to these.
    """

    hidden: NDArray[np.float64]
    output: NDArray[np.float64]
    direct: NDArray[np.float64]
