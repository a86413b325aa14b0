"""Augmentation of strokes: redraws a drawing as another hand would."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.glyph import FIELD, STROKE_WIDTH, glyphs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

_TREMBLE_WAVES = (3.0, 12.0)
"""Least and largest number of waves of a trembling hand over the length of a drawing's size."""

_TREMBLE_SPACING = 0.03
"""Distance of the points of a trembling stroke, as a share of the drawing's size."""


@dataclass(frozen=True, slots=True)
class Redrawing:
    """Settings of redrawing. A largest change means a uniform one between its limits.

    A size is the longer side of a drawing.

    Attributes:
        slant: largest shear, as the tangent of its angle.
        aspect: largest change of width against height, as a natural logarithm.
        rotation_degrees: largest rotation.
        waviness: largest amplitude of slow waves that bend the strokes, as a share of the size.
        tremor: largest amplitude of the trembling of a hand along each stroke, as a share of the
            size.
        steady: share of the redrawings without trembling.
        looseness: standard deviation of the place of each stroke, as a share of the size. It opens
            joins, and lets strokes cross where they met.
        ends: standard deviation of the lengths by which the ends of a stroke fall short or
            overshoot, as a share of the size; at most a third of the stroke is lost.
        stroke_widths: least and largest stroke width, in pixels of the glyph.
        plain_width: share of the redrawings with exactly the stroke width of `preprocess_points`.
    """

    slant: float = 0.35
    aspect: float = 0.35
    rotation_degrees: float = 12.0
    waviness: float = 0.025
    tremor: float = 0.025
    steady: float = 0.5
    looseness: float = 0.015
    ends: float = 0.03
    stroke_widths: tuple[float, float] = (1.8, 3.8)
    plain_width: float = 0.5


def distort(
    strokes: Sequence[NDArray[np.float64]], settings: Redrawing, random: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Change the strokes of a drawing at random.

    Args:
        strokes: float64 (n, 2) each, n >= 1, in any unit.
        settings: sizes of the changes.
        random: source of the random numbers.

    Returns:
        The changed strokes, float64 (m, 2) each, in units of the drawing's longer side. Trembling
        and moved ends change the number of points.
    """
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    size = float((high - low).max()) or 1.0
    tremor = random.uniform(0.0, settings.tremor) * (random.random() >= settings.steady)
    matrix = _hand(settings, random)
    amplitude = random.uniform(0, settings.waviness, (2, 2))
    frequency = random.uniform(0.5, 2.0, (2, 2)) * 2 * math.pi
    phase = random.uniform(0, 2 * math.pi, (2, 2))
    changed = []
    for points in strokes:
        unit = (points - (low + high) / 2) / size
        if settings.ends:
            # Each end falls short or overshoots by a random length.
            start, end = random.normal(0.0, settings.ends, 2)
            unit = _moved_end(_moved_end(unit, end)[::-1], start)[::-1]
        if tremor:
            unit = _trembling(unit, tremor, random)
        # Waves along both coordinates bend each of them.
        waves = amplitude[None] * np.sin(frequency[None] * unit[:, None, :] + phase[None])
        place = random.normal(0.0, settings.looseness, 2) if len(strokes) > 1 else 0.0
        changed.append((unit + waves.sum(axis=2) + place) @ matrix.T)
    return changed


def _hand(settings: Redrawing, random: np.random.Generator) -> NDArray[np.float64]:
    """A random matrix (2, 2) that stretches, slants and turns."""
    angle = math.radians(random.uniform(-settings.rotation_degrees, settings.rotation_degrees))
    aspect = math.exp(random.uniform(-settings.aspect, settings.aspect) / 2)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    shear = np.array([[1.0, random.uniform(-settings.slant, settings.slant)], [0.0, 1.0]])
    matrix: NDArray[np.float64] = turn @ shear @ np.diag([aspect, 1 / aspect])
    return matrix


def _moved_end(points: NDArray[np.float64], by: float) -> NDArray[np.float64]:
    steps = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
    along = np.concatenate(([0.0], np.cumsum(steps)))
    length = float(along[-1])
    if length == 0.0:
        return points
    if by > 0.0:
        # In the direction of the last part of the stroke: its last step may be too short for that.
        before = points[int(np.searchsorted(along, length - min(0.08, length / 2), "right")) - 1]
        direction = points[-1] - before
        norm = float(np.hypot(*direction))
        return points if norm == 0.0 else np.vstack((points, points[-1] + by / norm * direction))
    kept = length + max(by, -length / 3)
    inside = points[along < kept]
    last = [np.interp(kept, along, points[:, axis]) for axis in (0, 1)]
    return np.vstack((inside, last))


def _trembling(
    points: NDArray[np.float64], amplitude: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Add several waves along the length of a stroke, in both directions."""
    curve = sample_curve(points, _TREMBLE_SPACING)
    steps = np.sqrt((np.diff(curve, axis=0) ** 2).sum(axis=1))
    along = np.concatenate(([0.0], np.cumsum(steps)))
    frequency = 2 * math.pi * random.uniform(*_TREMBLE_WAVES, (2, 3))
    phase = random.uniform(0, 2 * math.pi, (2, 3))
    waves = np.sin(along[:, None, None] * frequency + phase).sum(axis=2)
    trembling: NDArray[np.float64] = curve + amplitude / math.sqrt(3) * waves
    return trembling


def redraw(
    drawings: Sequence[Drawing],
    copies: int,
    settings: Redrawing,
    random: np.random.Generator,
) -> NDArray[np.uint8]:
    """Make glyphs of drawings as other hands would draw them.

    Args:
        drawings: they have strokes.
        copies: number of glyphs of each drawing, at least 1. The first is of the drawing itself.
        settings: sizes of the changes.
        random: source of the random numbers.

    Returns:
        uint8 (len(drawings), copies, 28, 28).
    """
    glyphs = np.empty((len(drawings), copies, FIELD, FIELD), dtype=np.uint8)
    for i, drawing in enumerate(drawings):
        strokes = [stroke.points for stroke in drawing.strokes]
        versions, widths = [strokes], [STROKE_WIDTH]
        for _ in range(1, copies):
            plain = random.random() < settings.plain_width
            widths.append(STROKE_WIDTH if plain else random.uniform(*settings.stroke_widths))
            versions.append(distort(strokes, settings, random))
        glyphs[i] = glyphs_of(versions, widths)
    return glyphs
