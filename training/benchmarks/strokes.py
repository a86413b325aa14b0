"""Drawings to measure with: real pen strokes where there are any, else made-up ones."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from digitpad.ink.drawing import Drawing
from digitpad.ink.stroke_file import read_strokes
from digitpad.learning.augmentation.redraw import Redrawing, distort

SEVEN = Path(__file__).resolve().parent.parent.parent / "tests" / "seven.ndjson"


def pen_file(data: Path | None) -> Path | None:
    """The pen strokes below a data folder; None without such a folder."""
    return None if data is None else data / "pen" / "digits.ndjson.gz"


def drawings(data: Path | None, count: int) -> list[Drawing]:
    """So many drawings: the first ones of the pen strokes, or one seven in many hands."""
    path = pen_file(data)
    if path is not None:
        return [record.drawing for record in itertools.islice(read_strokes(path), count)]
    (seven,) = read_strokes(SEVEN)
    strokes = [stroke.points for stroke in seven.drawing.strokes]
    random = np.random.default_rng(0)
    return [Drawing.of(distort(strokes, Redrawing(), random)) for _ in range(count)]
