"""Finds what a data file holds by its content, and by its name only if that says nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from digitpad.data.forms.idx import LABELS, PICTURES, WIDE_LABELS, magic_of
from digitpad.ink.files.kinds import STROKE_SUFFIXES
from digitpad.storage.packed import DamagedPackingError, head_of, open_unpacked

if TYPE_CHECKING:
    from pathlib import Path

Form = Literal["strokes", "table", "idx", "arrays", "archive", "binary strokes", "unknown"]
"""In this order: strokes as ndjson, a table of pixels (CSV), a file in MNIST's form, NumPy arrays,
an archive of files, the binary form of Quick, Draw!."""

TABLE_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_NUMPY = b"\x93NUMPY"
_IDX = frozenset({LABELS, PICTURES, WIDE_LABELS})
_BOM = b"\xef\xbb\xbf"
_TAR = slice(257, 262)

_HEAD = 64 * 2**10
"""Number of bytes that are looked at: more than a line of a table of pixels."""

_COLUMNS = 700
"""A line with more columns than this belongs to a table of pixels."""

_MOST_COUNTED = 256 * 2**20
"""Largest number of unpacked bytes in which lines are counted."""


def form_of(path: Path) -> Form:
    """Find what an ordinary file holds.

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
    """Count the lines of a file, or of the part of it that can be unpacked.

    Returns:
        The number of lines; None if the file is too large to count them.

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
