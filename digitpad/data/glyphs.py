"""Drawings and pictures on disk become glyphs, exactly as the pad makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import FIELD
from digitpad.ink.picture import read_picture
from digitpad.ink.preprocessing import preprocess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Batch = tuple[NDArray[np.uint8], tuple[str, ...]]

T = TypeVar("T")


def drawing_glyph(drawing: Drawing, source: str) -> NDArray[np.uint8]:
    """The glyph of a drawing, uint8 (28, 28).

    Args:
        drawing: strokes or a picture, not empty.
        source: names the drawing in errors.

    Raises:
        DigitpadError: there is no ink.
    """
    try:
        return preprocess(drawing).glyph
    except DigitpadError as error:
        raise DigitpadError("{source}: {error}", source=source, error=error) from error


def picture_glyph(path: Path) -> NDArray[np.uint8]:
    """The glyph of a picture, uint8 (28, 28).

    Raises:
        DigitpadError: the file is no picture, or it shows no ink.
    """
    return drawing_glyph(Drawing(picture=read_picture(path)), str(path))


def batches_of(
    named: Iterable[tuple[str, T]],
    glyph: Callable[[T], NDArray[np.uint8]],
    size: int,
    chosen: NDArray[np.int64] | None,
) -> Iterator[Batch]:
    """Batches as `digitpad.data.readers.Reader` promises them.

    Args:
        named: the name of each drawing, and what its glyph is made of.
        glyph: makes it; asked for the chosen drawings only.
        size: drawings that make a batch.
        chosen: rising places of the drawings that are wanted; None wants all.
    """
    wanted = None if chosen is None else frozenset(chosen.tolist())
    glyphs: list[NDArray[np.uint8]] = []
    names: list[str] = []
    for place, (name, drawing) in enumerate(named, start=1):
        if wanted is None or place - 1 in wanted:
            glyphs.append(glyph(drawing))
            names.append(name)
        if place % size == 0:
            yield _stacked(glyphs), tuple(names)
            glyphs, names = [], []
    if glyphs:
        yield _stacked(glyphs), tuple(names)


def _stacked(glyphs: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return np.stack(glyphs) if glyphs else np.empty((0, FIELD, FIELD), dtype=np.uint8)
