"""Synthetic drawings that are not digits: what a network should reject.

A pad gets more than digits: signs, letters, scribbles, digits begun, turned, mirrored, struck out
or side by side. A network that should reject what it has never met, too, needs as many kinds as can
be had (Hendrycks, Mazeika and Dietterich 2019, arXiv 1812.04606); most are thus characters that are
put together at random. They are bent, slanted, stretched, turned and drawn as synthetic digits are.

Chance makes a digit now and then. What comes near to a synthetic digit is thrown away.
"""

from __future__ import annotations

import math
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.dataset import DIGITS, OUTLIER
from digitpad.data.synthetic.digit_styles import Style, digit_styles, templates
from digitpad.data.synthetic.digits import (
    deform,
    draw_digits,
    stroke_widths,
    synthetic_digits,
    warp,
)
from digitpad.data.synthetic.scribbles import CHARACTERS, SCRIBBLES
from digitpad.data.synthetic.shapes import arc, path
from digitpad.data.synthetic.signs import SIGNS
from digitpad.ink.glyph import FIELD, glyphs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.data.synthetic.shapes import Shape, Strokes

    Maker = Callable[[int, np.random.Generator], list[Strokes]]

_BLOCK = 250
"""Drawings that are made at a time, for speed."""

_TRIES = 8
"""Drawings that are made at most for each that is wanted."""

_TREMOR = 0.006
"""Largest standard deviation of the points of a path, in heights."""

_BANK = 3000
"""Synthetic digits that a drawing is compared with."""

NEAR = 0.87
"""Correlation of two blurred glyphs from which on they may be the same digit: nine synthetic digits
out of ten have such a neighbour in the bank."""


def not_digits(count: int, seed: int, batch: int = 500) -> Iterator[NDArray[np.uint8]]:
    """Make glyphs of what is no digit, by MNIST's rule.

    The same count and seed give the same glyphs, whatever the batch, byte for byte with the same
    numpy. They are made while they are asked for, about 600 a second.

    Args:
        count: how many in all, at least 0.
        seed: at least 0.
        batch: glyphs at a time, at least 1; the last batch may have fewer.

    Yields:
        Glyphs uint8 (n, 28, 28), ink 255 on 0.

    Raises:
        ValueError: a number is below its least.
    """
    if count < 0 or seed < 0 or batch < 1:
        raise ValueError(
            f"count and seed must be at least 0, and batch at least 1, not {count}, {seed}, {batch}"
        )
    # A slashed zero is a digit, whoever writes another one.
    bank = partial(digit_bank, habits=True)
    return unlike(tuple(KINDS.values()), bank, count, np.random.default_rng(seed), batch)


