"""A lesson: one part of a drawing on the pad as a sample that stands for itself. Without torch."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.parts import whole_drawing
from digitpad.ink.picture import Picture
from digitpad.ink.preprocessing import preprocess_part
from digitpad.samples.pictures import MAX_SIDE
from digitpad.samples.sample import Answer, Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.ink.photo.preprocessing import PictureInk
    from digitpad.recognition.recognition import RecognizedPart
    from digitpad.samples.sample import Origin

_MARGIN = 0.25
"""Paper around the ink of a crop, as a share of the ink's longer side."""

_ALIKE = 6.0
"""Glyphs whose levels differ by no more than this in the mean, of 255, show the same."""


def lesson_of(
    part: RecognizedPart,
    drawing: Drawing,
    label: str,
    *,
    origin: Origin,
    model: str = "",
    symbols: str = "",
) -> Sample:
    """A sample of one part: its strokes, or a crop of the picture that has it alone.

    Its glyph is the part's own, as it was recognized.

    Args:
        part: of the drawing; with a prediction, which becomes the sample's answer.
        drawing: has the part.
        label: what the user says that the part is.
        origin: whether this corrects the prediction or confirms it.
        model: name of the model that has predicted.
        symbols: see `Sample.symbols`.
    """
    said = part.prediction
    answer = None if said is None else Answer(said.text, said.confidence, said.rejected, model)
    glyph = part.stages.glyph
    ink = part.ink
    alone = Drawing(ink) if isinstance(ink, tuple) else Drawing(picture=_crop(part, ink, drawing))
    return Sample(label, alone, glyph, answer=answer, origin=origin, symbols=symbols)


def _crop(part: RecognizedPart, ink: PictureInk, drawing: Drawing) -> Picture:
    """The picture around a part; if its glyph is another one there, the part's ink on paper.

    Something of a neighbour may be within the first one.
    """
    pictures = [_drawn(ink)]
    if drawing.picture is not None:
        pictures.insert(0, _around(part, drawing.picture))
    found: list[tuple[float, Picture]] = []
    for picture in pictures:
        with suppress(DigitpadError):
            alone = whole_drawing(Drawing(picture=picture))
            glyph = preprocess_part(alone).glyph
            difference = float(np.abs(glyph.astype(float) - part.stages.glyph).mean())
            if alone.is_alone or not part.is_alone:
                if difference <= _ALIKE:
                    return picture
                found.append((difference, picture))
    return min(found, key=lambda one: one[0])[1] if found else pictures[-1]


def _around(part: RecognizedPart, picture: Picture) -> Picture:
    """The picture around a part, reduced."""
    height, width = picture.pixels.shape[:2]
    left, top, right, bottom = part.bounds
    margin = _MARGIN * max(right - left, bottom - top)
    x, y = max(int(left - margin), 0), max(int(top - margin), 0)
    right, bottom = min(int(right + margin) + 1, width), min(int(bottom + margin) + 1, height)
    pixels = picture.pixels[y : int(bottom), x : int(right)]
    return _reduced(pixels)


def _drawn(ink: PictureInk) -> Picture:
    """The ink of a part alone, black on white."""
    if ink.close_up is not None:
        shares = ink.close_up
    else:
        left, top, right, bottom = ink.bounds
        shares = ink.ink[top:bottom, left:right]
    margin = max(round(_MARGIN * max(shares.shape)), 2)
    grey: NDArray[np.uint8] = np.rint(255 * (1 - np.pad(shares, margin))).astype(np.uint8)
    return _reduced(np.stack([grey, grey, grey, np.full_like(grey, 255)], axis=-1))


def _reduced(pixels: NDArray[np.uint8]) -> Picture:
    """As large as samples keep it: the finer it is, the surer thin strokes are found again."""
    from PIL import Image

    image = Image.fromarray(pixels)
    if max(image.size) > MAX_SIDE:
        scale = MAX_SIDE / max(image.size)
        width, height = (max(round(scale * side), 1) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BOX)
    return Picture(np.array(image))
