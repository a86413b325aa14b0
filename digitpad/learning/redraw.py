"""Augmentation of drawings at stroke level: the same digit as another hand would draw it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.glyph import FIELD, STROKE_WIDTH, trace_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Redrawing:
    """How far a redrawn drawing may differ. Each change is uniform between its limits.

    Attributes:
        slant: largest shear, as the tangent of its angle.
        aspect: largest change of width against height, as a natural logarithm.
        rotation_degrees: largest rotation.
        waviness: largest amplitude of slow waves that bend the strokes, as a share of the size.
        stroke_widths: narrowest and widest ink, in pixels of the glyph.
        plain_width: share of the redrawings that have exactly the glyph rule's stroke width.
    """

    slant: float = 0.3
    aspect: float = 0.25
    rotation_degrees: float = 10.0
    waviness: float = 0.02
    stroke_widths: tuple[float, float] = (1.8, 3.8)
    plain_width: float = 0.5


def distort(
    strokes: Sequence[NDArray[np.float64]], settings: Redrawing, random: np.random.Generator
) -> list[NDArray[np.float64]]:
    """The strokes of a drawing, changed at random.

    Args:
        strokes: float64 (n, 2) each, in any unit.
        settings: how far to go.
        random: where the random numbers come from.

    Returns:
        Strokes of the same shapes, in units of the drawing's longer side.
    """
    every = np.concatenate(strokes)
    low, high = every.min(axis=0), every.max(axis=0)
    size = float((high - low).max()) or 1.0
    angle = math.radians(random.uniform(-settings.rotation_degrees, settings.rotation_degrees))
    aspect = math.exp(random.uniform(-settings.aspect, settings.aspect) / 2)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    shear = np.array([[1.0, random.uniform(-settings.slant, settings.slant)], [0.0, 1.0]])
    matrix = turn @ shear @ np.diag([aspect, 1 / aspect])
    amplitude = random.uniform(0, settings.waviness, (2, 2))
    frequency = random.uniform(0.5, 2.0, (2, 2)) * 2 * math.pi
    phase = random.uniform(0, 2 * math.pi, (2, 2))
    changed = []
    for points in strokes:
        unit = (points - (low + high) / 2) / size
        # Each coordinate is bent by waves that run along both.
        waves = amplitude[None] * np.sin(frequency[None] * unit[:, None, :] + phase[None])
        changed.append((unit + waves.sum(axis=2)) @ matrix.T)
    return changed


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
        glyphs[i, 0] = trace_points(strokes).glyph
        for j in range(1, copies):
            plain = random.random() < settings.plain_width
            width = STROKE_WIDTH if plain else random.uniform(*settings.stroke_widths)
            glyphs[i, j] = trace_points(distort(strokes, settings, random), width).glyph
    return glyphs
