"""The paper behind the ink: its colour at every pixel of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_COARSE_SIDE = 128
"""Longest side of the coarse picture that the paper is estimated on: paper is smooth."""

_WINDOWS = (0.07, 0.14, 0.4)
"""Sides of the closing's window as shares of the picture's longer side. The widest is wider than
the strokes of a digit that fills the picture; narrower ones follow shadows and table edges."""

_SMALLEST_WINDOW = 9
"""In coarse pixels: wider than any stroke of a picture as small as a glyph."""

_WEAKEST = 6.0
"""Levels by which ink must differ from paper to be taken for it here."""

_ITERATIONS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """The paper of a picture, roughly.

    Attributes:
        colours: float32 (h, w, 3), the colour that the paper has, or would have under the ink.
        trend: float32 (h, w, 3), its smooth change across the picture.
        window: side in pixels, odd, of a square that no stroke fills.
    """

    colours: Floats
    trend: Floats
    window: int


def estimate_paper(colours: Floats) -> Paper:
    """Find the paper on a coarse copy of the picture, float32 (h, w, 3) in [0, 255]."""
    from scipy import ndimage

    coarse, factor = _reduced(colours)
    trend = _fit_trend(coarse)
    rest = coarse - trend
    side = max(coarse.shape[:2])
    # A little blur, so that single noisy pixels do not pull the closing up.
    smooth = ndimage.gaussian_filter(rest, (0.5, 0.5, 0), mode="nearest")
    # The skew of what the trend leaves says on which side of the paper the ink lies.
    # The outermost sixteenth is left out: there photos show tables and shadows.
    cut_y, cut_x = rest.shape[0] // 16, rest.shape[1] // 16
    inner = rest[cut_y : rest.shape[0] - cut_y, cut_x : rest.shape[1] - cut_x]
    darker = (inner**3).sum(axis=(0, 1)) < 0
    window = _window(side, _WINDOWS[-1])
    paper = wide = _closed(rest, smooth, darker, window)
    for share in _WINDOWS[:-1]:
        narrow_window = _window(side, share)
        if narrow_window >= _SMALLEST_WINDOW:
            narrow = _closed(rest, smooth, darker, narrow_window)
            if _is_better(rest, narrow, wide, narrow_window):
                paper, window = narrow, narrow_window
                break
    return Paper(
        _enlarge(paper + trend, factor, colours.shape),
        _enlarge(trend, factor, colours.shape),
        window * factor // 2 * 2 + 1,
    )


def refine_level(grey: Floats, trend: Floats, window: int, *, ink_is_dark: bool) -> Floats:
    """The paper's level at every pixel, with the sharp edges that shadows and tables have.

    Args:
        grey: float32 (h, w), the picture; the result has its form.
        trend: float32 (h, w), as in `Paper`.
        window: as in `Paper`.
        ink_is_dark: whether ink is darker than paper.
    """
    from scipy import ndimage

    rest = grey - trend
    smooth = ndimage.gaussian_filter(rest, 0.5, mode="nearest")
    return _without_ink(rest, smooth, window, ink_is_dark=ink_is_dark) + trend


def _window(side: int, share: float) -> int:
    return max(round(share * side) // 2 * 2 + 1, 3)


def _closed(rest: Floats, smooth: Floats, darker: NDArray[np.bool_], window: int) -> Floats:
    """What the picture would be without dark (or light) strokes narrower than the window."""
    paper = np.empty_like(rest)
    for i in range(3):
        dark = bool(darker[i])
        paper[..., i] = _without_ink(rest[..., i], smooth[..., i], window, ink_is_dark=dark)
    return paper


def _without_ink(level: Floats, smooth: Floats, window: int, *, ink_is_dark: bool) -> Floats:
    from scipy import ndimage

    sign = 1 if ink_is_dark else -1
    # Grey closing: darker parts that hold no square of this side take the level around them.
    widened = ndimage.maximum_filter(sign * smooth, size=window, mode="nearest")
    closed = sign * ndimage.minimum_filter(widened, size=window, mode="nearest")
    # On noisy paper a closing lies above it; most of the picture is paper.
    paper: Floats = closed - np.median(closed - level)
    return paper


def _is_better(rest: Floats, narrow: Floats, wide: Floats, window: int) -> bool:
    """Whether the narrow window keeps all of the strokes, and the wide one takes more than them."""
    from scipy import ndimage

    fine, coarse = (np.sqrt(((rest - paper) ** 2).sum(axis=2)) for paper in (narrow, wide))
    # Halfway up to the strongest: shadows are weaker than ink, tables are not.
    level = 0.5 * float(np.percentile(fine, 99.7))
    if level <= _WEAKEST or not ((fine > level) & (coarse > level)).any():
        return False
    labels, _ = ndimage.label(coarse > level, np.ones((3, 3), bool))
    kept = np.bincount(labels[fine > level], minlength=2)
    kept[0] = 0
    digit = int(kept.argmax())
    part = ndimage.find_objects(labels)[digit - 1]
    if max(piece.stop - piece.start for piece in part) < 1.3 * window:
        return False  # what a wide stroke leaves at its ends
    if kept[digit] < 0.9 * (labels == digit).sum():
        return False  # wider strokes, of which the narrow window loses a part
    more = (coarse > 0.3 * level) & ~(fine > 0.3 * level)
    more[part] = False
    return bool(more.sum() > 0.3 * kept[digit])


def _fit_trend(colours: Floats) -> Floats:
    """The plane that most pixels agree with, float32 (h, w, 3).

    Least absolute deviations, by iteratively reweighted least squares: ink, being the smaller
    part of a picture, does not tilt it. A curved surface would bend into the digit in the middle.
    """
    height, width = colours.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = x.ravel() / max(width, 2) - 0.5, y.ravel() / max(height, 2) - 0.5
    terms = np.stack((np.ones_like(x), x, y), axis=1)
    values = colours.reshape(-1, 3).astype(np.float64)
    # The first guess trusts the edge of the picture, where ink seldom is.
    edge = np.full((height, width), 0.1)
    edge[[0, -1], :] = edge[:, [0, -1]] = 1.0
    weights = edge.ravel()
    # A picture of one row or column has no slope across it.
    ridge = 1e-9 * np.eye(terms.shape[1])
    for _ in range(_ITERATIONS):
        weighted = terms * weights[:, None]
        factors = np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ values)
        distance = np.sqrt(((values - terms @ factors) ** 2).sum(axis=1))
        weights = 1.0 / np.maximum(distance, 0.5)
    return (terms @ factors).reshape(height, width, 3).astype(np.float32)


def _reduced(colours: Floats) -> tuple[Floats, int]:
    """Means over squares, so that the longer side is at most `_COARSE_SIDE`; the squares' side."""
    height, width = colours.shape[:2]
    factor = -(-max(height, width) // _COARSE_SIDE)
    if factor == 1:
        return colours, 1
    # Squares that reach over the edge repeat the last row or column.
    more = ((0, -height % factor), (0, -width % factor), (0, 0))
    padded = np.pad(colours, more, mode="edge")
    blocks = padded.reshape(padded.shape[0] // factor, factor, -1, factor, 3)
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
