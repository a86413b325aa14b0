"""Samples as rows of the database."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import FIELD
from digitpad.ink.picture import decode_picture
from digitpad.ink.stroke_file import parse_strokes, to_ndjson_line
from digitpad.samples.sample import ORIGINS, Answer, Sample
from digitpad.storage.database import DamagedDatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.ink.picture import Picture

COLUMNS = (
    *("label", "strokes", "picture", "glyph", "answer", "confidence", "rejected", "model"),
    *("origin", "flagged", "symbols", "created"),
)
"""Of a row, after its number."""


def to_row(sample: Sample) -> tuple[object, ...]:
    """The values of COLUMNS."""
    drawing, answer = sample.drawing, sample.answer
    strokes = to_ndjson_line(drawing) if drawing.strokes else None
    said: tuple[object, ...] = (None,) * 4
    if answer is not None:
        said = (answer.text, answer.confidence, int(answer.rejected), answer.model)
    return (
        sample.label,
        strokes,
        None if drawing.picture is None else _png(drawing.picture),
        sample.glyph.tobytes(),
        *said,
        sample.origin,
        int(sample.is_flagged),
        sample.symbols,
        sample.created.astimezone(UTC).isoformat(),
    )


def from_row(row: Sequence[Any]) -> Sample:
    """The sample of a row: its number and COLUMNS.

    Raises:
        DamagedDatabaseError: it holds none.
    """
    number, label, strokes, picture, glyph, *rest = row
    answer, confidence, rejected, model, origin, flagged, symbols, created = rest
    try:
        if origin not in ORIGINS:
            raise ValueError(origin)
        return Sample(
            label=label,
            drawing=_drawing(strokes, picture),
            glyph=np.frombuffer(glyph, np.uint8).reshape(FIELD, FIELD),
            answer=None
            if answer is None
            else Answer(answer, float(confidence), bool(rejected), model),
            origin=origin,
            is_flagged=bool(flagged),
            symbols=symbols,
            created=datetime.fromisoformat(created),
            id=number,
        )
    except (DigitpadError, TypeError, ValueError) as error:
        raise DamagedDatabaseError("Sample {number} is damaged.", number=number) from error


def _drawing(strokes: str | None, picture: bytes | None) -> Drawing:
    if strokes is not None:
        (record,) = parse_strokes(strokes.encode(), "sample")
        return record.drawing
    return Drawing(picture=decode_picture(picture or b"", "sample"))


def _png(picture: Picture) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture.pixels, "RGBA").save(file, "PNG")
    return file.getvalue()
