"""The plane of the features: where glyphs lie for a network, seen from the side that shows most.

Each network has a plane of its own: the two directions of its features in which the glyphs differ
most (principal components, Pearson 1901). The directions of one last epoch would not do for all:
while the features are still turning, they would show an early network from a side on which it has
nothing. A plane can be turned and mirrored as one likes, so that of each epoch is turned to lie as
much as possible as the one before (orthogonal Procrustes, Schönemann 1966): then points move and do
not jump, and what was shown before stays as it was when another epoch is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.recognition.layers import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.recognition.inside.inside import Inside

_AT_ONCE = 100
_TINY = 1e-9
"""A smaller share of the features' size is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A plane through the features of a network, and glyphs in it.

    Attributes:
        points: float64 (n, 2), one a glyph. Their mean is 0, and the mean of their squared
            distances from it is 1, so that planes of several networks can be compared.
        share: what of the variance of the features the plane shows, in [0, 1].
        centre: the mean of the features, float64 (d,).
        axes: orthonormal directions in the space of the features, float64 (d, 2).
        size: in the features, of what is 1 in the plane; above 0.
    """

    points: NDArray[np.float64]
    share: float
    centre: NDArray[np.float64]
    axes: NDArray[np.float64]
    size: float

    def place(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where features, float64 (n, d), lie in it: (n, 2)."""
        placed: NDArray[np.float64] = (features - self.centre) @ self.axes / self.size
        return placed


def features_of(inside: Inside, glyphs: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What goes into the classifier for glyphs, uint8 (n, 28, 28): float64 (n, d)."""
    found = []
    with torch.inference_mode():
        for start in range(0, len(glyphs), _AT_ONCE):
            part = torch.from_numpy(np.ascontiguousarray(glyphs[start : start + _AT_ONCE]))
            inputs = normalise(part.unsqueeze(1), inside.info.normalisation)
            found.append(inside.network.embed(inputs).double().numpy())
    return np.concatenate(found)


def plane_of(features: NDArray[np.float64], before: NDArray[np.float64] | None = None) -> Plane:
    """The plane of some features.

    Args:
        features: of glyphs, float64 (n, d), n at least 1.
        before: where the same glyphs lay in the plane that this one is to look like, (n, 2); None
            where there is none. Then each direction is the one in which its largest part is
            positive.
    """
    centre = features.mean(axis=0)
    away = features - centre
    _, sizes, directions = np.linalg.svd(away, full_matrices=False)
    scale = max(float(np.abs(features).max()), 1.0) * len(features)
    # Where everything lies in one place or on one line, any direction would do: 0 says so.
    sizes = np.where(sizes > _TINY * scale, sizes, 0.0)
    axes = np.zeros((features.shape[1], 2))
    count = min(2, int((sizes > 0).sum()))
    axes[:, :count] = directions[:count].T
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, (0, 1)] < 0, -1.0, 1.0)
    points = away @ axes
    size = float(np.sqrt((points**2).sum(axis=1).mean())) or 1.0
    points = points / size
    if before is not None:
        left, _, right = np.linalg.svd(points.T @ before)
        axes, points = axes @ left @ right, points @ left @ right
    total = float((sizes**2).sum())
    share = float((sizes[:2] ** 2).sum()) / total if total else 0.0
    return Plane(points, share, centre, axes, size)


def balanced(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The first samples of each class, as many of each as of any other, about `count` in all.

    Args:
        labels: (n,); negative ones are of no class.
        count: of the samples.

    Returns:
        Their indices, ascending.
    """
    classes = np.unique(labels[labels >= 0])
    each = max(count // max(len(classes), 1), 1)
    chosen = [np.flatnonzero(labels == number)[:each] for number in classes]
    return np.sort(np.concatenate(chosen)) if chosen else np.empty(0, np.int64)
