"""Drawings of no digit, made by hand and not by what networks learn from, as the pad sees them."""

from __future__ import annotations

import math

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import preprocess_strokes


def _ring(x, y, radius, start=0.0, turn=6.5):
    angle = np.linspace(start, start + turn, 40)
    return np.stack((x + radius * np.cos(angle), y + radius * np.sin(angle)), axis=1)


def _line(*points):
    return np.array(points, dtype=float)


def _heart():
    t = np.linspace(0, 2 * math.pi, 50)
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack((100 + 80 * np.sin(t) ** 3, 100 - 5 * y), axis=1)


def _spiral():
    t = np.linspace(0, 19, 90)
    return np.stack((100 + 5 * t * np.cos(t), 100 + 5 * t * np.sin(t)), axis=1)


_EYES = [_line((70, 75), (72, 78)), _line((130, 75), (132, 78))]
_STROKES = {
    "smiley": [_ring(100, 100, 80), *_EYES, _ring(100, 105, 40, 0.3, 2.5)],
    "smiley, open": [
        _ring(100, 100, 80, -1.5, 6.2),
        *_EYES,
        _line((65, 125), (100, 145), (135, 125)),
    ],
    "sad face": [_ring(100, 100, 80, 2, 6.2), *_EYES, _ring(100, 150, 35, 3.5, 2.3)],
    "scribble": [np.random.default_rng(1).random((25, 2)) * 200],
    "wandering": [np.cumsum(np.random.default_rng(4).normal(0, 40, (30, 2)), axis=0)],
    "filling": [_line(*[(20 + 12 * i, 40 if i % 2 else 160) for i in range(14)])],
    "spiral": [_spiral()],
    "tick": [_line((20, 110), (70, 170), (180, 20))],
    "heart": [_heart()],
    "star": [
        _line(
            *[
                (100 + 90 * math.sin(0.8 * i * math.pi), 100 - 90 * math.cos(0.8 * i * math.pi))
                for i in range(6)
            ]
        )
    ],
    "arrow": [_line((20, 100), (180, 100)), _line((130, 60), (180, 100), (130, 140))],
    "flower": [
        _ring(100, 100, 25),
        *(_ring(100 + 55 * math.cos(a), 100 + 55 * math.sin(a), 25) for a in np.arange(6) * 1.047),
    ],
    "man": [
        _ring(100, 40, 25),
        _line((100, 65), (100, 130)),
        _line((60, 90), (140, 90)),
        _line((60, 190), (100, 130), (140, 190)),
    ],
    "hash": [
        _line((70, 20), (70, 180)),
        _line((130, 20), (130, 180)),
        _line((20, 70), (180, 70)),
        _line((20, 130), (180, 130)),
    ],
}


def glyphs():
    """uint8 (n, 28, 28), and their names."""
    found = [preprocess_strokes(Drawing.of(strokes)).glyph for strokes in _STROKES.values()]
    return np.stack(found), tuple(_STROKES)
