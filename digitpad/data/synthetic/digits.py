"""Digits that nobody has written: stroke templates, deformed at random and drawn as ink.

A style of the digit is chosen, and its templates are mixed; the points of the mixture are moved,
strokes come apart, ends fall short or overshoot; the whole is bent, slanted, stretched and turned;
the pen cuts corners more or less, and trembles. The glyph rule then draws it, thin or thick.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import DIGITS, Dataset
from digitpad.data.synthetic.digit_styles import Style, digit_styles
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import STROKE_WIDTH, glyphs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Lengths are shares of a digit's height.

_JITTER = 0.025
"""Standard deviation of each point of a template."""

_LOOSENESS = 0.02
"""Standard deviation of each stroke's place, which opens joins or lets strokes cross."""

_END_CHANGE = (0.3, 0.6)
"""Standard deviation and limit of the change of a stroke's first and last segment."""

_WAVINESS = 0.06
"""Largest amplitude of the slow waves that bend a digit."""

_SLANT = 0.5
"""Largest shear, as the tangent of its angle."""

_ASPECT = 0.6
"""Largest change of width against height, as a natural logarithm."""

_ROTATION = math.radians(12.0)
"""Largest rotation."""

_TREMOR = 0.004
"""Largest standard deviation of the points of a path."""

_PLAIN_WIDTH = 0.3
"""Share of the glyphs whose strokes have exactly the glyph rule's width, as drawn ones have."""

_WIDTH_SPREAD = 0.28
"""Standard deviation of the others' width, as a natural logarithm: nine tenths of all glyphs then
lie within 1.7 to 4.0 pixels, as nine tenths of MNIST's do."""

_WIDTHS = (1.7, 6.0)
"""The narrowest and the widest strokes, in pixels; still narrower ones would be pale."""

_BLOCK = 1000
"""Drawings that are deformed at a time, for speed."""


