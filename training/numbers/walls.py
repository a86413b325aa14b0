"""The wall of mistakes: drawings that are misread, with the parts that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digitpad.recognition.recognition import Recognition

COLUMNS = 6
_WIDTH, _HEIGHT, _MARGIN, _TEXT = 300, 190, 8, 16
"""Of a cell, and around and below the drawing in it, in pixels."""

_COLOURS = ("#1a1a1a", "#d62728", "#1f5fb4", "#2a8a2a", "#d07a00", "#8a3fb0", "#7a4a30", "#1a8a8a")
_REJECTED = "#9a9a9a"


def wall(mistakes: Sequence[tuple[Recognition, str]]) -> Image.Image:
    """A grid of drawings; of strokes, each part has a colour, and rejected ones are grey.

    Args:
        mistakes: what was read of each drawing, and the words below it; at least one.
    """
    rows = -(-len(mistakes) // COLUMNS)
    image = Image.new("RGB", (COLUMNS * _WIDTH, rows * _HEIGHT), "white")
    for at, (found, words) in enumerate(mistakes):
        row, column = divmod(at, COLUMNS)
        image.paste(_cell(found, words), (column * _WIDTH, row * _HEIGHT))
    return image


def _cell(found: Recognition, words: str) -> Image.Image:
    cell = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(cell)
    draw.rectangle((0, 0, _WIDTH - 1, _HEIGHT - 1), outline="#c4c4c0")
    draw.text((_MARGIN, _HEIGHT - _TEXT), words.replace("\n", " / "), fill="#222222")
    room = np.array([_WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN - _TEXT], dtype=np.float64)
    picture = found.drawing.picture
    if picture is None:
        _draw_strokes(draw, found, room)
        return cell
    shown = Image.fromarray(picture.pixels).convert("RGB")
    boxes = ImageDraw.Draw(shown)
    for at, part in enumerate(found.parts):
        boxes.rectangle(part.bounds, outline=_colour(found, at), width=2)
    shown.thumbnail((int(room[0]), int(room[1])))
    cell.paste(shown, (_MARGIN, _MARGIN))
    return cell


def _draw_strokes(draw: ImageDraw.ImageDraw, found: Recognition, room: NDArray[np.float64]) -> None:
    points = np.concatenate([stroke.points for stroke in found.drawing.strokes])
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-9)
    scale = float((room / extent).min())
    for at, part in enumerate(found.parts):
        assert isinstance(part.ink, tuple)
        for stroke in part.ink:
            path = (stroke.points - low) * scale + _MARGIN
            line = [(x, y) for x, y in path.tolist()]
            draw.line([*line, line[-1]], _colour(found, at), 2)
            draw.ellipse((*(path[0] - 2), *(path[0] + 2)), fill=_colour(found, at))


def _colour(found: Recognition, at: int) -> str:
    prediction = found.parts[at].prediction
    if prediction is not None and prediction.rejected:
        return _REJECTED
    return _COLOURS[at % len(_COLOURS)]
