"""Digits that nobody has written: stroke templates, deformed at random and drawn like ink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import FIELD, STROKE_WIDTH, trace_points
from digitpad.learning.digit_templates import Style, styles
from digitpad.learning.redraw import Redrawing, distort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CLASSES: tuple[str, ...] = tuple("0123456789")
_WIDTHS = (1.7, 4.0)
_MISSHAPE = Redrawing(slant=0.5, aspect=0.6, rotation_degrees=12.0, waviness=0.06)
_JITTER = 0.025
_SHIFT = 0.02
_ENDS = 0.3
_TREMOR = 0.004

def synthetic_digits(count: int, seed: int, batch: int = 500):
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(count, dtype=np.int64) % len(CLASSES))
    for start in range(0, count, batch):
        part = labels[start : start + batch]
        glyphs = np.empty((len(part), FIELD, FIELD), dtype=np.uint8)
        for i, label in enumerate(part.tolist()):
            strokes = _strokes(_choose(label, random), random)
            glyphs[i] = trace_points(strokes, _width(random)).glyph
        yield glyphs, part


def _width(random):
    if random.random() < 0.3:
        return STROKE_WIDTH
    return float(np.exp(np.clip(random.normal(np.log(2.6), 0.25), np.log(_WIDTHS[0]), np.log(_WIDTHS[1]))))

def synthetic_drawing(label: int, random: np.random.Generator) -> Drawing:
    return Drawing.of(_strokes(_choose(label, random), random))

def _choose(label, random):
    all_ = styles()[label]
    weights = np.cumsum([s.weight for s in all_])
    return all_[int(np.searchsorted(weights, random.random() * weights[-1], side="right"))]

def _strokes(style: Style, random) :
    mix = random.standard_exponential(len(style.variants))
    points = np.tensordot(mix / mix.sum(), style.variants, axes=1)
    last, inner = style.ends.T
    points[last] += random.normal(0.0, _ENDS, (len(last), 1)).clip(-.6,.6) * (points[last] - points[inner])
    points += random.normal(0.0, _JITTER, points.shape)
    points += random.normal(0.0, _SHIFT, (len(last) // 2, 2))[style.stroke_of]
    (points,) = distort([points], _MISSHAPE, random)
    rounding = random.random()
    path = (style.sharp + rounding * (style.rounded - style.sharp)) @ points
    path += random.normal(0.0, _TREMOR * random.random(), path.shape)
    return np.split(path, style.breaks)
