"""A drawing as a standalone SVG file (https://www.w3.org/TR/SVG11/)."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np

from digitpad.ink.curve import bezier_segments, curve_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing, Stroke
    from digitpad.ink.picture import Picture

_MARGIN = 0.05
"""Empty space around the ink, as a share of its longer side."""


def to_svg(drawing: Drawing) -> str:
    """A drawing as SVG: the pad's own curves in black, round caps and joins, no background.

    Where the pressure varies, the curve is cut into short pieces of one width each. The units are
    those of the drawing. A picture is embedded as PNG.

    Raises:
        ValueError: the drawing is empty.
    """
    if drawing.picture is not None:
        return _picture_svg(drawing.picture)
    if not drawing.strokes:
        raise ValueError("an empty drawing has no SVG")
    corners = [curve_bounds(stroke.points) for stroke in drawing.strokes]
    reach = [stroke.widths.max() / 2 for stroke in drawing.strokes]
    low = np.min([low - half for (low, _), half in zip(corners, reach, strict=True)], axis=0)
    high = np.max([high + half for (_, high), half in zip(corners, reach, strict=True)], axis=0)
    margin = _MARGIN * float((high - low).max())
    low, high = low - margin, high + margin
    # As many decimals as a drawing of this extent needs: 1e-5 of it.
    decimals = int(np.clip(5 - np.floor(np.log10(float((high - low).max()))), 0, 300))

    def number(value: float) -> str:
        text = f"{float(value):.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text

    # A line for each stroke, with a space at each of its points: whoever opens the file again
    # (`digitpad.ink.files.svg`) sees what belongs together.
    lines = [" ".join(_stroke_elements(stroke, number)) for stroke in drawing.strokes]
    width, height = map(number, high - low)
    return _document(
        " ".join((*map(number, low), width, height)),
        width,
        height,
        '<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">\n'
        + "\n".join(lines)
        + "\n</g>",
    )


def _stroke_elements(stroke: Stroke, number: Callable[[float], str]) -> list[str]:
    segments = bezier_segments(stroke.points)
    widths = stroke.widths
    if len(segments) == 0:
        x, y = map(number, stroke.points[0])
        radius = number(float(widths.max()) / 2)
        return [f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#000" stroke="none"/>']
    if (widths == widths[0]).all():
        return [_path(segments, widths[0], number)]
    # A repeated point makes no segment of its own; the first of its pressures counts.
    first = np.concatenate(([True], np.any(np.diff(stroke.points, axis=0) != 0, axis=1)))
    at = widths[first].tolist()
    return [
        "".join(_path([piece], width, number) for piece, width in _pieces(segment, start, end))
        for segment, start, end in zip(segments, at[:-1], at[1:], strict=True)
    ]


def _pieces(
    segment: NDArray[np.float64], start: float, end: float
) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Cut a Bezier segment into pieces so short that their widths differ by a tenth at most."""
    count = int(np.clip(np.ceil(abs(end - start) / (0.1 * max(start, end))), 1, 10))
    for index in range(count):
        middle = (index + 0.5) / count
        # De Casteljau's construction: first what is left after this piece's start, then its end.
        rest = _split(segment, index / count)[1]
        piece = _split(rest, 1 / (count - index))[0]
        yield piece, start + middle * (end - start)


def _split(p: NDArray[np.float64], t: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    q = p[:-1] + t * (p[1:] - p[:-1])
    r = q[:-1] + t * (q[1:] - q[:-1])
    s = r[0] + t * (r[1] - r[0])
    return np.stack((p[0], q[0], r[0], s)), np.stack((s, r[1], q[2], p[3]))


def _path(
    segments: Sequence[NDArray[np.float64]] | NDArray[np.float64],
    width: float,
    number: Callable[[float], str],
) -> str:
    path = "M" + " ".join(map(number, segments[0][0]))
    for segment in segments:
        path += "C" + " ".join(map(number, segment[1:].ravel()))
    return f'<path stroke-width="{number(width)}" d="{path}"/>'


def _picture_svg(picture: Picture) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture.pixels).save(file, "PNG")
    height, width = picture.pixels.shape[:2]
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return _document(
        f"0 0 {width} {height}",
        str(width),
        str(height),
        f'<image width="{width}" height="{height}" xlink:href="data:image/png;base64,{data}"/>',
    )


def _document(view_box: str, width: str, height: str, content: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="{view_box}">\n{content}\n</svg>\n'
    )
