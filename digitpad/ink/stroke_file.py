"""Files of drawings: one JSON object a line, in the form of Google's Quick, Draw! files.

``{"word": "7", "key_id": "42", "drawing": [[[x, x, ...], [y, y, ...]], ...]}``: one pair of lists
a stroke, x to the right, y down, in any unit (https://github.com/googlecreativelab/quickdraw-dataset).
The raw form has a third list a stroke, the time, which is passed over. Digitpad adds two keys that
other programs pass over: ``width``, one number a stroke, and ``pressure``, one list a stroke; with
them a saved drawing opens exactly as it was. ``flagged`` says that a label may be a slip.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.drawing import DEFAULT_WIDTH, Drawing, Stroke
from digitpad.storage.packed import DamagedPackingError, open_unpacked, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.storage.packed import UnpackedFile

MAX_LINE_BYTES = 8 * 2**20
"""A longer line is passed over, which bounds the memory that one drawing can take. More of empty
lines in a row is refused: a packed file of a few megabytes can hold hours of reading."""

MAX_POINTS = 250_000
"""Points in one drawing, about five minutes without lifting the pen off a fast tablet."""

MAX_COORDINATE = 1e9
"""Greatest coordinate or width, in any unit, that can still be drawn to the pixel."""

_MOST_SKIPPED = 1000
"""Lines that are no drawings, before the first that is one: the file holds something else."""

_MOST_PASSED = 64 * MAX_LINE_BYTES
"""Bytes of lines that are too long, after which a file is refused."""

_WIDTH_OF_EXTENT = 0.085
"""Width of ink that no file names, as a share of the drawing's longer side: what the default pen
looks like on a digit of usual size."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class StrokeRecord:
    """One drawing of a file.

    Attributes:
        drawing: has at least one stroke.
        word: what it shows, its label, where the file says so.
        key_id: the file's own name for it, where it has one.
        writer: who drew it, where the file says so.
        line: number of its line in the file, from 1.
        is_flagged: whether the file says that the label may be a slip.
    """

    drawing: Drawing
    word: str | None
    key_id: str | None
    writer: str | None
    line: int
    is_flagged: bool = False


class _FormError(DigitpadError):
    """Why a line is no drawing."""


def read_strokes(
    path: Path, skip: Callable[[int, DigitpadError], None] | None = None
) -> Iterator[StrokeRecord]:
    """The drawings of a file, gzipped or not, read one at a time. Empty lines are passed over.

    Args:
        path: of the file.
        skip: called with the number of each line that is not a drawing and what is wrong with it;
            the reading then continues. What cannot be unpacked counts as one line.

    Raises:
        DigitpadError: the file cannot be read or holds no drawing, or a line is not a drawing and
            `skip` is None; the drawings before that line have then been given.
    """
    with open_unpacked(path) as file:
        yield from _records(file, str(path), skip)


def parse_strokes(data: bytes, name: str) -> Iterator[StrokeRecord]:
    """As `read_strokes`, from the content of a file, not packed, which errors call by this name."""
    return _records(io.BytesIO(data), name, None)


def stream_strokes(
    stream: io.BufferedReader, name: str, skip: Callable[[int, DigitpadError], None] | None = None
) -> Iterator[StrokeRecord]:
    """As `read_strokes`, from a pipe or standard input, which errors call by this name."""
    with unpacked(stream, name) as file:
        yield from _records(file, name, skip)


def _records(
    file: io.BytesIO | UnpackedFile, name: str, skip: Callable[[int, DigitpadError], None] | None
) -> Iterator[StrokeRecord]:
    skipped, found = 0, False
    first_problem: DigitpadError | None = None
    for number, line in _lines(file, name):
        if isinstance(line, bytes):
            try:
                record = _parse(line, number)
            except _FormError as error:
                problem = DigitpadError(
                    "Line {number} of {name} is not a drawing. {reason} A file of strokes has one"
                    ' drawing per line, like {{"word": "7", "drawing": [[[1, 2], [3, 4]]]}}.',
                    number=number,
                    name=name,
                    reason=error,
                )
            else:
                found = True
                yield record
                continue
        else:
            problem = line
        if skip is None:
            raise problem from None
        skip(number, problem)
        first_problem = first_problem or problem
        skipped += 1
        if skipped > _MOST_SKIPPED and not found:
            break
    if not found:
        if first_problem is not None:
            raise first_problem
        raise DigitpadError("There is no drawing in {name}: it is empty.", name=name)


def _lines(
    file: io.BytesIO | UnpackedFile, name: str
) -> Iterator[tuple[int, bytes | DigitpadError]]:
    """The lines with something in them and their numbers, or what is wrong with one."""
    number = empty = passed = 0
    try:
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if number == 1:
                line = line.removeprefix(_BOM)
            if len(line) > MAX_LINE_BYTES:
                problem = DigitpadError(
                    "Line {number} of {name} is longer than {megabytes} MB: this is not a file of"
                    " drawings, which has one drawing per line.",
                    number=number,
                    name=name,
                    megabytes=MAX_LINE_BYTES // 2**20,
                )
                yield number, problem
                while line and not line.endswith(b"\n"):
                    line = file.readline(MAX_LINE_BYTES)
                    passed += len(line)
                    if passed > _MOST_PASSED:
                        raise problem
            elif line.strip():
                empty = 0
                yield number, line
            else:
                empty += len(line)
                if empty > MAX_LINE_BYTES:
                    raise DigitpadError(
                        "Up to line {number}, {name} has more than {megabytes} MB of empty lines:"
                        " this is not a file of drawings, which has one drawing per line.",
                        number=number,
                        name=name,
                        megabytes=MAX_LINE_BYTES // 2**20,
                    )
    except DamagedPackingError as error:
        if not number:
            raise
        yield number + 1, error.after(number)


