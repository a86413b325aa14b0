"""What a data file holds, told by its content; its name decides only where that says nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from digitpad.data.forms.idx import LABELS, PICTURES, WIDE_LABELS, magic_of
from digitpad.ink.files.kinds import STROKE_SUFFIXES
from digitpad.storage.packed import DamagedPackingError, head_of, open_unpacked

if TYPE_CHECKING:
    from pathlib import Path

Form = Literal["strokes", "table", "idx", "arrays", "archive", "binary strokes", "unknown"]
"""Strokes as ndjson; a table of pixels (CSV); MNIST's own form; NumPy's; packed files; the binary
form of Quick, Draw!."""

TABLE_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_NUMPY = b"\x93NUMPY"
_IDX = frozenset({LABELS, PICTURES, WIDE_LABELS})
_BOM = b"\xef\xbb\xbf"
_TAR = slice(257, 262)

_HEAD = 64 * 2**10
"""Bytes that are looked at: a line of a table of pixels is shorter."""

_COLUMNS = 700
"""A line with more columns is one of a table of pixels."""

_MOST_COUNTED = 256 * 2**20
"""Bytes, unpacked, in which lines are counted."""


def form_of(path: Path) -> Form:
    """What an ordinary file holds.

    Raises:
        DigitpadError: it cannot be read.
    """
    name = path.name.lower()
    head = head_of(path, _HEAD)
    if head.startswith(_ARCHIVES) or head[_TAR] == b"ustar":
        return "arrays" if name.endswith(".npz") else "archive"
    if head.startswith(_NUMPY):
        return "arrays"
    if magic_of(head) in _IDX:
        return "idx"
    text = head.removeprefix(_BOM).lstrip()
    if text.startswith(b"{") or name.endswith(STROKE_SUFFIXES):
        return "strokes"
    first = text.partition(b"\n")[0]
    if max(map(first.count, (b",", b";", b"\t"))) > _COLUMNS or name.endswith(TABLE_SUFFIXES):
        return "table"
    return "binary strokes" if name.endswith(".bin") and b"\0" in head else "unknown"


def count_lines(path: Path) -> int | None:
    """About how many lines a file has; None where it is too large to be read for that.

    Of a damaged packing those count that can be unpacked.

    Raises:
        DigitpadError: it cannot be read.
    """
    lines = read = 0
    last = b""
    with open_unpacked(path) as file, suppress(DamagedPackingError):
        while piece := file.read(2**20):
            read += len(piece)
            if read > _MOST_COUNTED:
                return None
            lines += piece.count(b"\n")
            last = piece
    return lines + (bool(last) and not last.endswith(b"\n"))
