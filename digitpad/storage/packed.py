"""Files that may be gzipped, whatever they are called."""

from __future__ import annotations

import gzip
import zlib
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from digitpad.errors import DigitpadError
from digitpad.storage.problems import unreadable

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

_MAGIC = b"\x1f\x8b"
_MAGIC_BYTES = len(_MAGIC)

_LEAST = 4096
"""Packed bytes that give a first few."""


class DamagedPackingError(DigitpadError):
    """A file cannot be unpacked to its end."""

    def after(self, line: int) -> DigitpadError:
        """The same of a file of which the lines up to this one could be read."""
        return DigitpadError(
            "{reason} What follows line {line} is missing.", reason=self, line=line
        )


class UnpackedFile:
    """A file of bytes to read; errors are sentences that name it.

    Args:
        file: what is read.
        path: where it lies, or what to call it.
    """

    def __init__(self, file: IO[bytes], path: Path | str) -> None:
        self._file = file
        self._path = path

    def read(self, size: int) -> bytes:
        """So many bytes, or what is left."""
        try:
            return self._file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise _problem(self._path, error) from error

    def readline(self, size: int) -> bytes:
        """The next line with its end, or so many bytes of it.

        Raises:
            DamagedPackingError: what comes now cannot be unpacked.
            DigitpadError: the file cannot be read.
        """
        try:
            return self._file.readline(size)
        except (OSError, EOFError, zlib.error) as error:
            raise _problem(self._path, error) from error


@contextmanager
def open_unpacked(path: Path) -> Iterator[UnpackedFile]:
    """A file's bytes, unpacked where it is gzipped.

    Raises:
        DigitpadError: it cannot be read; what is read then may raise it as well.
    """
    check_file(path)
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(path.open("rb"))
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from error
        yield stack.enter_context(unpacked(raw, path))


@contextmanager
def unpacked(raw: io.BufferedReader, name: Path | str) -> Iterator[UnpackedFile]:
    """As `open_unpacked`, of a file that is open, or of a pipe, which errors call by this name."""
    try:
        is_gzip = raw.peek(_MAGIC_BYTES).startswith(_MAGIC)
    except OSError as error:
        raise unreadable(Path(name), error) from error
    if is_gzip:
        with gzip.open(raw) as inside:
            yield UnpackedFile(cast("IO[bytes]", inside), name)
    else:
        yield UnpackedFile(raw, name)


def _problem(path: Path | str, error: Exception) -> DigitpadError:
    # A broken gzip stream raises any of these.
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return DamagedPackingError(
            "{path} is damaged or incomplete: it could not be unpacked to its end. Copy or"
            " download it again.",
            path=path,
        )
    return unreadable(Path(path), error)


def check_file(path: Path) -> None:
    """Refuse a folder, a pipe or a device, the reading of which might never end.

    Raises:
        DigitpadError: so it is, or the system does not take the name.
    """
    try:
        is_other = path.exists() and not path.is_file()
    except OSError as error:
        raise unreadable(path, error) from error
    if is_other:
        raise DigitpadError("{path} is not a file: choose a file of drawings.", path=path)


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