def _parse(line: bytes, number: int) -> StrokeRecord:
    try:
        data = json.loads(line.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise _FormError("It is not text.") from None
    except _FormError:
        raise
    except (ValueError, RecursionError):
        raise _FormError("It is not a JSON object.") from None
    if not isinstance(data, dict):
        raise _FormError("It is not a JSON object.")
    if "drawing" not in data:
        raise _FormError('It has no "drawing".')
    return StrokeRecord(
        drawing=_drawing(data),
        word=_label(data, "word"),
        key_id=_label(data, "key_id"),
        writer=_label(data, "writer"),
        line=number,
        is_flagged=data.get("flagged") is True,
    )


def _no_constant(name: str) -> NoReturn:
    raise _FormError("It holds {name}, which is not a number.", name=name)


def _label(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _FormError('It has a "{key}" that is not text.', key=key)


def _drawing(data: dict[str, Any]) -> Drawing:
    lists = data["drawing"]
    if not isinstance(lists, list) or not lists:
        raise _FormError("It has a drawing without strokes.")
    count = 0
    points = []
    for stroke in lists:
        # Further lists, the time in Quick, Draw!'s raw form, are passed over.
        if not isinstance(stroke, list) or len(stroke) < 2:
            raise _FormError("It has a stroke that is not a list of x and a list of y.")
        x, y = _numbers(stroke[0]), _numbers(stroke[1])
        if len(x) != len(y):
            raise _FormError("It has a stroke with different numbers of x and y.")
        if len(x) == 0:
            raise _FormError("It has a stroke without points.")
        count += len(x)
        if count > MAX_POINTS:
            raise _FormError("It has more than {most} points.", most=MAX_POINTS)
        points.append(np.stack((x, y), axis=1))
    widths = _widths(data.get("width"), points)
    pressures = _pressures(data.get("pressure"), points)
    return Drawing(tuple(map(Stroke, points, pressures, widths)))


def _numbers(values: object) -> NDArray[np.float64]:
    """A JSON list of numbers, each within the greatest coordinate, as an array."""
    if not isinstance(values, list) or not set(map(type, values)) <= {int, float}:
        raise _FormError("It has a list with something in it that is not a number.")
    try:
        array = np.array(values, dtype=np.float64)
    except OverflowError:
        array = np.array([np.inf])
    if not (np.abs(array) <= MAX_COORDINATE).all():
        raise _FormError("It holds a number beyond {most:.0e}.", most=MAX_COORDINATE)
    return array


def _widths(values: object, points: list[NDArray[np.float64]]) -> list[float]:
    if values is None:
        every = np.concatenate(points)
        extent = float((every.max(axis=0) - every.min(axis=0)).max())
        # Above the smallest numbers, so that the width is above 0 as well.
        width = extent * _WIDTH_OF_EXTENT if extent > 1e-100 else DEFAULT_WIDTH
        return [width] * len(points)
    widths = _numbers(values)
    if len(widths) != len(points) or not (widths > 0).all():
        raise _FormError("It has a width that is not one number above 0 for each stroke.")
    return [float(width) for width in widths]


def _pressures(values: object, points: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    if values is None:
        return [np.ones(len(stroke)) for stroke in points]
    if not isinstance(values, list) or len(values) != len(points):
        raise _FormError("It has a pressure that is not one list for each stroke.")
    pressures = [_numbers(value) for value in values]
    for pressure, stroke in zip(pressures, points, strict=True):
        if len(pressure) != len(stroke) or not ((pressure >= 0) & (pressure <= 1)).all():
            raise _FormError("It has a pressure that is not one number from 0 to 1 for each point.")
    return pressures


def to_ndjson_line(
    drawing: Drawing,
    word: str | None = None,
    key_id: str | None = None,
    *,
    is_flagged: bool = False,
) -> str:
    """A drawing as one line of a file, in ASCII, its newline included.

    Numbers are written so that they are read back to the last bit; the others are as in
    `StrokeRecord`.

    Raises:
        ValueError: the drawing has no strokes.
    """
    if not drawing.strokes:
        raise ValueError("only a drawing with strokes can be written as strokes")
    names = {"word": word, "key_id": key_id}
    data: dict[str, Any] = {key: name for key, name in names.items() if name is not None}
    if is_flagged:
        data["flagged"] = True
    data["drawing"] = [
        [_short(stroke.points[:, 0]), _short(stroke.points[:, 1])] for stroke in drawing.strokes
    ]
    data["width"] = _short(np.array([stroke.width for stroke in drawing.strokes], np.float64))
    if any((stroke.pressures != 1).any() for stroke in drawing.strokes):
        data["pressure"] = [_short(stroke.pressures) for stroke in drawing.strokes]
    # ASCII, so that any text that was read can be written, lone surrogates too.
    return json.dumps(data, allow_nan=False, separators=(",", ":")) + "\n"


def _short(values: NDArray[np.float64]) -> list[float]:
    """The same numbers, whole ones as integers, which JSON writes without ".0"."""
    return [int(value) if value.is_integer() else value for value in values.tolist()]
