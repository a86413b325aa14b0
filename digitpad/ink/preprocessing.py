"""From whatever is on the pad to its glyph, with the steps in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.ink.glyph import StrokeStages, preprocess_strokes

if TYPE_CHECKING:
    from digitpad.ink.drawing import Drawing
    from digitpad.ink.photo.preprocessing import PictureStages


def preprocess(drawing: Drawing) -> StrokeStages | PictureStages:
    """The way from a drawing to its glyph; both kinds of stages have ``boxed`` and ``glyph``.

    Args:
        drawing: has strokes or a picture.

    Raises:
        ValueError: the drawing is empty.
        DigitpadError: there is no ink in its picture.
    """
    if drawing.picture is None:
        return preprocess_strokes(drawing)
    # Pictures need scipy, which strokes and the start of the program do without.
    from digitpad.ink.photo.preprocessing import preprocess_picture

    return preprocess_picture(drawing.picture)
