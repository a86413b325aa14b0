"""How people write the ten digits: stroke templates in several styles for each.

A template is a line of text, as its author drew it on squared paper: points "x y" in the order of
the pen, x to the right and y down, about 100 units high; commas part points, semicolons strokes.
"!" after a point makes it a corner; elsewhere the pen runs smoothly. A style has one template or
several of the same structure: its variants, between which any mixture is also legible.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SAMPLES = 4
"""Points of the pen's path from one point of a template to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """One way to write a digit.

    The pen's path is linear in the template's points: a matrix gives it, one for a path that
    keeps the corners and passes through every point, one for a path that cuts them short.

    Attributes:
        name: for people.
        weight: how often it is written, against the digit's other styles.
        variants: float64 (variants, n, 2), the points of all strokes in templates of the same
            structure, in units of the digit's height.
        stroke_of: int64 (n,), the stroke that each point belongs to.
        ends: int64 (2 * strokes, 2): for both ends of each stroke, the index of its last point
            and of the point before it.
        sharp: float64 (m, n), the path through the points.
        rounded: float64 (m, n), the path that cuts corners.
        breaks: where the path's points are parted into strokes, as numpy.split takes them.
    """

    name: str
    weight: float
    variants: NDArray[np.float64]
    stroke_of: NDArray[np.int64]
    ends: NDArray[np.int64]
    sharp: NDArray[np.float64]
    rounded: NDArray[np.float64]
    breaks: tuple[int, ...]

    @classmethod
    def parse(cls, name: str, weight: float, *templates: str) -> Style:
        """A style from its templates.

        Raises:
            ValueError: there is no template, a template cannot be read, or two have strokes of
                different lengths or different corners.
        """
        parsed = [[_parse_stroke(stroke) for stroke in text.split(";")] for text in templates]
        structures = {tuple(corners for _, corners in strokes) for strokes in parsed}
        if len(structures) != 1:
            raise ValueError(f"the templates of {name!r} must be at least one, of one structure")
        (structure,) = structures
        lengths = [len(corners) for corners in structure]
        starts = np.cumsum([0, *lengths])
        sharp = [_path(corners, _through) for corners in structure]
        # A corner is cut by passing over it like any other point.
        rounded = [_path((False,) * length, _beside) for length in lengths]
        return cls(
            name,
            weight,
            np.array([[xy for points, _ in strokes for xy in points] for strokes in parsed]) / 100,
            np.repeat(np.arange(len(lengths)), lengths),
            np.array([pair for start, stop in zip(starts, starts[1:], strict=False)
                      for pair in ((start, start + 1), (stop - 1, stop - 2))]),
            _block_diagonal(sharp),
            _block_diagonal(rounded),
            tuple(np.cumsum([len(path) for path in sharp])[:-1].tolist()),
        )


def _parse_stroke(text: str) -> tuple[list[tuple[float, float]], tuple[bool, ...]]:
    points, corners = [], []
    for point in text.split(","):
        x, y = point.replace("!", "").split()
        points.append((float(x), float(y)))
        corners.append("!" in point)
    if len(points) < 2:
        raise ValueError(f"a stroke has at least two points: {text!r}")
    return points, tuple(corners)


def _path(corners, basis):
    """The matrix float64 (m, n) that takes the n points of a stroke to its path."""
    unit = np.eye(len(corners))
    cuts = [0, *(i for i, corner in enumerate(corners) if corner and 0 < i < len(corners) - 1), len(corners) - 1]
    parts = [unit[:1]]
    for start, stop in zip(cuts, cuts[1:], strict=False):
        piece = unit[start : stop + 1]
        # Virtual neighbours, mirrored at the ends: the path begins and ends at its points.
        p = np.concatenate((2 * piece[:1] - piece[1:2], piece, 2 * piece[-1:] - piece[-2:-1]))
        neighbours = np.stack((p[:-3], p[1:-2], p[2:-1], p[3:]))
        parts.append(np.einsum("tk,ksn->stn", basis(), neighbours).reshape(-1, len(corners)))
    return np.concatenate(parts)


def _through():
    """Uniform Catmull-Rom."""
    t = (np.arange(SAMPLES)+1)/SAMPLES
    return np.stack((-t+2*t**2-t**3, 2-5*t**2+3*t**3, t+4*t**2-3*t**3, t**3-t**2), axis=1)/2


def _beside():
    t = (np.arange(SAMPLES)+1)/SAMPLES
    return np.stack(((1-t)**3, 4-6*t**2+3*t**3, 1+3*t+3*t**2-3*t**3, t**3), axis=1)/6


def _block_diagonal(blocks):
    whole = np.zeros((sum(len(b) for b in blocks), sum(b.shape[1] for b in blocks)))
    row = column = 0
    for block in blocks:
        whole[row:row+len(block), column:column+block.shape[1]] = block
        row += len(block)
        column += block.shape[1]
    return whole


_TEMPLATES = {
    "0": (
        ("from the top right", 5.0,
         "44 4, 26 0, 8 14, 0 42, 4 72, 20 98, 42 97, 60 74, 64 44, 58 16, 44 4",
         "56 10, 34 2, 12 14, 0 42, 2 74, 22 98, 46 98, 66 76, 72 46, 60 16, 36 4",
         "40 0, 26 4, 14 24, 6 48, 4 76, 12 98, 26 94, 38 74, 46 48, 48 22, 44 6",
         "34 6, 20 2, 6 20, 0 46, 4 76, 18 98, 36 98, 50 76, 54 46, 46 18, 26 10"),
        ("loop at the top", 1.5,
         "62 4, 44 12, 24 4, 6 22, 0 54, 8 86, 30 100, 54 86, 64 56, 56 26, 38 12, 22 16",
         "44 -6, 36 8, 20 10, 6 28, 0 58, 8 88, 26 100, 44 88, 52 58, 48 26, 38 8, 30 -2"),
        ("clockwise", 1.0,
         "20 6, 36 0, 54 14, 62 44, 56 76, 38 98, 18 96, 4 72, 0 44, 6 18, 22 4",
         "10 20, 28 2, 54 8, 66 40, 60 78, 40 98, 16 94, 2 70, 0 42, 6 22, 24 6"),
        ("from below", 0.7,
         "30 100, 52 90, 64 60, 62 28, 44 2, 20 2, 4 28, 0 58, 8 86, 30 100",
         "22 96, 46 98, 66 68, 64 32, 48 2, 24 2, 6 26, 0 54, 4 78, 18 92"),
        ("from the left", 0.7,
         "2 40, 0 62, 10 90, 32 100, 54 88, 64 58, 60 24, 42 2, 20 4, 6 24, 2 44",
         "10 30, 2 62, 12 92, 34 98, 56 82, 62 52, 54 18, 36 0, 18 4, 8 16, 2 26"),
        ("slashed", 0.15,
         "44 4, 26 0, 8 14, 0 42, 4 72, 20 98, 42 97, 60 74, 64 44, 58 16, 44 4; 66 4, 34 50, 0 98"),
    ),
    "1": (
        ("bar", 6.0, "0 0, 0 50, 0 100", "0 0, 3 50, 0 100", "0 0, -3 50, 0 100"),
        ("flag", 3.0, "0 18, 14 8, 24 0!, 24 50, 24 100", "0 36, 16 16, 28 0!, 28 50, 26 100",
         "0 22, 12 18, 22 0!, 22 50, 24 100"),
        ("long flag", 2.0, "0 46, 22 24, 42 0!, 42 50, 42 100", "0 58, 22 30, 40 0!, 40 50, 42 100",
         "0 36, 26 24, 48 0!, 46 50, 44 100"),
        ("flag and base", 1.5,
         "4 20, 16 10, 28 0!, 28 50, 28 100; 0 100, 28 100, 56 99",
         "0 36, 16 20, 32 0!, 32 50, 32 98; 8 98, 32 98, 58 98"),
        ("base", 0.5, "24 0, 24 50, 24 100; 0 100, 24 100, 50 100"),
        ("serif", 0.3, "4 4, 24 0!, 24 50, 24 100; 0 100, 24 100, 50 100"),
    ),
    "2": (
        ("round", 4.0,
         "2 24, 14 4, 38 0, 54 16, 50 40, 28 70, 2 98!, 32 96, 64 98",
         "0 18, 20 2, 44 2, 58 20, 52 46, 32 72, 6 96!, 34 98, 60 94",
         "4 30, 10 8, 30 0, 46 10, 48 34, 30 66, 0 100!, 24 100, 50 100"),
        ("loop", 3.0,
         "4 22, 18 4, 42 0, 56 16, 50 44, 30 74, 10 94, 0 90, 6 78, 22 80, 44 94, 68 96",
         "0 16, 22 0, 46 4, 54 24, 42 52, 22 82, 6 98, -4 88, 6 74, 24 78, 46 90, 70 86",
         "8 26, 20 6, 40 2, 52 16, 48 42, 34 68, 22 88, 12 92, 12 84, 24 84, 40 94, 58 98"),
        ("z", 2.0,
         "2 6, 28 2, 56 2!, 30 50, 0 98!, 30 98, 62 98",
         "0 12, 26 4, 54 6!, 36 48, 4 98!, 32 96, 60 92"),
        ("swan", 1.5,
         "2 28, 10 8, 32 0, 50 14, 48 42, 30 72, 8 94, 18 92, 36 92, 52 98, 68 92",
         "0 20, 18 2, 42 2, 54 20, 46 50, 22 80, 2 98, 16 92, 34 94, 54 100, 72 94"),
        ("curled", 1.0,
         "20 28, 8 26, 8 8, 30 0, 50 12, 48 40, 28 70, 2 98!, 32 96, 64 98",
         "22 24, 6 30, 2 12, 26 0, 52 10, 52 40, 32 70, 6 98!, 34 98, 62 98"),
    ),
    "3": (
        ("round", 4.0,
         "2 14, 20 0, 44 4, 48 24, 36 40, 20 46!, 42 50, 58 70, 48 94, 22 100, 0 90",
         "0 10, 24 0, 48 10, 48 30, 34 42, 12 48!, 44 52, 60 74, 46 96, 22 100, -2 92",
         "6 18, 22 2, 44 6, 46 22, 40 36, 28 44!, 46 52, 52 72, 42 92, 20 100, 4 94"),
        ("flat top", 2.0,
         "2 2, 28 2, 54 2!, 38 22, 22 42!, 46 48, 60 70, 48 94, 22 100, 0 92",
         "0 6, 26 4, 50 0!, 38 20, 22 38!, 42 44, 56 66, 48 92, 24 100, 4 96"),
        ("looped waist", 1.5,
         "2 14, 20 0, 44 6, 46 26, 30 44, 18 50, 18 42, 34 46, 54 62, 52 88, 26 100, 0 92",
         "6 10, 28 0, 48 8, 46 26, 32 44, 16 46, 14 38, 32 44, 52 60, 50 86, 24 100, -4 90"),
        ("soft waist", 1.5,
         "2 12, 22 0, 46 6, 48 26, 36 42, 40 52, 56 68, 50 92, 24 100, 0 92",
         "4 18, 24 0, 44 6, 44 26, 38 44, 40 52, 50 70, 44 92, 22 100, 2 96"),
    ),
    "4": (
        ("open, two strokes", 4.0,
         "10 6, 6 26, 2 52!, 30 54, 64 54; 46 0, 44 50, 42 100",
         "20 0, 10 28, 0 56!, 28 54, 66 50; 48 16, 46 58, 44 100",
         "4 0, 2 20, 4 44!, 26 46, 60 46; 50 0, 46 50, 42 100"),
        ("round, two strokes", 2.0,
         "4 0, 0 24, 6 44, 24 50, 48 44; 52 0, 48 50, 42 100",
         "8 4, 2 28, 8 50, 30 52, 56 44; 50 -4, 48 44, 48 100"),
        ("round, one stroke", 2.5,
         "4 0, 0 24, 8 44, 28 46, 46 30, 54 4!, 50 50, 44 100",
         "10 0, 2 24, 6 42, 22 46, 44 36, 56 8!, 48 52, 38 100",
         "0 6, 2 30, 12 46, 32 44, 46 32, 52 14!, 50 56, 46 100"),
        ("open, one stroke", 1.5,
         "8 0, 4 24, 0 50!, 24 50, 46 48!, 50 24, 54 0!, 50 50, 46 100",
         "12 4, 6 26, 2 48!, 24 50, 44 50!, 46 30, 48 6!, 46 52, 44 100"),
        ("closed, two strokes", 2.0,
         "46 0, 22 34, 0 66!, 34 66, 68 66; 46 0, 46 50, 46 100",
         "42 4, 20 30, 0 58!, 34 58, 66 56; 44 0, 42 50, 40 100",
         "38 0, 18 28, 0 60!, 32 58, 62 56; 42 22, 40 60, 38 100"),
        ("closed, one stroke", 1.5,
         "48 100, 48 50, 48 0!, 24 32, 0 64!, 32 64, 66 64",
         "46 100, 44 50, 44 0!, 20 24, 0 50!, 34 52, 64 52",
         "42 100, 46 50, 50 2!, 24 26, 2 52!, 30 54, 60 58"),
        ("long stem", 1.5,
         "8 0, 4 16, 0 34!, 22 34, 46 32; 44 0, 42 50, 38 100",
         "14 2, 6 16, 0 30!, 22 32, 44 30; 40 4, 38 50, 36 100"),
    ),
    "5": (
        ("one stroke", 3.0,
         "58 2, 36 2, 14 4!, 10 24, 6 44!, 26 36, 50 46, 58 68, 46 94, 20 100, 0 90",
         "52 0, 34 2, 16 4!, 12 22, 8 42!, 26 38, 48 48, 54 70, 42 94, 18 98, -4 94",
         "62 0, 36 4, 12 8!, 10 26, 10 46!, 28 44, 48 54, 52 72, 42 94, 20 100, 0 96"),
        ("two strokes", 3.0,
         "14 4, 10 22, 6 42!, 26 36, 50 46, 58 68, 46 94, 20 100, 0 90; 14 4, 38 2, 62 0",
         "12 8, 10 26, 8 46!, 28 40, 48 50, 54 72, 42 94, 20 100, 2 96; 16 6, 40 2, 66 -2",
         "16 2, 10 22, 6 40!, 24 38, 46 48, 52 70, 40 92, 18 98, -4 92; 20 8, 42 4, 66 2"),
        ("like an S", 2.5,
         "58 0, 34 2, 14 14, 10 32, 26 46, 46 58, 52 76, 38 96, 16 100, 0 92",
         "66 2, 40 2, 16 10, 12 28, 28 40, 46 54, 50 74, 36 94, 14 98, -4 92",
         "52 4, 32 0, 12 16, 8 36, 24 46, 42 56, 46 76, 32 96, 12 98, -6 90"),
        ("angular", 1.0,
         "56 0, 34 2, 12 4!, 10 26, 8 46!, 28 46, 48 50, 52 72, 44 92, 22 98, 0 98",
         "54 0, 32 4, 14 6!, 8 26, 2 46!, 24 40, 46 50, 48 70, 36 90, 16 98, -4 100"),
    ),
    "6": (
        ("curved", 4.0,
         "42 0, 22 18, 6 46, 0 76, 14 98, 38 98, 52 78, 42 58, 20 60, 4 78",
         "50 4, 24 14, 6 42, 0 72, 12 96, 36 100, 54 82, 46 60, 24 58, 8 72",
         "32 0, 18 22, 6 50, 2 78, 14 98, 32 96, 42 80, 34 66, 20 68, 8 82"),
        ("straight", 2.0,
         "30 0, 18 26, 6 54, 2 80, 16 100, 38 96, 46 78, 34 64, 16 68, 4 82",
         "22 0, 12 26, 4 54, 2 80, 14 98, 34 98, 46 82, 38 66, 20 64, 6 74",
         "52 0, 32 26, 12 52, 2 78, 12 98, 34 98, 46 82, 38 68, 20 68, 8 80"),
        ("large loop", 1.5,
         "48 2, 26 6, 8 32, 0 66, 12 96, 38 100, 58 76, 48 46, 24 44, 6 62",
         "40 0, 20 14, 6 38, 0 70, 16 98, 42 94, 54 66, 42 42, 20 46, 6 66"),
        ("small loop", 1.5,
         "36 0, 18 24, 4 54, 0 82, 12 100, 28 98, 36 84, 28 74, 16 80, 10 94",
         "44 4, 22 24, 6 52, 0 80, 12 100, 30 98, 38 84, 26 76, 12 84, 8 98"),
        ("curl inside", 1.0,
         "40 0, 20 20, 6 48, 0 78, 16 100, 40 92, 46 72, 32 62, 20 72, 22 86",
         "46 2, 22 18, 6 46, 2 76, 18 98, 40 92, 46 74, 34 64, 24 72, 28 82"),
    ),
    "7": (
        ("plain", 4.0,
         "0 6, 28 4, 58 2!, 40 48, 24 100",
         "0 2, 28 2, 54 2!, 44 50, 34 100",
         "0 12, 26 8, 56 0!, 34 44, 10 100"),
        ("crossed", 2.5,
         "0 6, 28 4, 58 2!, 40 48, 24 100; 12 50, 36 48, 62 46",
         "0 10, 24 6, 52 0!, 38 48, 22 100; 16 54, 36 52, 56 52",
         "0 4, 30 2, 60 2!, 38 44, 18 100; 6 52, 34 48, 64 40"),
        ("serif", 1.5,
         "2 20, 0 12, 0 2!, 30 2, 60 0!, 40 48, 24 100",
         "4 26, 2 16, 4 4!, 30 6, 56 4!, 42 50, 32 100",
         "0 16, 4 10, 8 0!, 32 4, 60 2!, 38 44, 16 100"),
        ("serif and cross", 1.0,
         "2 20, 0 12, 0 2!, 30 2, 60 0!, 40 48, 24 100; 14 52, 36 50, 62 46"),
        ("curved stem", 2.0,
         "0 4, 28 2, 56 0!, 36 32, 26 66, 24 100",
         "0 8, 26 4, 56 2!, 42 30, 28 64, 20 100"),
        ("rounded", 2.0,
         "0 16, 14 2, 38 0, 50 14, 44 44, 34 72, 26 100",
         "0 20, 8 6, 30 4, 48 8, 46 38, 38 68, 30 100",
         "0 8, 20 6, 42 0, 52 10, 40 40, 26 68, 12 100"),
        ("wave", 1.0,
         "0 14, 12 2, 32 8, 58 2!, 38 48, 24 100",
         "0 20, 10 4, 30 6, 56 -2!, 42 48, 30 100"),
    ),
    "8": (
        ("from the top right", 4.0,
         "52 14, 36 0, 12 6, 8 26, 26 44, 48 60, 50 84, 30 100, 6 90, 4 70, 22 50, 44 32, 52 12",
         "56 10, 34 2, 10 10, 8 30, 28 46, 46 62, 44 86, 24 100, 2 88, 4 66, 24 48, 48 32, 60 14",
         "44 16, 34 2, 18 4, 14 22, 24 42, 36 62, 36 86, 20 100, 6 88, 8 68, 24 48, 40 32, 44 10"),
        ("from the top left", 1.5,
         "10 14, 28 0, 50 10, 50 30, 30 46, 8 62, 2 84, 22 100, 46 92, 52 72, 34 52, 12 34, 8 14",
         "16 10, 34 2, 50 12, 44 32, 28 46, 10 62, 6 84, 22 100, 42 90, 44 70, 30 50, 14 34, 12 14"),
        ("from the middle", 1.0,
         "28 46, 48 30, 48 8, 28 0, 8 8, 10 30, 28 48, 46 64, 48 88, 28 100, 6 90, 8 66, 28 48",
         "24 50, 42 30, 46 8, 30 -2, 12 10, 12 30, 26 46, 42 62, 44 86, 24 100, 4 88, 8 66, 30 42"),
        ("two circles", 1.0,
         "28 46, 10 38, 8 12, 28 0, 48 12, 46 38, 28 46; 28 46, 4 60, 2 86, 28 100, 54 86, 52 60, 28 46",
         "32 44, 16 38, 14 14, 32 0, 50 12, 48 36, 30 44; 26 44, 4 58, 0 84, 22 98, 46 86, 48 60, 28 46"),
        ("open", 2.0,
         "54 20, 40 2, 14 4, 8 24, 26 42, 46 58, 48 82, 28 100, 6 92, 2 74, 18 54, 36 40, 50 32",
         "50 6, 30 0, 10 8, 8 28, 26 46, 44 62, 42 86, 22 100, 4 88, 6 68, 26 50, 48 34, 66 10"),
    ),
    "9": (
        ("straight stem", 4.0,
         "50 10, 30 0, 8 8, 2 30, 16 46, 36 40, 50 18!, 46 56, 42 100",
         "52 14, 32 2, 8 12, 2 34, 18 48, 40 38, 52 12!, 52 56, 52 100",
         "46 10, 28 0, 8 10, 4 28, 16 40, 34 34, 46 14!, 36 56, 24 100"),
        ("curved stem", 3.0,
         "48 12, 28 0, 6 10, 2 32, 18 46, 40 38, 50 18, 52 46, 40 76, 20 100",
         "44 8, 24 0, 4 12, 2 32, 16 44, 36 36, 46 20, 46 46, 40 74, 34 100",
         "50 16, 34 0, 12 8, 6 30, 20 42, 40 36, 50 20, 46 46, 30 74, 8 98"),
        ("like a g", 2.0,
         "48 10, 28 0, 6 10, 2 32, 18 44, 38 36, 48 14!, 50 48, 48 82, 28 100, 2 92",
         "50 14, 30 0, 8 8, 4 30, 20 44, 40 36, 50 16!, 52 50, 42 84, 22 100, 2 96"),
        ("head from below", 1.0,
         "44 40, 22 46, 4 32, 8 10, 30 0, 48 14, 50 42, 46 70, 40 100",
         "46 30, 26 44, 6 36, 4 14, 24 0, 46 10, 52 40, 42 72, 24 100"),
        ("small head", 1.5,
         "40 8, 26 0, 8 6, 4 20, 16 30, 32 22, 42 8!, 36 54, 30 100",
         "36 10, 22 0, 6 8, 4 22, 16 28, 30 22, 38 10!, 38 54, 38 100"),
        ("two strokes", 1.0,
         "48 12, 28 0, 6 10, 2 32, 18 46, 38 40, 48 16; 50 6, 48 54, 44 100"),
    ),
}


@cache
def styles() -> tuple[tuple[Style, ...], ...]:
    """The styles of each digit, in the order of the digits."""
    return tuple(tuple(Style.parse(*style) for style in _TEMPLATES[digit]) for digit in "0123456789")
