"""Digits under harder conditions: turned, slanted, drawn with a shaking hand.

Pen strokes are changed as strokes and redrawn by the glyph rule, as the pad does it. MNIST's digits
are pictures: they are resampled on a finer grid, changed there, and go through the glyph rule for
pictures. How far each digit is changed is drawn uniformly between limits, by a seed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.glyph import BOX, FIELD, glyphs_of
from digitpad.ink.photo.preprocessing import place_ink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

Condition = Literal["turned", "slanted", "shaking"]
CONDITIONS: tuple[Condition, ...] = ("turned", "slanted", "shaking")

TURN_DEGREES = 15.0
"""Largest rotation either way."""

SLANT = 0.35
"""Largest shear either way, as the tangent of its angle: 19 degrees."""

TREMOR = (0.015, 0.025)
"""Root mean square of how far a shaking hand is from its path, as a share of the digit's size."""

_WAVELENGTHS = (0.10, 0.20)
"""Length of a tremor along the path, as a share of the size: 4 to 8 mm on a digit of 40."""

_GRAIN = 0.003
"""Standard deviation of the single points, as a share of the size: what a mouse adds."""

_SPACING = 0.012
"""Distance between the points of a shaking stroke, as a share of the size."""

_FINE = 4
"""Pixels of the finer grid to one of a glyph, along a side."""

_STREAMS = {"turned": 1, "slanted": 2, "shaking": 3}


def changed_drawings(
    drawings: Sequence[Drawing], condition: Condition, seed: int
) -> NDArray[np.uint8]:
    """Glyphs of drawings under a condition.

    Args:
        drawings: with strokes.
        condition: which.
        seed: at least 0; the same seed gives the same glyphs.

    Returns:
        uint8 (len(drawings), 28, 28).
    """
    random = _random(condition, seed)
    changed = [
        changed_strokes([stroke.points for stroke in drawing.strokes], condition, random)
        for drawing in drawings
    ]
    return glyphs_of(changed)


def changed_strokes(
    strokes: Sequence[NDArray[np.float64]], condition: Condition, random: np.random.Generator
) -> list[NDArray[np.float64]]:
    """The strokes of one drawing, float64 (n, 2) each in any unit, under a condition."""
    if condition == "shaking":
        return _shaken(strokes, random)
    matrix = _matrix(condition, random)
    return [points @ matrix.T for points in strokes]


def changed_glyphs(glyphs: NDArray[np.uint8], condition: Condition, seed: int) -> NDArray[np.uint8]:
    """Glyphs of pictures of digits under a condition.

    Args:
        glyphs: uint8 (n, 28, 28), ink 255 on 0.
        condition: which.
        seed: at least 0; the same seed gives the same glyphs.

    Returns:
        uint8 (n, 28, 28).
    """
    from scipy import ndimage

    random = _random(condition, seed)
    centre = (np.arange(FIELD * _FINE) + 0.5) / _FINE - FIELD / 2
    grid = np.stack(np.meshgrid(centre, centre, indexing="xy"))
    changed = np.empty_like(glyphs)
    for i, glyph in enumerate(glyphs):
        if condition == "shaking":
            x, y = grid + _field(random)
        else:
            # From a place in the new picture to that in the old one.
            inverse = np.linalg.inv(_matrix(condition, random))
            x, y = np.tensordot(inverse, grid, axes=1)
        half = (FIELD - 1) / 2
        ink = ndimage.map_coordinates(
            glyph.astype(np.float32) / 255.0, [y + half, x + half], order=3, mode="constant"
        )
        changed[i] = place_ink(ink.clip(0.0, 1.0).astype(np.float32)).glyph
    return changed


def _random(condition: Condition, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, _STREAMS[condition]])


def _matrix(condition: Condition, random: np.random.Generator) -> NDArray[np.float64]:
    """A matrix for points as columns, x to the right and y down."""
    if condition == "turned":
        angle = math.radians(random.uniform(-TURN_DEGREES, TURN_DEGREES))
        cosine, sine = math.cos(angle), math.sin(angle)
        return np.array([[cosine, -sine], [sine, cosine]])
    return np.array([[1.0, random.uniform(-SLANT, SLANT)], [0.0, 1.0]])


def _shaken(
    strokes: Sequence[NDArray[np.float64]], random: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Strokes along which a tremor runs: noise of a narrow band of wavelengths."""
    every = np.concatenate(strokes)
    size = float(np.ptp(every, axis=0).max()) or 1.0
    amplitude, wavelength = random.uniform(*TREMOR), random.uniform(*_WAVELENGTHS)
    shaken = []
    for points in strokes:
        path = sample_curve(points, _SPACING * size)
        steps = np.sqrt((np.diff(path, axis=0) ** 2).sum(axis=1))
        along = np.concatenate(([0.0], np.cumsum(steps))) / size
        tremor = _band(along, wavelength, random)
        grain = random.normal(0.0, _GRAIN, path.shape)
        shaken.append(path + size * (amplitude / math.sqrt(2) * tremor + grain))
    return shaken


def _band(
    along: NDArray[np.float64], wavelength: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Noise (n, 2) of variance 1 along a path: waves whose lengths lie about the one given."""
    waves = 8
    number = 2 * math.pi / (wavelength * np.exp(random.normal(0.0, 0.3, (waves, 2))))
    phase = random.uniform(0.0, 2 * math.pi, (waves, 2))
    noise: NDArray[np.float64] = np.sin(number * along[:, None, None] + phase).sum(axis=1)
    return noise * math.sqrt(2 / waves)


def _field(random: np.random.Generator) -> NDArray[np.float64]:
    """Displacements (2, fine, fine) in pixels of a glyph: the tremor of a picture, elastic."""
    from scipy import ndimage

    amplitude, wavelength = random.uniform(*TREMOR) * BOX, random.uniform(*_WAVELENGTHS) * BOX
    side = FIELD * _FINE
    # A Gaussian of this width leaves waves about as long as the wavelength.
    sigma = wavelength * _FINE / 4
    noise = random.standard_normal((2, side, side)).astype(np.float32)
    smooth = ndimage.gaussian_filter(noise, (0, sigma, sigma), mode="wrap", truncate=3.0)
    field: NDArray[np.float64] = smooth * (amplitude / math.sqrt(2) / smooth.std())
    return field
