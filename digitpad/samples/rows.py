"""Samples and sets of symbols as rows of the database."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.glyph import FIELD
from digitpad.ink.picture import decode_picture
from digitpad.ink.preprocessing import preprocess
from digitpad.ink.stroke_file import parse_strokes, to_ndjson_line
from digitpad.samples.pictures import png
from digitpad.samples.sample import ORIGINS, Answer, Sample
from digitpad.text import writable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_YEARS = 1970, 9000


def to_row(sample: Sample) -> tuple[object, ...]:
    """The columns of a sample: its number, NULL for a new one, and what `SELECT` gives."""
    drawing, answer = sample.drawing, sample.answer
    said: tuple[object, ...] = (None,) * 4
    if answer is not None:
        said = (
            *(writable(answer.text), answer.confidence),
            *(int(answer.rejected), writable(answer.model)),
        )
    return (
        sample.id or None,
        writable(sample.label),
        to_ndjson_line(drawing) if drawing.strokes else None,
        None if drawing.picture is None else png(drawing.picture.pixels),
        sample.glyph.tobytes(),
        *said,
        sample.origin,
        int(sample.is_flagged),
        writable(sample.symbols),
        sample.created.astimezone(UTC).isoformat(),
    )


def from_row(row: Sequence[Any]) -> Sample:
    """The sample of a row, as `SELECT` gives it.

    Raises:
        DigitpadError: it is damaged, or one of a kind that a newer version has.
    """
    number, label, strokes, picture, glyph, answer, confidence, rejected, model, *rest = row
    origin, flagged, symbols, created = rest
    try:
        # Text that is none comes as bytes.
        if not all(isinstance(text, str) for text in (label, symbols)) or origin not in ORIGINS:
            raise ValueError(label)
        time = datetime.fromisoformat(created)
        # In every time zone it is a date.
        if time.tzinfo is None or not _YEARS[0] <= time.year <= _YEARS[1]:
            raise ValueError(created)
        drawing = _drawing(strokes, picture)
        return Sample(
            label=label,
            drawing=drawing,
            glyph=_glyph(glyph, drawing),
            answer=_answer(answer, confidence, rejected, model),
            origin=origin,
            is_flagged=bool(flagged),
            symbols=symbols,
            created=time,
            id=number,
        )
    except (DigitpadError, TypeError, ValueError) as error:
        raise DigitpadError(
            "The sample {number} cannot be read: it is damaged, or of a newer Digitpad.",
            number=number,
        ) from error


def rows_of(
    connection: sqlite3.Connection, query: str, values: Sequence[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows that a query selects; what stands for text and is none comes as bytes."""
    connection.text_factory = text_or_bytes
    yield from connection.execute(query, values)


def text_or_bytes(text: bytes) -> str | bytes:
    """Text of a connection: what is none, as damage makes it, stays bytes."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text


def classes_of(text: Any) -> tuple[str, ...] | None:
    """The classes of a set of symbols, from their column; None if that is damaged."""
    with suppress(TypeError, ValueError, RecursionError):
        classes = json.loads(text)
        if isinstance(classes, list) and all(isinstance(name, str) for name in classes):
            return tuple(classes)
    return None


def _answer(text: Any, confidence: Any, rejected: Any, model: Any) -> Answer | None:
    if text is None:
        return None
    share = float(confidence)
    if not (isinstance(text, str) and isinstance(model, str) and 0 <= share <= 1):
        raise ValueError(text)
    return Answer(text, share, bool(rejected), model)


def _glyph(content: Any, drawing: Drawing) -> NDArray[np.uint8]:
    """The glyph of a column, or where that is damaged of the drawing."""
    if isinstance(content, bytes) and len(content) == FIELD * FIELD:
        return np.frombuffer(content, np.uint8).reshape(FIELD, FIELD)
    return preprocess(drawing).glyph


def _drawing(strokes: Any, picture: Any) -> Drawing:
    if isinstance(strokes, str):
        (record,) = parse_strokes(strokes.encode(), "sample")
        return record.drawing
    return Drawing(picture=decode_picture(picture, "sample"))
