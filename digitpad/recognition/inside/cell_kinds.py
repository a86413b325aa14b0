"""How one cell of a layer is computed: a class for each kind of layer, with all its numbers.

Every array is float64, and `value` is what the other numbers give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.recognition.inside.fields import Cell, Region

    Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A pixel of the glyph.

    Attributes:
        cell: the cell.
        value: its level, from 0 to 255.
    """

    cell: Cell
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Silenced:
    """A cell of a channel that is switched off.

    Attributes:
        cell: the cell.
        value: 0.
    """

    cell: Cell
    value: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """``(level / 255 - mean) / deviation``.

    Attributes:
        cell: the cell.
        source: the pixel.
        level: of the pixel, from 0 to 255.
        mean: of the model's normalisation.
        deviation: likewise.
        value: of the cell.
    """

    cell: Cell
    source: Cell
    level: float
    mean: float
    deviation: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Convolved:
    """The sum of a patch times a kernel, and a bias: ``sum I(i + m, j + n) K(m, n) + b``.

    Attributes:
        cell: the cell.
        source: the layer that the patch is of.
        window: the patch in that layer; what is outside of it is padding.
        patch: what is there, (channels, rows, columns), 0 in the padding.
        kernel: the weights of the cell's channel, of the same shape.
        bias: of the cell's channel; 0 without one.
        has_bias: whether the layer has any.
        value: of the cell.
    """

    cell: Cell
    source: str
    window: Region
    patch: Array
    kernel: Array
    bias: float
    has_bias: bool
    value: float

    @property
    def products(self) -> Array:
        """Each level of the patch times its weight."""
        return self.patch * self.kernel


@dataclass(frozen=True, slots=True, eq=False)
class BatchNormalised:
    """``(x - mean) / sqrt(variance + epsilon) * weight + bias`` (Ioffe and Szegedy 2015).

    Attributes:
        cell: the cell.
        source: the cell that it is made of.
        taken: the value there.
        mean: of the channel, over the training data, as its variance.
        variance: likewise.
        epsilon: keeps the divisor from 0.
        weight: learned for the channel, as the bias.
        bias: likewise.
        value: of the cell.
    """

    cell: Cell
    source: Cell
    taken: float
    mean: float
    variance: float
    epsilon: float
    weight: float
    bias: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A function of one value: ReLU is ``max(0, x)``.

    Attributes:
        cell: the cell.
        source: the cell that it is made of.
        kind: of the layer: "relu", "tanh" ...
        taken: the value there.
        value: of the cell.
    """

    cell: Cell
    source: Cell
    kind: str
    taken: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """The same value in another place: cropped, flattened, or not dropped.

    Attributes:
        cell: the cell.
        source: where the value was.
        kind: of the layer.
        value: of both.
    """

    cell: Cell
    source: Cell
    kind: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """The largest value of a window, or their mean.

    Attributes:
        cell: the cell.
        source: the layer that the window is of.
        window: its place there.
        values: in the window, (rows, columns).
        winner: row and column within the window of the largest value; None for a mean.
        value: of the cell.
    """

    cell: Cell
    source: str
    window: Region
    values: Array
    winner: tuple[int, int] | None
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """What went around a residual sequence, and the change that the sequence makes.

    Attributes:
        cell: the cell.
        kept: the cell that went around it.
        change: the cell that the sequence made.
        kept_value: the value of the one.
        change_value: the value of the other.
        value: their sum.
    """

    cell: Cell
    kept: Cell
    change: Cell
    kept_value: float
    change_value: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """All features times their weights, and a bias.

    Attributes:
        cell: the cell.
        source: the layer with the features.
        features: what it has, (n,).
        weights: of the cell, (n,).
        bias: of the cell; 0 without one.
        has_bias: whether the layer has any.
        maps: the last layer before it that has maps; None where the features are of another fully
            connected layer.
        places: for each feature its cell in these maps, (n, 3); None likewise.
        value: of the cell.
    """

    cell: Cell
    source: str
    features: Array
    weights: Array
    bias: float
    has_bias: bool
    maps: str | None
    places: NDArray[np.intp] | None
    value: float

    @property
    def products(self) -> Array:
        """What each feature contributes, (n,)."""
        return self.features * self.weights

    def contributions(self, shape: tuple[int, ...]) -> Array:
        """What each cell of the maps contributes, in the shape of the maps."""
        if self.places is None:
            raise ValueError("the features were no maps")
        found = np.zeros(shape)
        found[tuple(self.places.T)] = self.products
        return found


@dataclass(frozen=True, slots=True, eq=False)
class WithLessons:
    """A logit and what lessons add to it, each by how near it is.

    Attributes:
        cell: the cell.
        source: the logit without lessons.
        taken: its value.
        nearness: of the points of the lessons, (n,), in [0, 1].
        effects: of each of them on this class, (n,).
        value: of the cell.
    """

    cell: Cell
    source: Cell
    taken: float
    nearness: Array
    effects: Array
    value: float

    @property
    def products(self) -> Array:
        """What each point contributes, (n,)."""
        return self.nearness * self.effects


@dataclass(frozen=True, slots=True, eq=False)
class Softmaxed:
    """``exp(z / T) / sum exp(z' / T)``.

    The largest logit is taken off each first, which changes nothing but keeps numbers small.

    Attributes:
        cell: the cell.
        source: the layer of the logits.
        logits: of all classes, (classes,).
        temperature: T.
        value: the probability, in [0, 1].
    """

    cell: Cell
    source: str
    logits: Array
    temperature: float
    value: float

    @property
    def powers(self) -> Array:
        """``exp((z - largest) / T)`` of all classes."""
        powers: Array = np.exp((self.logits - self.logits.max()) / self.temperature)
        return powers


Explanation: TypeAlias = (
    Level
    | Silenced
    | Normalised
    | Convolved
    | BatchNormalised
    | Applied
    | Moved
    | Pooled
    | Added
    | Weighted
    | WithLessons
    | Softmaxed
)
