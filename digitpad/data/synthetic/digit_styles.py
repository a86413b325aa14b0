"""Styles of writing the digits, made from their templates: where the pen goes, as linear maps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SAMPLES = 4
"""Points of a path from one point of a template to the next; the ink's own curve joins them."""

_HEIGHT = 100.0
"""Height of a digit in the units of its templates."""


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """One way to write one digit, or a sign that is none.

    The path of the pen is linear in the points of a template, so a matrix makes it: one of a path
    through every point that keeps the corners, and one of a path that cuts them short, as a quick
    hand does. Any path between the two is legible as well.

    Attributes:
        label: 0 to 9; -1 for a sign that is none.
        name: what it is called.
        weight: how often it is written, against the other styles of its digit; above 0.
        variants: float64 (v, n, 2), the points of its templates, in heights of a digit.
        stroke_of: int64 (n,), the index of the stroke that each point belongs to.
        ends: int64 (2 * strokes,), the first and the last point of each stroke.
        inner: int64 (2 * strokes,), the neighbour of each of these.
        sharp: float64 (m, n), makes the path through the points.
        rounded: float64 (m, n), makes the path that cuts corners.
        breaks: where the m points of a path are parted into strokes, as `numpy.split` takes it.
    """

    label: int
    name: str
    weight: float
    variants: NDArray[np.float64]
    stroke_of: NDArray[np.int64]
    ends: NDArray[np.int64]
    inner: NDArray[np.int64]
    sharp: NDArray[np.float64]
    rounded: NDArray[np.float64]
    breaks: tuple[int, ...]

    @classmethod
    def of(cls, label: int, name: str, weight: float, templates: Sequence[str]) -> Style:
        """A style from its templates, in the notation of digit_templates.txt.

        Raises:
            ValueError: there is no template, one cannot be read, or two differ in structure.
        """
        parsed = [[_parse_stroke(stroke) for stroke in text.split(";")] for text in templates]
        structures = {tuple(corners for _, corners in strokes) for strokes in parsed}
        if len(structures) != 1:
            raise ValueError(f"the style {name!r} needs templates, all of the same structure")
        (structure,) = structures
        lengths = [len(corners) for corners in structure]
        stops = np.cumsum(lengths)
        starts = stops - lengths
        sharp = [_path(corners, _CATMULL_ROM) for corners in structure]
        rounded = [_path((False,) * length, _B_SPLINE) for length in lengths]
        points = [[xy for points, _ in strokes for xy in points] for strokes in parsed]
        return cls(
            label,
            name,
            weight,
            np.array(points) / _HEIGHT,
            np.repeat(np.arange(len(lengths)), lengths),
            np.concatenate((starts, stops - 1)),
            np.concatenate((starts + 1, stops - 2)),
            _block_diagonal(sharp),
            _block_diagonal(rounded),
            tuple(np.cumsum([len(path) for path in sharp])[:-1].tolist()),
        )


@cache
def digit_styles(*, habits: bool = False) -> tuple[tuple[Style, ...], ...]:
    """The styles of each digit, in the order of the digits.

    Args:
        habits: with the habits of some schools of writing, such as slashed zeros.
    """
    files = ("digit_templates.txt", "digit_habits.txt") if habits else ("digit_templates.txt",)
    styles: dict[tuple[int, str], Style] = {}
    for name in files:
        for style in parse_styles(templates(Path(__file__).with_name(name))):
            styles[style.label, style.name] = style
    return tuple(
        tuple(style for style in styles.values() if style.label == digit) for digit in range(10)
    )


def templates(path: Path) -> str:
    """What a file of templates says, without the comments at its head."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def parse_styles(text: str) -> list[Style]:
    """Read styles in the notation of digit_templates.txt.

    Raises:
        ValueError: a line cannot be read, or a style's templates do not fit together.
    """
    blocks: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if not line.startswith(" "):
            blocks.append((line, []))
        elif blocks:
            blocks[-1][1].append(line)
        else:
            raise ValueError("templates come after the line that names their style")
    styles = []
    for head, templates in blocks:
        label, weight, name = head.split(maxsplit=2)
        styles.append(Style.of(int(label), name, float(weight), templates))
    return styles


def _parse_stroke(text: str) -> tuple[list[tuple[float, float]], tuple[bool, ...]]:
    points = []
    for point in text.split(","):
        x, y = point.replace("!", " ").split()
        points.append((float(x), float(y)))
    if len(points) < 2:
        raise ValueError(f"a stroke has two points or more, unlike {text!r}")
    return points, tuple("!" in point for point in text.split(","))


def _path(corners: tuple[bool, ...], basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix of a stroke's path.

    Args:
        corners: for each of the n points, whether the path breaks off there and starts anew.
        basis: float64 (samples, 4), weights of the four points around a segment.

    Returns:
        float64 (m, n); the path begins at the first point and ends at the last.
    """
    last = len(corners) - 1
    cuts = [0, *(i for i in range(1, last) if corners[i]), last]
    every = np.eye(len(corners))
    parts = [every[:1]]
    for start, stop in pairwise(cuts):
        piece = every[start : stop + 1]
        # Virtual neighbours, mirrored at the ends, let both kinds of spline reach its end points.
        p = np.concatenate((2 * piece[:1] - piece[1:2], piece, 2 * piece[-1:] - piece[-2:-1]))
        around = np.stack((p[:-3], p[1:-2], p[2:-1], p[3:]), axis=1)
        parts.append((basis @ around).reshape(-1, len(corners)))
    return np.concatenate(parts)


def _basis(cubic: list[list[float]]) -> NDArray[np.float64]:
    """Weights (samples, 4) from the coefficients of 1, t, t^2 and t^3 for each of four points."""
    t = (np.arange(_SAMPLES) + 1) / _SAMPLES
    powers = np.stack((np.ones(_SAMPLES), t, t**2, t**3), axis=1)
    weights: NDArray[np.float64] = powers @ np.array(cubic).T
    return weights


_CATMULL_ROM = _basis([[0, -0.5, 1, -0.5], [1, 0, -2.5, 1.5], [0, 0.5, 2, -1.5], [0, 0, -0.5, 0.5]])
"""Uniform Catmull-Rom spline: through the points."""

_B_SPLINE = _basis(
    [
        [1 / 6, -1 / 2, 1 / 2, -1 / 6],
        [4 / 6, 0, -1, 1 / 2],
        [1 / 6, 1 / 2, 1 / 2, -1 / 2],
        [0, 0, 0, 1 / 6],
    ]
)
"""Uniform cubic B-spline: beside the points, all the more where they turn."""


def _block_diagonal(blocks: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    whole = np.zeros(np.sum([block.shape for block in blocks], axis=0))
    row = column = 0
    for block in blocks:
        rows, columns = block.shape
        whole[row : row + rows, column : column + columns] = block
        row, column = row + rows, column + columns
    return whole
