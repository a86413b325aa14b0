"""Digits and signs drawn by hand for tests of the division, as strokes of points."""

from __future__ import annotations

import numpy as np

from digitpad.ink.drawing import Drawing

Strokes = list[np.ndarray]


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> np.ndarray:
    """A part of an ellipse around (x, y), from one angle to another, in degrees; y down."""
    angle = np.radians(np.linspace(start, end, max(int(abs(end - start) / 12), 4)))
    return np.stack((x + rx * np.cos(angle), y + ry * np.sin(angle)), axis=1)


def line(*points: tuple[float, float]) -> np.ndarray:
    """From point to point."""
    return np.array(points, np.float64)


def along(*pieces: np.ndarray) -> np.ndarray:
    """One stroke after the other, without lifting the pen."""
    return np.concatenate(pieces)


def digit(name: str) -> Strokes:
    """A digit in a box from x = 0 and y = 0 to y = 100, as it is mostly written."""
    return [stroke.astype(np.float64) for stroke in _DIGITS[name]]


_DIGITS: dict[str, Strokes] = {
    "0": [arc(30, 50, 30, 50, -90, 270)],
    "1": [line((0, 25), (22, 0), (22, 100))],
    "bar": [line((0, 0), (0, 100))],
    "2": [along(arc(28, 27, 27, 27, -170, 30), line((2, 100), (60, 100)))],
    "3": [along(arc(24, 25, 25, 25, -160, 90), arc(24, 74, 30, 26, -90, 160))],
    "4": [line((35, 0), (0, 62), (62, 62)), line((45, 30), (42, 100))],
    "5": [along(line((8, 3), (5, 45)), arc(24, 68, 30, 32, -110, 150)), line((8, 2), (52, 0))],
    "6": [along(line((45, 0), (12, 45), (2, 70)), arc(26, 72, 25, 28, -180, 180))],
    "7": [line((0, 2), (55, 0), (20, 100))],
    "crossed 7": [line((0, 2), (58, 0), (22, 100)), line((8, 52), (62, 48))],
    "8": [
        along(
            arc(28, 25, 22, 25, -20, -200),
            arc(28, 75, 28, 25, -100, 80),
            arc(28, 75, 28, 25, 80, 240),
            arc(28, 25, 22, 25, 120, -20),
        )
    ],
    "9": [along(arc(26, 28, 25, 28, -10, -350), line((51, 35), (46, 100)))],
    "slashed 0": [arc(30, 50, 30, 50, -90, 270), line((55, -4), (5, 104))],
    "H": [line((0, 0), (0, 100)), line((60, 0), (60, 100)), line((0, 50), (60, 50))],
    ".": [line((0, 97), (3, 99), (0, 100))],
    "tap": [line((0, 98))],
    ",": [line((10, 88), (10, 100), (0, 124))],
    "-": [line((0, 52), (45, 50))],
    ":": [line((0, 30), (3, 32)), line((0, 84), (3, 86))],
}


def moved(strokes: Strokes, x: float = 0.0, y: float = 0.0, scale: float = 1.0) -> Strokes:
    """Strokes, larger and elsewhere."""
    return [scale * stroke + (x, y) for stroke in strokes]


def row(*names: str, gap: float = 25.0) -> list[Strokes]:
    """The strokes of several, from left to right."""
    found: list[Strokes] = []
    x = 0.0
    for name in names:
        strokes = digit(name)
        left = min(float(stroke[:, 0].min()) for stroke in strokes)
        found.append(moved(strokes, x - left))
        x = max(float(stroke[:, 0].max()) for stroke in found[-1]) + gap
    return found


def drawn(*symbols: Strokes, scale: float = 2.5) -> Drawing:
    """The drawing of some symbols, on a pad."""
    strokes = [scale * stroke + (120.0, 300.0) for symbol in symbols for stroke in symbol]
    return Drawing.of(strokes, width=22.0)
