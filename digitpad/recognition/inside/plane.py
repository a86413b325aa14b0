"""The plane of the features: where glyphs lie for a network, seen from one of two sides.

Each network has a plane of its own. From the side of the spread it has the two directions in which
the features differ most (principal components, Pearson 1901). Those of one last epoch would not do
for all epochs: they would show an early network from a side on which it has nothing. Such a plane
can be turned and mirrored as one likes, so that of each epoch is turned to lie as much as possible
as the one before (orthogonal Procrustes, Schönemann 1966): points move and do not jump, and what
was shown before stays as it was when another epoch is added.

Ten classes that are apart need nine dimensions, of which the spread shows two, so that some classes
hide others. From the side of the classes the network's own last layer says where to look from: its
classes stand in a circle, and each pulls a glyph towards itself as strongly as its logit is large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
import torch

from digitpad.recognition.layers import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.recognition.inside.inside import Inside

Side: TypeAlias = Literal["classes", "spread"]
"""From where the features are seen."""

SIDES: tuple[Side, ...] = get_args(Side)

_AT_ONCE = 100
_TINY = 1e-12
"""A smaller share of what there is is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A plane through the features of a network, and glyphs in it.

    Attributes:
        points: float64 (n, 2), one a glyph. Their mean is 0, and the mean of their squared
            distances from it is 1, so that planes of several networks can be compared.
        share: what of the variance of the features the plane shows, in [0, 1].
        centre: the mean of the features, float64 (d,).
        axes: what the features are multiplied with, float64 (d, 2).
    """

    points: NDArray[np.float64]
    share: float
    centre: NDArray[np.float64]
    axes: NDArray[np.float64]

    def place(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where features, float64 (n, d), lie in it: (n, 2)."""
        placed: NDArray[np.float64] = (features - self.centre) @ self.axes
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


def spread_plane(features: NDArray[np.float64], before: NDArray[np.float64] | None = None) -> Plane:
    """The plane of the largest spread of some features.

    Args:
        features: of glyphs, float64 (n, d), n at least 1.
        before: where the same glyphs lay in the plane that this one is to look like, (n, 2); None
            where there is none. Then each direction is the one in which its largest part is
            positive.
    """
    plane = _plane(features, _directions(features, 2))
    if before is None:
        return plane
    left, _, right = np.linalg.svd(plane.points.T @ before)
    turn = left @ right
    return replace(plane, points=plane.points @ turn, axes=plane.axes @ turn)


def classes_plane(features: NDArray[np.float64], weights: NDArray[np.float64]) -> Plane:
    """The plane in which the classes of a network stand in a circle, the first one at the top.

    Args:
        features: of glyphs, float64 (n, d), n at least 1.
        weights: of the classifier, (classes, d).
    """
    angles = 2 * np.pi * np.arange(len(weights)) / len(weights)
    circle = np.stack((np.sin(angles), np.cos(angles)), axis=1)
    axes = weights.T @ circle
    if len(weights) < 3:
        # Two classes stand in a line: across it is what else differs most.
        along = axes[:, 1] / (np.linalg.norm(axes[:, 1]) or 1.0)
        rest = features - np.outer(features @ along, along)
        axes[:, 0] = _directions(rest, 1)[:, 0] * np.linalg.norm(axes[:, 1])
    return _plane(features, axes)


def _plane(features: NDArray[np.float64], axes: NDArray[np.float64]) -> Plane:
    centre = features.mean(axis=0)
    away = features - centre
    points = away @ axes
    size = float(np.sqrt((points**2).sum(axis=1).mean())) or 1.0
    total = float((away**2).sum())
    within = away @ _orthonormal(axes)
    share = float((within**2).sum()) / total if total else 0.0
    return Plane(points / size, min(share, 1.0), centre, axes / size)


def _directions(features: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The orthonormal directions of most variance, (d, count); 0 where there is no variance."""
    away = features - features.mean(axis=0)
    # Of the smaller of the two products: there may be thousands of features.
    is_wide = away.shape[1] > len(away)
    values, vectors = np.linalg.eigh(away @ away.T if is_wide else away.T @ away)
    found = np.zeros((away.shape[1], count))
    least = _TINY * max(float((features**2).sum()), 1.0)
    for number in range(min(count, len(values))):
        if values[-1 - number] > least:
            vector = vectors[:, -1 - number]
            one = away.T @ vector if is_wide else vector
            one = one / np.linalg.norm(one)
            found[:, number] = one * (-1.0 if one[np.abs(one).argmax()] < 0 else 1.0)
    return found


def _orthonormal(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal directions of the same plane, or line."""
    left, sizes, _ = np.linalg.svd(axes, full_matrices=False)
    return np.where(sizes > _TINY * max(float(sizes.max()), 1e-300), left, 0.0)


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
