"""Preprocessing: from the ink of a symbol to its glyph, with the stages in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.ink.glyph import StrokeStages, preprocess_all
from digitpad.ink.parts import Part, whole_drawing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from digitpad.ink.drawing import Drawing
    from digitpad.ink.photo.preprocessing import PictureInk, PictureStages

    Stages: TypeAlias = StrokeStages | PictureStages
    """Both kinds have ``boxed`` and ``glyph``."""


def preprocess_part(part: Part) -> Stages:
    """The way from a part of a drawing to its glyph."""
    return preprocess_parts([part])[0]


def preprocess_parts(parts: Sequence[Part]) -> list[Stages]:
    """The same of several parts; of strokes in less time than one after another."""
    strokes = (part.ink for part in parts if isinstance(part.ink, tuple))
    drawn = iter(preprocess_all([[stroke.points for stroke in ink] for ink in strokes]))
    return [next(drawn) if isinstance(part.ink, tuple) else _of_picture(part.ink) for part in parts]


def _of_picture(ink: PictureInk) -> PictureStages:
    # Pictures need scipy, which strokes do without.
    from digitpad.ink.photo.preprocessing import preprocess_ink

    return preprocess_ink(ink)


def preprocess(drawing: Drawing) -> Stages:
    """The way from a drawing of one symbol, such as a labelled sample, to its glyph.

    Raises:
        ValueError: the drawing is empty.
        DigitpadError: there is no ink in its picture.
    """
    return preprocess_part(whole_drawing(drawing))
