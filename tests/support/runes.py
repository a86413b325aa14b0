"""Symbols that no model knows, drawn by hand for tests."""

from __future__ import annotations

from functools import cache

import numpy as np
from handwriting import Strokes, along, arc, line

from digitpad.ink.drawing import Drawing
from digitpad.learning.augmentation.redraw import Redrawing, distort
from digitpad.samples.sample import Sample

RUNES: dict[str, Strokes] = {
    "triangle": [line((50, 0), (100, 90), (0, 90), (50, 0))],
    "cross": [line((0, 50), (100, 50)), line((50, 0), (50, 100))],
    "wave": [along(arc(25, 50, 25, 25, -180, 0), arc(75, 50, 25, 25, 180, 0))],
    "arrow": [line((0, 50), (100, 50)), line((65, 20), (100, 50), (65, 80))],
    "gate": [line((0, 100), (0, 0), (90, 0), (90, 100))],
}
NAMES = tuple(RUNES)

_HAND = Redrawing(slant=0.1, aspect=0.15, rotation_degrees=5.0)


def rune(name: str, number: int, *, size: float = 400.0) -> Drawing:
    """The drawing of a rune, every time by the same hand and never quite the same."""
    random = np.random.default_rng([NAMES.index(name), number])
    strokes = distort(RUNES[name], _HAND, random)
    return Drawing.of([size * stroke for stroke in strokes], width=22.0)


def beside(*drawings: Drawing, gap: float = 150.0) -> Drawing:
    """Several drawings in a row, as one."""
    strokes, x = [], 0.0
    for drawing in drawings:
        every = np.concatenate([stroke.points for stroke in drawing.strokes])
        left, right = float(every[:, 0].min()), float(every[:, 0].max())
        strokes += [np.add(stroke.points, (x - left, 0.0)) for stroke in drawing.strokes]
        x += right - left + gap
    return Drawing.of(strokes, width=22.0)


@cache
def runes(
    each: int = 3, *, names: tuple[str, ...] = NAMES, symbols: str = "runes", first: int = 0
) -> tuple[Sample, ...]:
    """Some samples of each of them, as the store returns them."""
    found = [
        Sample(name, rune(name, number), glyph, origin="collected", symbols=symbols, id=i + 1)
        for i, (number, name, glyph) in enumerate(
            (number, name, Sample.of(name, rune(name, number)).glyph)
            for number in range(first, first + each)
            for name in names
        )
    ]
    return tuple(found)