def synthetic_digits(
    count: int, seed: int, batch: int = 500, *, habits: bool = False
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    """Make glyphs of synthetic digits, by MNIST's rule.

    The same count and seed give the same digits, whatever the batch, byte for byte with the same
    numpy. They are made while they are asked for, about 2000 a second.

    Args:
        count: how many in all, at least 0. The ten digits are equally frequent; where the count
            is no multiple of 10, the lower ones occur once more.
        seed: at least 0.
        batch: glyphs at a time, at least 1; the last batch may have fewer.
        habits: with the habits of some schools of writing, and a rare style as often as a common
            one.

    Yields:
        Glyphs uint8 (n, 28, 28), ink 255 on 0, and their labels int64 (n,) in 0..9, shuffled.

    Raises:
        ValueError: a number is below its least.
    """
    if count < 0 or seed < 0 or batch < 1:
        raise ValueError(
            f"count and seed must be at least 0, and batch at least 1, not {count}, {seed}, {batch}"
        )
    return _batches(count, seed, batch, habits=habits)


def _batches(
    count: int, seed: int, batch: int, *, habits: bool
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(count, dtype=np.int64) % len(DIGITS))
    drawn = draw_digits(labels, random, habits=habits)
    for start in range(0, count, batch):
        part = labels[start : start + batch]
        strokes, widths = zip(*islice(drawn, len(part)), strict=True)
        yield glyphs_of(strokes, widths), part


def synthetic_dataset(count: int, seed: int, *, habits: bool = False) -> Dataset:
    """As many synthetic digits as `synthetic_digits` makes, all in memory."""
    glyphs, labels = zip(*synthetic_digits(count, seed, habits=habits), strict=True)
    return Dataset(np.concatenate(glyphs), np.concatenate(labels), DIGITS, "Synthetic digits")


def synthetic_drawing(label: int, random: np.random.Generator) -> Drawing:
    """One synthetic digit as strokes, about 500 high, as a pen would leave them on the pad.

    Args:
        label: 0 to 9.
        random: where the random numbers come from.

    Raises:
        ValueError: there is no such digit.
    """
    if not 0 <= label < len(DIGITS):
        raise ValueError(f"the label must be from 0 to {len(DIGITS) - 1}, not {label}")
    strokes, _ = next(draw_digits(np.array([label]), random))
    return Drawing.of([500.0 * points for points in strokes])


def draw_digits(
    labels: NDArray[np.int64], random: np.random.Generator, *, habits: bool = False
) -> Iterator[tuple[list[NDArray[np.float64]], float]]:
    """Draw digits.

    Args:
        labels: int64 (n,) in 0..9.
        random: where the random numbers come from.
        habits: with the habits of some schools of writing, and a rare style as often as a common
            one.

    Yields:
        For each label the strokes of a drawing, float64 (n, 2) each, in heights of a digit, and
        the width in pixels at which the glyph rule is to draw them.
    """
    for start in range(0, len(labels), _BLOCK):
        block = labels[start : start + _BLOCK]
        strokes: list[list[NDArray[np.float64]]] = [[]] * len(block)
        for digit, styles in enumerate(digit_styles(habits=habits)):
            where = np.flatnonzero(block == digit)
            weights = np.array([1.0 if habits else style.weight for style in styles])
            chosen = random.choice(len(styles), len(where), p=weights / weights.sum())
            for i in np.unique(chosen).tolist():
                style, members = styles[i], where[chosen == i]
                paths = deform(style, len(members), random)
                for member, path in zip(members.tolist(), paths, strict=True):
                    strokes[member] = np.split(path, style.breaks)
        yield from zip(strokes, stroke_widths(len(block), random).tolist(), strict=True)


def stroke_widths(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Widths in pixels, float64 (count,), at which the glyph rule is to draw as many drawings."""
    varied = STROKE_WIDTH * np.exp(random.normal(0.0, _WIDTH_SPREAD, count))
    plain = random.random(count) < _PLAIN_WIDTH
    return np.where(plain, STROKE_WIDTH, np.clip(varied, *_WIDTHS))


def deform(style: Style, count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Paths of the pen for many digits of one style.

    Args:
        style: how they are written.
        count: how many.
        random: where the random numbers come from.

    Returns:
        float64 (count, m, 2), in heights of a digit; `style.breaks` parts each into strokes.
    """
    mixture = random.standard_exponential((count, len(style.variants)))
    mixture /= mixture.sum(axis=1, keepdims=True)
    points = np.tensordot(mixture, style.variants, axes=1)
    spread, limit = _END_CHANGE
    change = random.normal(0.0, spread, (count, len(style.ends), 1)).clip(-limit, limit)
    points[:, style.ends] += change * (points[:, style.ends] - points[:, style.inner])
    points += random.normal(0.0, _JITTER, points.shape)
    loose = random.normal(0.0, _LOOSENESS, (count, len(style.ends) // 2, 2))
    points += loose[:, style.stroke_of]
    points = warp(points, random)
    rounding = random.random((count, 1, 1))
    paths: NDArray[np.float64] = style.sharp @ points
    paths += rounding * (style.rounded @ points - paths)
    paths += random.uniform(0.0, _TREMOR, (count, 1, 1)) * random.standard_normal(paths.shape)
    return paths


def warp(points: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Bend, stretch, slant and turn drawings, each in its own way.

    Args:
        points: float64 (n, k, 2), the points of n drawings, in heights of a digit.
        random: where the random numbers come from.

    Returns:
        float64 (n, k, 2).
    """
    # Each coordinate is moved by slow waves that run along both.
    shape = (len(points), 1, 2, 2)
    amplitude = random.uniform(0.0, _WAVINESS, shape)
    frequency = 2 * math.pi * random.uniform(0.5, 2.0, shape)
    phase = random.uniform(0.0, 2 * math.pi, shape)
    waves = amplitude * np.sin(frequency * points[:, :, None, :] + phase)
    warped: NDArray[np.float64] = (points + waves.sum(axis=3)) @ _affine(len(points), random)
    return warped


def _affine(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Matrices (count, 2, 2) that stretch, slant and turn points in rows, as in ``points @ m``."""
    angle = random.uniform(-_ROTATION, _ROTATION, count)
    slant = random.uniform(-_SLANT, _SLANT, count)
    stretch = np.exp(random.uniform(-_ASPECT, _ASPECT, count) / 2)
    cosine, sine = np.cos(angle), np.sin(angle)
    matrices = np.empty((count, 2, 2))
    # The image of (1, 0), stretched and turned, and that of (0, 1), slanted as well.
    matrices[:, 0] = (stretch * np.stack((cosine, sine))).T
    matrices[:, 1] = (np.stack((slant * cosine - sine, slant * sine + cosine)) / stretch).T
    return matrices