def unlike(
    kinds: Sequence[tuple[float, Maker]],
    bank: Callable[[], NDArray[np.float64]],
    count: int,
    random: np.random.Generator,
    batch: int,
) -> Iterator[NDArray[np.uint8]]:
    """Make glyphs of these kinds, mixed by their weights, without those that come near to others.

    Args:
        kinds: weights, and what makes drawings.
        bank: gives what they must not be like, as `blurred` makes it.
        count: how many in all.
        random: where the random numbers come from.
        batch: glyphs at a time.

    Yields:
        Glyphs uint8 (n, 28, 28); fewer in all than asked for where most come near.
    """
    most = _TRIES * -(-count // _BLOCK)
    blocks = (_block(kinds, bank(), random) for _ in range(most))
    glyphs = (glyph for some in blocks for glyph in some)
    for start in range(0, count, batch):
        if some := list(islice(glyphs, min(batch, count - start))):
            yield np.stack(some)


def _block(
    kinds: Sequence[tuple[float, Maker]], bank: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.uint8]:
    """Some glyphs uint8 (n, 28, 28), shuffled."""
    drawings = _mixed(kinds, _BLOCK, random)
    glyphs = glyphs_of(drawings, stroke_widths(_BLOCK, random).tolist())
    # The correlation of each with the most like of those in the bank.
    nearness: NDArray[np.float64] = (blurred(glyphs) @ bank.T).max(axis=1, initial=-1)
    return glyphs[nearness < NEAR]


def _mixed(
    kinds: Sequence[tuple[float, Maker]], count: int, random: np.random.Generator
) -> list[Strokes]:
    """So many drawings of these kinds, mixed by their weights."""
    weights = np.array([weight for weight, _ in kinds])
    chosen = random.choice(len(kinds), count, p=weights / weights.sum())
    drawings: list[Strokes] = [[]] * count
    for kind in np.unique(chosen).tolist():
        members = np.flatnonzero(chosen == kind).tolist()
        for member, strokes in zip(members, kinds[kind][1](len(members), random), strict=True):
            drawings[member] = strokes
    return drawings


# Nearness to digits


@cache
def digit_bank(*, habits: bool = False) -> NDArray[np.float64]:
    """Synthetic digits for `unlike`; with the habits of some schools of writing or without."""
    ((glyphs, _),) = synthetic_digits(_BANK, seed=0, batch=_BANK, habits=habits)
    return blurred(glyphs)


def blurred(glyphs: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Glyphs as vectors of mean 0 and length 1: every other pixel, blurred; float64 (n, 196)."""
    level = np.pad(glyphs.astype(np.float64), ((0, 0), (1, 1), (1, 1)))
    level = level[:, :-2] + level[:, 1:-1] + level[:, 2:]
    level = level[:, :, :-2] + level[:, :, 1:-1] + level[:, :, 2:]
    vectors = level[:, ::2, ::2].reshape(len(glyphs), (FIELD // 2) ** 2)
    vectors -= vectors.mean(axis=1, keepdims=True)
    unit: NDArray[np.float64] = vectors / np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return unit


# Signs, characters and scribbles


def shapes(every: Sequence[tuple[float, Shape]]) -> Maker:
    """Draws such shapes, and warps them all together."""
    weights = np.array([weight for weight, _ in every])
    shares = weights / weights.sum()

    def make(count: int, random: np.random.Generator) -> list[Strokes]:
        chosen = random.choice(len(every), count, p=shares)
        return _warped([_scaled(every[i][1](random)) for i in chosen.tolist()], random)

    return make


def _scaled(strokes: Strokes) -> Strokes:
    """The longer side of the whole becomes 1; a single dot stays as it is."""
    every = np.concatenate(strokes)
    low = every.min(axis=0)
    side = (every.max(axis=0) - low).max()
    return [(stroke - low) / side for stroke in strokes] if side > 0 else strokes


def _warped(drawings: list[Strokes], random: np.random.Generator) -> list[Strokes]:
    paths = [np.concatenate(strokes) for strokes in drawings]
    lengths = [len(points) for points in paths]
    # One array of them all, filled up with zeros, is warped at once.
    padded = np.zeros((len(paths), max(lengths), 2))
    for row, points in zip(padded, paths, strict=True):
        row[: len(points)] = points
    padded = warp(padded, random)
    tremor = random.uniform(0.0, _TREMOR, (len(paths), 1, 1))
    padded += tremor * random.standard_normal(padded.shape)
    return [
        np.split(row[:length], np.cumsum([len(stroke) for stroke in strokes[:-1]]))
        for row, length, strokes in zip(padded, lengths, drawings, strict=True)
    ]


# Letters


def _letters(count: int, random: np.random.Generator) -> list[Strokes]:
    styles = _letter_styles()
    return _of_styles(styles, random.integers(len(styles), size=count), random)


@cache
def _letter_styles() -> tuple[Style, ...]:
    lines = (
        line.split(":")
        for line in templates(Path(__file__).with_name("letter_templates.txt")).splitlines()
    )
    return tuple(Style.of(OUTLIER, name, 1.0, [template]) for name, template in lines)


def _of_styles(
    styles: Sequence[Style], chosen: NDArray[np.int64], random: np.random.Generator
) -> list[Strokes]:
    """A drawing of each chosen style."""
    drawings: list[Strokes] = [[]] * len(chosen)
    for i in np.unique(chosen).tolist():
        members = np.flatnonzero(chosen == i).tolist()
        paths = deform(styles[i], len(members), random)
        for member, points in zip(members, paths, strict=True):
            drawings[member] = np.split(points, styles[i].breaks)
    return drawings


# Digits that are none any more

_PARTS: tuple[tuple[int, str, float, float], ...] = (
    (0, "from the top right", 0.0, 0.5),
    (0, "from the top right", 0.22, 0.72),
    (0, "clockwise", 0.5, 1.0),
    (2, "round", 0.0, 0.36),
    (2, "round", 0.62, 1.0),
    (2, "z", 0.6, 1.0),
    (3, "round", 0.0, 0.48),
    (3, "round", 0.5, 1.0),
    (4, "open, two strokes", 0.0, 0.49),
    (4, "round, two strokes", 0.0, 0.49),
    (4, "round, one stroke", 0.0, 0.6),
    (4, "open, one stroke", 0.0, 0.7),
    (5, "one stroke", 0.0, 0.42),
    (8, "from the top right", 0.0, 0.3),
    (9, "straight stem", 0.0, 0.5),
    (9, "open head", 0.0, 0.5),
)
"""Parts of digits that are none: digit, style, and the share of the pen's path where the part
begins and ends."""


def _parts(count: int, random: np.random.Generator) -> list[Strokes]:
    named = {(style.label, style.name): style for style in chain(*digit_styles())}
    chosen = random.integers(len(_PARTS), size=count)
    styles = [named[label, name] for label, name, _, _ in _PARTS]
    drawings = []
    for i, strokes in zip(chosen.tolist(), _of_styles(styles, chosen, random), strict=True):
        points = np.concatenate(strokes)
        _, _, start, stop = _PARTS[i]
        end = len(points) * (stop + (random.uniform(-0.03, 0.03) if stop < 1 else 0.0))
        part = points[round(start * len(points)) : round(end)]
        breaks = [b - round(start * len(points)) for b in styles[i].breaks]
        drawings.append(
            [piece for piece in np.split(part, [max(b, 0) for b in breaks]) if len(piece)]
        )
    return drawings


_TURNS: tuple[tuple[str, float, float], ...] = (
    ("2345679", 1, math.pi / 2),
    ("2345679", 1, -math.pi / 2),
    ("34", 1, math.pi),
    ("34679", -1, 0.0),
    ("469", -1, math.pi),
    ("23567", -1, math.pi / 2),
    ("23567", -1, -math.pi / 2),
)
"""Which digits are none any more when they are mirrored (-1), and then turned by an angle."""


def _turned(count: int, random: np.random.Generator) -> list[Strokes]:
    ways = random.integers(len(_TURNS), size=count)
    labels = np.array([int(random.choice(list(_TURNS[way][0]))) for way in ways.tolist()])
    drawings = []
    for way, (strokes, _) in zip(ways.tolist(), draw_digits(labels, random), strict=True):
        _, mirror, angle = _TURNS[way]
        cosine, sine = math.cos(angle), math.sin(angle)
        matrix = np.array([[mirror * cosine, mirror * sine], [-sine, cosine]])
        drawings.append([stroke @ matrix for stroke in strokes])
    return drawings


def _side_by_side(count: int, random: np.random.Generator) -> list[Strokes]:
    """Two digits beside each other, now and then three."""
    return _rows(_digits("".join(DIGITS), 3 * count, random), random)


def _words(count: int, random: np.random.Generator) -> list[Strokes]:
    """Two letters or characters beside each other, now and then three."""
    return _rows(_mixed(((1.0, _letters), (1.0, shapes(CHARACTERS))), 3 * count, random), random)


def _rows(drawings: list[Strokes], random: np.random.Generator) -> list[Strokes]:
    """Of every three drawings two, now and then all three, from the left to the right."""
    rows = []
    for i in range(0, len(drawings), 3):
        strokes: Strokes = []
        edge = 0.0
        for drawing in drawings[i : i + (3 if random.random() < 0.15 else 2)]:
            every = np.concatenate(drawing)
            low, high = every.min(axis=0), every.max(axis=0)
            shift = (edge - low[0], random.normal(0, 0.05) - low[1])
            strokes += [stroke + shift for stroke in drawing]
            edge += high[0] - low[0] + random.uniform(0.1, 0.4)
        rows.append(strokes)
    return rows


def _over_each_other(count: int, random: np.random.Generator) -> list[Strokes]:
    """Two digits, one over the other or below it."""
    first, second = (_digits("234579", count, random) for _ in range(2))
    drawings = []
    for a, b in zip(first, second, strict=True):
        side = random.choice([-1, 1])
        if random.random() < 0.5:
            shift = (side * random.uniform(0.4, 0.6), random.uniform(0.2, 0.5))
        else:
            height = np.concatenate(a)[:, 1].max()
            shift = (random.normal(0, 0.1), height + random.uniform(0.15, 0.35))
        drawings.append(a + [stroke + shift for stroke in b])
    return drawings


def _struck_out(count: int, random: np.random.Generator) -> list[Strokes]:
    """A digit under a cross, two lines or more, a line to and fro, or within a ring."""
    drawings = []
    for digit in _digits("0234568923568", count, random):
        every = np.concatenate(digit)
        low, high = every.min(axis=0), every.max(axis=0)
        size, middle = high - low, (low + high) / 2
        over = random.uniform(0.05, 0.3, 2) * size.max()
        a, b = low - over, high + over
        kind = int(random.integers(5))
        if kind == 0:
            lines = [path([a, b]), path([(a[0], b[1]), (b[0], a[1])])]
        elif kind == 1:
            gap = random.uniform(0.1, 0.2)
            lines = [
                path([(a[0], middle[1] + side * gap), (b[0], middle[1] + side * gap)])
                for side in (-1, 1)
            ]
        elif kind == 2:
            teeth = int(random.integers(5, 11))
            x = np.linspace(a[0], b[0], teeth)
            y = np.where(np.arange(teeth) % 2 == 0, low[1], high[1]) + random.normal(0, 0.1, teeth)
            lines = [path(list(np.stack((x, y), axis=1)))]
        elif kind == 3:
            x, y = size * random.uniform(0.8, 1.1, 2) + 0.1
            lines = [arc(middle[0], middle[1], x, y, random.uniform(0, 6), 6.2)]
        else:
            slope = random.uniform(0.5, 1.1)
            steps = np.linspace(low[1] - 0.1, high[1] + 0.3, int(random.integers(3, 7)))
            lines = [path([(a[0], y), (b[0], y - slope * size[0])]) for y in steps]
        drawings.append(digit + lines)
    return drawings


def _digits(labels: str, count: int, random: np.random.Generator) -> list[Strokes]:
    """So many digits out of these, each with its highest and leftmost point at 0."""
    chosen = random.choice([int(label) for label in labels], count)
    drawn = []
    for strokes, _ in draw_digits(chosen, random):
        low = np.concatenate(strokes).min(axis=0)
        drawn.append([stroke - low for stroke in strokes])
    return drawn


KINDS: dict[str, tuple[float, Maker]] = {
    "signs": (18.0, shapes(SIGNS)),
    "characters": (30.0, shapes(CHARACTERS)),
    "scribbles": (15.0, shapes(SCRIBBLES)),
    "letters": (14.0, _letters),
    "words": (3.0, _words),
    "parts of digits": (4.0, _parts),
    "turned digits": (6.0, _turned),
    "digits side by side": (4.0, _side_by_side),
    "digits over each other": (2.0, _over_each_other),
    "digits struck out": (4.0, _struck_out),
}
"""What there is, how often in a hundred, and what makes it."""
