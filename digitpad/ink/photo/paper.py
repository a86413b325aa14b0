"""The paper behind the ink, and the one grey level in which the two differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.ink.photo.windows import largest, smallest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_COARSE_SIDE = 128
"""Longest side of the coarse picture that paper and colours are estimated on: paper is smooth."""

_TREND_SIDE = 48
"""The same for the plane that is fitted to the paper: it has three numbers a channel."""

_WINDOWS = (0.07, 0.14, 0.4)
"""Sides of the closing's window as shares of the picture's longer side. The widest is wider than
the strokes of a digit that fills the picture; narrower ones follow shadows and table edges."""

_SMALLEST_WINDOW = 9
"""In pixels: wider than any stroke of a picture as small as a glyph."""

_AROUND = 2.5
"""Side of the square whose mean says what is darker than its surroundings, in windows."""

_LEAST_REACH = 40.0
"""Levels from paper to full ink, at least: on black paper there is no room for dark ink."""

_ITERATIONS = 10
"""Of the fit: with half as many a large dark part still pulls the plane to it."""


class Mixture(NamedTuple):
    """How three colour channels become one, and how far that can go from paper to ink.

    Attributes:
        weights: float32 (3,), of the channels; their absolute values sum to 1.
        is_dark: whether ink is darker than paper.
    """

    weights: Floats
    is_dark: bool

    @property
    def middle(self) -> np.float32:
        """What is added: channels that are subtracted count from their other end."""
        return np.float32(127.5 * (1.0 - float(self.weights.sum())))

    def grey(self, colours: Floats) -> Floats:
        """Colours, float32 (h, w, 3), as levels in about [0, 255]."""
        red, green, blue = self.weights
        grey: Floats = red * colours[..., 0]
        grey += green * colours[..., 1]
        grey += blue * colours[..., 2]
        grey += self.middle
        return grey

    def strength(self, grey: Floats, background: Floats) -> Floats:
        """How far levels are from the paper's towards ink, float32 (h, w); 1 is full ink."""
        # Dark ink can fall to black, light ink rise to white; ink of another colour is in between.
        evenness = np.float32(abs(float(self.weights.sum())))
        reach = evenness * (background if self.is_dark else np.float32(255.0) - background)
        reach += np.float32(128.0) * (np.float32(1.0) - evenness)
        strength: Floats = background - grey if self.is_dark else grey - background
        strength /= np.maximum(reach, np.float32(_LEAST_REACH), out=reach)
        return strength


class Level(NamedTuple):
    """A picture as grey levels along the colour direction from paper to ink.

    Attributes:
        grey: float32 (h, w) in about [0, 255], the picture.
        background: float32 (h, w), the level that the paper has, or would have under the ink.
        strength: float32 (h, w), how far each pixel is from paper towards ink: 1 is full ink.
        mixture: the colour direction.
        window: side in pixels, odd, of the closing's window.
        is_widest: whether no wider window is left to be tried.
    """

    grey: Floats
    background: Floats
    strength: Floats
    mixture: Mixture
    window: int
    is_widest: bool


def levels(colours: Floats) -> Iterator[Level]:
    """The picture, float32 (h, w, 3) in [0, 255], as levels for windows that grow.

    A narrow window follows shadows and the edges of tables, but loses strokes wider than itself.
    """
    coarse = _means(colours, _COARSE_SIDE)
    plane = _fit_plane(_means(coarse, _TREND_SIDE))
    rest = coarse - _plane_values(plane, coarse.shape)
    smooth = _blurred(rest)
    longer = max(colours.shape[:2])
    sides = [(_odd(share * max(rest.shape[:2])), _odd(share * longer)) for share in _WINDOWS]
    kept = [pair for pair in sides[:-1] if pair[1] >= _SMALLEST_WINDOW] + sides[-1:]
    for window, full in kept:
        is_widest = window == sides[-1][0]
        darker = _is_ink_darker(rest, None if is_widest else round(_AROUND * window))
        paper = np.stack(
            [
                _without_ink(rest[..., i], smooth[..., i], window, ink_is_dark=bool(darker[i]))
                for i in range(3)
            ],
            axis=2,
        )
        yield _along_ink(colours, plane, rest - paper, full, is_widest=is_widest)


