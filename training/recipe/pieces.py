"""What a wrong division of a number gives: neighbouring digits as one, and parts of a digit.

They are made of digits that people drew. A part that looks like a digit is one: what comes near to
one of many digits is thrown away, as among the synthetic drawings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.synthetic.not_digits import NEAR, blurred
from digitpad.ink.glyph import STROKE_WIDTH, glyphs_of
from digitpad.learning.augmentation.redraw import Redrawing, distort

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing

    Strokes = list[NDArray[np.float64]]

_GAP = (-0.12, 0.3)
"""Between the boxes of neighbours, in heights of a digit; below 0 they overlap."""

_LIFT = 0.07
"""Standard deviation of a neighbour's place in height."""

_CUT = (0.25, 0.75)
"""Where a stroke is cut, as a share of its points."""

_LONE = 0.6
"""Share of the cut digits that are a part and nothing else; the others are a digit and a part of
its neighbour."""

_BLOCK = 500

_TRIES = 20
"""Blocks at most for each that is wanted: most parts of a digit are too like another one."""


def merged(
    drawings: Sequence[Drawing], count: int, seed: int, bank: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Glyphs of neighbouring digits that were taken for one.

    Args:
        drawings: digits, with strokes.
        count: how many glyphs.
        seed: at least 0.
        bank: digits of all kinds, uint8 (n, 28, 28), that no piece comes near to.

    Returns:
        uint8 (count, 28, 28).
    """
    return _made(drawings, count, np.random.default_rng([seed, 0]), bank, _neighbours)


def cut(
    drawings: Sequence[Drawing], count: int, seed: int, bank: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Glyphs of parts of a digit, alone or with a whole neighbour.

    Args:
        drawings: digits, with strokes.
        count: how many glyphs; fewer come of drawings whose parts are all like digits.
        seed: at least 0.
        bank: digits of all kinds, uint8 (n, 28, 28), that no piece comes near to.

    Returns:
        uint8 (n, 28, 28).
    """
    return _made(drawings, count, np.random.default_rng([seed, 1]), bank, _cut)


def _made(
    drawings: Sequence[Drawing],
    count: int,
    random: np.random.Generator,
    bank: NDArray[np.uint8],
    make: Callable[[Sequence[Drawing], np.random.Generator], Strokes],
) -> NDArray[np.uint8]:
    settings = Redrawing()
    known = blurred(bank).astype(np.float32).T
    found: list[NDArray[np.uint8]] = []
    for _ in range(_TRIES * -(-count // _BLOCK)):
        block, widths = [], []
        for _ in range(_BLOCK):
            block.append(distort(make(drawings, random), settings, random))
            plain = random.random() < settings.plain_width
            widths.append(STROKE_WIDTH if plain else random.uniform(*settings.stroke_widths))
        glyphs = glyphs_of(block, widths)
        nearness = (blurred(glyphs).astype(np.float32) @ known).max(axis=1)
        found.append(glyphs[nearness < NEAR])
        if sum(map(len, found)) >= count:
            break
    return np.concatenate(found)[:count]


def _neighbours(drawings: Sequence[Drawing], random: np.random.Generator) -> Strokes:
    return _beside(_digit(drawings, random), _digit(drawings, random), random)


def _cut(drawings: Sequence[Drawing], random: np.random.Generator) -> Strokes:
    part = _part(_digit(drawings, random), random)
    if random.random() < _LONE:
        return part
    pair = (part, _digit(drawings, random))
    return _beside(*(pair if random.random() < 0.5 else pair[::-1]), random)


def _digit(drawings: Sequence[Drawing], random: np.random.Generator) -> Strokes:
    """A digit of height 1 whose box begins at 0; a flat one of width 1."""
    strokes = [stroke.points for stroke in drawings[int(random.integers(len(drawings)))].strokes]
    every = np.concatenate(strokes)
    low, size = every.min(axis=0), np.ptp(every, axis=0)
    height = max(float(size[1]), float(size[0]) / 2) or 1.0
    return [(stroke - low) / height for stroke in strokes]


def _beside(left: Strokes, right: Strokes, random: np.random.Generator) -> Strokes:
    edge = max(stroke[:, 0].max() for stroke in left) + random.uniform(*_GAP)
    start = min(stroke[:, 0].min() for stroke in right)
    shift = np.array([edge - start, random.normal(0.0, _LIFT)])
    return left + [stroke + shift for stroke in right]


def _part(strokes: Strokes, random: np.random.Generator) -> Strokes:
    """A digit without one of its strokes, or with one of them cut and what follows or precedes."""
    if len(strokes) > 1 and random.random() < 0.5:
        gone = int(random.integers(len(strokes)))
        return [stroke for i, stroke in enumerate(strokes) if i != gone]
    lengths = [len(stroke) for stroke in strokes]
    longest = int(np.argmax(lengths))
    stroke = strokes[longest]
    at = round(random.uniform(*_CUT) * len(stroke))
    first, last = stroke[: max(at, 1)], stroke[min(at, len(stroke) - 1) :]
    if random.random() < 0.5:
        return [*strokes[:longest], first]
    return [last, *strokes[longest + 1 :]]
