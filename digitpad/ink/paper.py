"""The paper behind the ink: its colour at every pixel of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_COARSE_SIDE = 64
"""Longest side of the coarse picture that the paper is estimated on: paper is smooth."""

_WINDOW = 0.4
"""Side of the closing's window as a share of the picture's longer side: wider than the strokes of
a digit that fills the picture."""

_ITERATIONS = 20


def estimate_paper(colours: Floats) -> Floats:
    """The colour that the paper has, or would have under the ink.

    Args:
        colours: float32 (h, w, 3) in [0, 255].

    Returns:
        float32 (h, w, 3).
    """
    from scipy import ndimage

    coarse, factor = reduce_to(colours, _COARSE_SIDE)
    plane = _fit_plane(coarse)
    rest = coarse - plane
    side = max(coarse.shape[:2])
    window = max(round(_WINDOW * side) // 2 * 2 + 1, 3)
    # A little blur, so that single noisy pixels do not pull the closing up.
    smooth = ndimage.gaussian_filter(rest, (side / 90, side / 90, 0), mode="nearest")
    paper = np.empty_like(rest)
    inner = _inner(rest)
    for channel in range(3):
        level = smooth[..., channel]
        # The skew of what the plane leaves says on which side of the paper the ink lies.
        if (inner[..., channel] ** 3).sum() < 0:
            closed = _closing(level, window)
        else:
            closed = -_closing(-level, window)
        # On noisy paper a closing lies above it; most of the picture is paper.
        closed -= np.median(closed - rest[..., channel])
        paper[..., channel] = closed
    return _enlarge(paper + plane, factor, colours.shape)


def _closing(level: Floats, window: int) -> Floats:
    """Grey closing: darker parts that hold no square of this side take their surroundings' level."""
    from scipy import ndimage

    widened = ndimage.maximum_filter(level, size=window, mode="nearest")
    closed: Floats = ndimage.minimum_filter(widened, size=window, mode="nearest")
    return closed


def _inner(values: Floats) -> Floats:
    """Without the outermost sixteenth, where photos show tables and shadows."""
    cut_y, cut_x = values.shape[0] // 16, values.shape[1] // 16
    return values[cut_y : values.shape[0] - cut_y, cut_x : values.shape[1] - cut_x]


def _fit_plane(colours: Floats) -> Floats:
    """The plane that most pixels agree with, float32 (h, w, 3): least absolute deviations."""
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    terms = np.stack(
        (np.ones(x.size), x.ravel() / max(width, 2) - 0.5, y.ravel() / max(height, 2) - 0.5), axis=1
    )
    values = colours.reshape(-1, 3).astype(np.float64)
    # The first guess trusts the edge of the picture, where ink seldom is.
    edge = np.full((height, width), 0.1)
    edge[[0, -1], :] = edge[:, [0, -1]] = 1.0
    weights = edge.ravel()
    # A picture of one row or column has no slope across it.
    ridge = 1e-9 * np.eye(3)
    for _ in range(_ITERATIONS):
        weighted = terms * weights[:, None]
        plane = np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ values)
        distance = np.sqrt(((values - terms @ plane) ** 2).sum(axis=1))
        weights = 1.0 / np.maximum(distance, 0.5)
    return (terms @ plane).reshape(height, width, 3).astype(np.float32)


def reduce_to(values: Floats, side: int) -> tuple[Floats, int]:
    """Means over squares, so that the longer side is at most this; and the squares' side.

    Squares that reach over the edge repeat the last row or column.

    Args:
        values: float32 (h, w, c).
        side: in pixels, at least 1.
    """
    height, width, channels = values.shape
    factor = -(-max(height, width) // side)
    if factor == 1:
        return values, 1
    more = ((0, -height % factor), (0, -width % factor), (0, 0))
    padded = np.pad(values, more, mode="edge")
    blocks = padded.reshape(
        padded.shape[0] // factor, factor, padded.shape[1] // factor, factor, channels
    )
    return blocks.mean(axis=(1, 3), dtype=np.float32), factor


def _enlarge(coarse: Floats, factor: int, shape: tuple[int, ...]) -> Floats:
    from PIL import Image

    if factor == 1:
        return coarse
    size = (coarse.shape[1] * factor, coarse.shape[0] * factor)
    channels = [
        np.asarray(Image.fromarray(coarse[..., c]).resize(size, Image.Resampling.BILINEAR))
        for c in range(3)
    ]
    return np.stack(channels, axis=2)[: shape[0], : shape[1]]
