"""Augmentation of drawings at stroke level: the same digit as another hand would draw it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import sample_curve
from digitpad.ink.glyph import FIELD, STROKE_WIDTH, preprocess_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

_TREMBLE_WAVES = (3.0, 12.0)
"""Waves of a trembling hand on the way of a drawing's size."""

_TREMBLE_SPACING = 0.03
"""Distance between the points of a stroke that trembles, as a share of the size."""


@dataclass(frozen=True, slots=True)
class Redrawing:
    """How far a redrawn drawing may differ. Each change is uniform between its limits.

    Attributes:
        slant: largest shear, as the tangent of its angle.
        aspect: largest change of width against height, as a natural logarithm.
        rotation_degrees: largest rotation.
        waviness: largest amplitude of slow waves that bend the strokes, as a share of the size.
        tremor: largest amplitude of the trembling of a hand along each stroke, as a share of the
            size.
        steady: share of the redrawings that do not tremble.
        looseness: standard deviation of each stroke's place, as a share of the size: joins open,
            and strokes cross where they used to meet.
        ends: standard deviation of what a stroke's ends fall short or overshoot, as a share of
            the size; at most a third of the stroke is lost.
        stroke_widths: narrowest and widest ink, in pixels of the glyph.
        plain_width: share of the redrawings that have exactly the glyph rule's stroke width.
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
    """The strokes of a drawing, changed at random.

    Args:
        strokes: float64 (n, 2) each, n >= 1, in any unit.
        settings: how far to go.
        random: where the random numbers come from.

    Returns:
        As many strokes, in units of the drawing's longer side; those that tremble, or whose ends
        were moved, have points of their own.
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
            # The two ends fall short or overshoot, each by a random length.
            start, end = random.normal(0.0, settings.ends, 2)
            unit = _moved_end(_moved_end(unit, end)[::-1], start)[::-1]
        if tremor:
            unit = _trembling(unit, tremor, random)
        # Each coordinate is bent by waves that run along both.
        waves = amplitude[None] * np.sin(frequency[None] * unit[:, None, :] + phase[None])
        place = random.normal(0.0, settings.looseness, 2) if len(strokes) > 1 else 0.0
        changed.append((unit + waves.sum(axis=2) + place) @ matrix.T)
    return changed


def _hand(settings: Redrawing, random: np.random.Generator) -> NDArray[np.float64]:
    """The matrix (2, 2) of a hand that slants, stretches and turns."""
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
        # Onward in the direction of the last part, which a single step might not tell.
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
    """A stroke drawn with a shaking hand: several waves along its length, in both directions."""
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
    """Glyphs of each drawing as other hands would draw it.

    Args:
        drawings: with strokes.
        copies: glyphs of each drawing, at least 1; the first is of the drawing itself, unchanged.
        settings: how far to go.
        random: where the random numbers come from.

    Returns:
        uint8 (len(drawings), copies, 28, 28).
    """
    glyphs = np.empty((len(drawings), copies, FIELD, FIELD), dtype=np.uint8)
    for i, drawing in enumerate(drawings):
        strokes = [stroke.points for stroke in drawing.strokes]
        glyphs[i, 0] = preprocess_points(strokes).glyph
        for j in range(1, copies):
            plain = random.random() < settings.plain_width
            width = STROKE_WIDTH if plain else random.uniform(*settings.stroke_widths)
            glyphs[i, j] = preprocess_points(distort(strokes, settings, random), width).glyph
    return glyphs
