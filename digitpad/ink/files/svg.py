"""SVG files that Digitpad has saved, opened again."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import LIGHTEST, Drawing, Stroke
from digitpad.ink.picture import decode_picture
from digitpad.ink.stroke_file import MAX_COORDINATE, MAX_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MAX_SVG_BYTES = 32 * 2**20
"""Size of the largest SVG file that is read; one with a picture of the largest size has less."""

_FRAME = re.compile(
    r'<\?xml version="1.0" encoding="UTF-8"\?>|<svg [^<>]*>|</svg>|</g>|'
    r'<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">|'
)
_N = r"(-?[0-9.]{1,400})"
_PATH = re.compile(rf'path stroke-width="{_N}" d="([-MC0-9. ]*)"/')
_CURVE = re.compile(rf"M{_N} {_N}((?:C{' '.join(['-?[0-9.]+'] * 6)})+)")
_DOT = re.compile(rf'<circle cx="{_N}" cy="{_N}" r="{_N}" fill="#000" stroke="none"/>')
_IMAGE = re.compile(
    r'<image width="[0-9]+" height="[0-9]+" xlink:href="data:image/png;base64,([^"]*)"/>'
)


def parse_svg(data: bytes, name: str, cancelled: Callable[[], bool] | None = None) -> Drawing:
    """The drawing in the content of an SVG file, whose every line is one that `to_svg` writes.

    What a stroke's line says are the points that the curve goes through, so that the curve comes
    out as it was. Of its widths, those between two points are known.

    Args:
        data: content of the file.
        name: of the file in errors.
        cancelled: see `digitpad.ink.picture.read_picture`.

    Raises:
        DigitpadError: another program has written it, or it is too large.
    """
    if len(data) > MAX_SVG_BYTES:
        raise DigitpadError(
            "{name} is larger than {megabytes} MB, which no drawing saved by Digitpad is.",
            name=name,
            megabytes=MAX_SVG_BYTES // 2**20,
        )
    strokes: list[Stroke] = []
    points = 0
    try:
        for line in data.decode().splitlines():
            if _FRAME.fullmatch(line):
                continue
            image = _IMAGE.fullmatch(line)
            if image is not None and not strokes:
                content = base64.b64decode(image[1], validate=True)
                return Drawing(picture=decode_picture(content, name, cancelled))
            strokes.append(_stroke(line))
            points += len(strokes[-1].points)
            if points > MAX_POINTS:
                raise ValueError("too many points")
    except (ValueError, binascii.Error):
        strokes = []
    if not strokes:
        raise DigitpadError(
            "{name} is an SVG drawing of another program, which Digitpad does not read: export it"
            " as PNG and open that.",
            name=name,
        )
    return Drawing(tuple(strokes))


def _stroke(line: str) -> Stroke:
    """A stroke from its line: a dot, one curve, or a curve in pieces from point to point."""
    dot = _DOT.fullmatch(line)
    if dot is not None:
        return Stroke.of([[_number(dot[1]), _number(dot[2])]], width=2 * _width(_number(dot[3])))
    points: list[NDArray[np.float64]] = []
    # At each point, from the pieces before it and after it.
    widths: list[list[float]] = [[]]
    for pieces in map(_pieces, line.split("> <")):
        (first, curve), last = pieces[0], pieces[-1][0]
        way = curve if len(pieces) == 1 else np.stack((curve[0], pieces[-1][1][-1]))
        points.extend(way[1:] if points else way)
        widths[-1].append(first)
        widths.extend([first] for _ in way[2:])
        widths.append([last])
    at_points = np.array([sum(some) / len(some) for some in widths])
    full = _width(float(at_points.max()))
    pressures = (at_points / full - LIGHTEST) / (1.0 - LIGHTEST)
    return Stroke.of(points, pressures.clip(0.0, 1.0), width=full)


def _pieces(text: str) -> list[tuple[float, NDArray[np.float64]]]:
    """The width of each path in a text, and the points that it goes through, (n, 2)."""
    pieces = []
    for path in text.removeprefix("<").removesuffix(">").split("><"):
        found = _PATH.fullmatch(path)
        curve = _CURVE.fullmatch(found[2]) if found is not None else None
        if found is None or curve is None:
            raise ValueError("no path of ours")
        numbers = [_number(one) for one in re.split("[C ]", curve[3])[1:]]
        through = np.array(numbers).reshape(-1, 3, 2)[:, 2]
        start = [_number(curve[1]), _number(curve[2])]
        pieces.append((_number(found[1]), np.vstack((start, through))))
    return pieces


def _width(written: float) -> float:
    """A width that may have been rounded to nothing, in a drawing a million times as large."""
    return written or 1e-9


def _number(text: str) -> float:
    value = float(text)
    if not abs(value) <= MAX_COORDINATE:
        raise ValueError("a number that no drawing has")
    return value
