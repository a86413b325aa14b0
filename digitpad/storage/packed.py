"""Files that may be gzipped, whatever they are called."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from digitpad.errors import DigitpadError
from digitpad.storage.problems import unreadable

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC = b"\x1f\x8b"
_MAGIC_BYTES = len(_MAGIC)

_LEAST = 4096
"""Packed bytes that give a first few."""


@contextmanager
def open_unpacked(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked where it is gzipped.

    Errors of reading it within the context become sentences, too.

    Raises:
        DigitpadError: it cannot be read, or its packing is damaged.
    """
    try:
        # Reading a pipe or a device might never end.
        if path.exists() and not path.is_file():
            raise DigitpadError("{path} is not a file: choose a file of drawings.", path=path)
        with path.open("rb") as raw, unpacked(raw, str(path)) as file:
            yield file
    except OSError as error:
        raise unreadable(path, error) from None


@contextmanager
def unpacked(raw: io.BufferedReader, name: str) -> Iterator[BinaryIO]:
    """As `open_unpacked`, of a file that is open, or of a pipe, which errors call by this name."""
    try:
        if raw.peek(_MAGIC_BYTES).startswith(_MAGIC):
            with gzip.open(raw) as inside:
                yield cast("BinaryIO", inside)
        else:
            yield raw
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DigitpadError(
            "{path} is damaged or incomplete: it could not be unpacked to its end. Copy or"
            " download it again.",
            path=name,
        ) from None


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of an ordinary file, unpacked where it is gzipped.

    Raises:
        DigitpadError: it cannot be read. Of a damaged packing it is what could be unpacked.
    """
    try:
        with path.open("rb") as file:
            head = file.read(max(size, _LEAST))
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not head.startswith(_MAGIC):
        return head[:size]
    try:
        return zlib.decompressobj(wbits=31).decompress(head, size)
    except zlib.error:
        return b""


def is_packed(path: Path) -> bool:
    """Whether a file is gzipped.

    Raises:
        DigitpadError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_MAGIC_BYTES) == _MAGIC
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