def _along_ink(
    colours: Floats, plane: NDArray[np.float64], coarse_ink: Floats, window: int, *, is_widest: bool
) -> Level:
    flat = coarse_ink.reshape(-1, 3).astype(np.float64)
    squared = (flat**2).sum(axis=1)
    # Weighted by the square once more: ink decides, not the noise of the paper.
    direction = np.linalg.eigh((flat * squared[:, None]).T @ flat)[1][:, -1]
    if ((flat @ direction) ** 3).sum() < 0:
        direction = -direction
    is_dark = bool(direction.sum() < 0)
    # As a mixture of the channels in which ink on white paper is dark, as on the photo.
    weights = (-direction if is_dark else direction) / np.abs(direction).sum()
    mixture = Mixture(weights.astype(np.float32), is_dark)
    grey = mixture.grey(colours)
    trend = _plane_values(plane @ weights[:, None], grey.shape)[..., 0] + mixture.middle
    rest = grey - trend
    background = _without_ink(rest, _blurred(rest), window, ink_is_dark=is_dark)
    background += trend
    strength = mixture.strength(grey, background)
    return Level(grey, background, strength, mixture, window, is_widest)


def _is_ink_darker(rest: Floats, around: int | None) -> NDArray[np.bool_]:
    """In which channels, bool (3,), ink is darker than paper: on the side that has the long tail.

    What is compared is each pixel with the mean of the square around it, or, without one, with the
    trend that is taken off already. A shadow's edge is even then, a stroke is not.
    """
    from scipy import ndimage

    if around is not None:
        rest = rest - ndimage.uniform_filter(rest, (around, around, 1), mode="nearest")
    # The outermost sixteenth is left out: there photos show tables and shadows.
    cut_y, cut_x = rest.shape[0] // 16, rest.shape[1] // 16
    inner = rest[cut_y : rest.shape[0] - cut_y, cut_x : rest.shape[1] - cut_x]
    darker: NDArray[np.bool_] = (inner * inner * inner).sum(axis=(0, 1)) < 0
    return darker


def _without_ink(level: Floats, smooth: Floats, window: int, *, ink_is_dark: bool) -> Floats:
    """What a level, float32 (h, w), would be without dark (or light) strokes below the window."""
    # Grey closing: darker parts that hold no square of this side take the level around them.
    if ink_is_dark:
        closed = smallest(largest(smooth, window), window)
    else:
        closed = largest(smallest(smooth, window), window)
    # On noisy paper a closing lies above it; most of the picture is paper.
    step = _step(level.shape)
    closed -= np.median(closed[::step, ::step] - level[::step, ::step])
    return closed


def _blurred(level: Floats) -> Floats:
    """With a little blur, so that single noisy pixels do not pull the closing up."""
    from scipy import ndimage

    sigmas = (0.5, 0.5, 0.0)[: level.ndim]
    blurred: Floats = ndimage.gaussian_filter(level, sigmas, mode="nearest")
    return blurred


def _step(shape: tuple[int, ...]) -> int:
    """Every how many pixels, along each axis, are enough for a median."""
    return max(min(shape[:2]) // 100, 1)


def _odd(side: float) -> int:
    return max(round(side) // 2 * 2 + 1, 3)


def _fit_plane(colours: Floats) -> NDArray[np.float64]:
    """The plane that most pixels agree with: float64 (3, 3), see `_plane_values`.

    Least absolute deviations, by iteratively reweighted least squares: ink, being the smaller
    part of a picture, does not tilt it. A curved surface would bend into the digit in the middle.
    """
    height, width = colours.shape[:2]
    y, x = (axis.ravel() for axis in np.broadcast_arrays(*_axes(colours.shape)))
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
    return np.asarray(factors)


def _axes(shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the pixels' centres are, from -0.5 to 0.5: a column of y and a row of x."""
    y, x = ((np.arange(side) + 0.5) / side - 0.5 for side in shape[:2])
    return y[:, None], x[None, :]


def _plane_values(plane: NDArray[np.float64], shape: tuple[int, ...]) -> Floats:
    """A plane, float64 (3, n): its middle, its rise along x and along y; as float32 (h, w, n)."""
    y, x = (axis.astype(np.float32)[..., None] for axis in _axes(shape))
    middle, along_x, along_y = plane.astype(np.float32)
    values: Floats = (middle + along_x * x) + along_y * y
    return values


def _means(colours: Floats, longest: int) -> Floats:
    """Means over squares, so that the longer side is at most this."""
    height, width = colours.shape[:2]
    factor = -(-max(height, width) // longest)
    if factor == 1:
        return colours
    # Squares that reach over the edge repeat the last row or column.
    more = ((0, -height % factor), (0, -width % factor), (0, 0))
    padded = np.pad(colours, more, mode="edge") if height % factor or width % factor else colours
    rows = padded.reshape(padded.shape[0] // factor, factor, -1).sum(axis=1)
    blocks = rows.reshape(rows.shape[0], -1, factor, 3).sum(axis=2)
    means: Floats = blocks / np.float32(factor**2)
    return means
