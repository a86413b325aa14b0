"""The idx files of MNIST and of the sets that share its form, read a piece at a time.

The form (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/): big-endian int32 words, a
magic number (2051 pictures, 2049 labels) and the sizes, then one byte a value. QMNIST's labels
(Yadav and Bottou 2019, https://github.com/facebookresearch/qmnist) have eight int32 words each
(magic number 3074), the first of which is the class.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

Split = Literal["train", "test"]

SPLITS: tuple[Split, ...] = get_args(Split)

_PICTURES, _LABELS, _WIDE_LABELS = 2051, 2049, 3074
_WIDE = 8
"""Words of a label of QMNIST."""

_PREFIX: dict[Split, str] = {"train": "train", "test": "t10k"}
# The names of the original files, and those that other programs gave them when unpacking.
_ENDINGS = {
    _PICTURES: ("-images-idx3-ubyte", "-images.idx3-ubyte"),
    _LABELS: ("-labels-idx1-ubyte", "-labels.idx1-ubyte"),
}
_PLACES = ("", "MNIST/raw", "raw")
_HIGHEST = 9
_PIECE = 100_000


@dataclass(frozen=True, slots=True)
class MnistFiles:
    """One split of a set in MNIST's form.

    Attributes:
        pictures: path of the idx3 file, raw or gzipped.
        labels: path of the idx1 file, raw or gzipped.
    """

    pictures: Path
    labels: Path


def find_mnist(folder: Path, split: Split) -> MnistFiles | None:
    """The files of a split, in the folder itself or in its MNIST/raw; None where there are none.

    Raises:
        DigitpadError: the folder has MNIST's files, but not both of this split.
    """
    for place in _PLACES:
        where = folder / place
        found = {(name, magic): _find(where, name, magic) for name in SPLITS for magic in _ENDINGS}
        if not any(found.values()):
            continue
        pictures, labels = found[split, _PICTURES], found[split, _LABELS]
        if pictures is None or labels is None:
            missing = _PICTURES if pictures is None else _LABELS
            raise DigitpadError(
                "{where} lacks the file {prefix}{endings} (or its .gz) of the {split} split.",
                where=where,
                prefix=_PREFIX[split],
                endings=_ENDINGS[missing][0],
                split=split,
            )
        return MnistFiles(pictures, labels)
    return None


def mnist_count(files: MnistFiles) -> int:
    """Number of labelled digits that the headers promise.

    Raises:
        DigitpadError: a header is not MNIST's, or the two do not agree.
    """
    with _open(files.pictures) as pictures, _open(files.labels) as labels:
        return _headers(files, pictures, labels)[0]


def mnist_labels(files: MnistFiles, highest: int = _HIGHEST) -> NDArray[np.int64]:
    """All labels, without the pictures.

    Args:
        files: of both, only the header of the pictures is read.
        highest: the highest label that may occur; MNIST's is 9.

    Returns:
        int64 (n,), from 0 to `highest`.

    Raises:
        DigitpadError: as `read_mnist` does.
    """
    with _open(files.pictures) as pictures, _open(files.labels) as labels:
        count, width = _headers(files, pictures, labels)
        # A piece at a time, so that a damaged header cannot ask for memory without end.
        parts = [
            _read_labels(labels, min(_PIECE, count - start), width, files.labels, highest)
            for start in range(0, count, _PIECE)
        ]
        _check_end(labels, files.labels)
    return np.concatenate(parts)


def read_mnist(
    files: MnistFiles, size: int, highest: int = _HIGHEST
) -> Iterator[tuple[NDArray[np.uint8], list[int]]]:
    """Read glyphs and labels, `size` at a time, so that memory does not grow with the files.

    Args:
        files: the two files.
        size: glyphs at a time.
        highest: the highest label that may occur; MNIST's is 9.

    Yields:
        Glyphs, uint8 (n, 28, 28), and n labels from 0 to `highest`; n is `size` but for the last.

    Raises:
        DigitpadError: a file is not in MNIST's form, truncated, too long, or has a label above
            the highest.
    """
    with ExitStack() as stack:
        pictures = stack.enter_context(_open(files.pictures))
        labels = stack.enter_context(_open(files.labels))
        left, width = _headers(files, pictures, labels)
        while left:
            n = min(size, left)
            content = _read(pictures, n * FIELD * FIELD, files.pictures)
            # A copy that can be written to, which torch asks of every array.
            glyphs = np.frombuffer(content, np.uint8).copy()
            names = _read_labels(labels, n, width, files.labels, highest).tolist()
            yield glyphs.reshape(n, FIELD, FIELD), names
            left -= n
        _check_end(pictures, files.pictures)
        _check_end(labels, files.labels)


def _find(folder: Path, split: Split, magic: int) -> Path | None:
    for ending in _ENDINGS[magic]:
        for packed in ("", ".gz"):
            path = folder / f"{_PREFIX[split]}{ending}{packed}"
            if path.is_file():
                return path
    return None


def _headers(files: MnistFiles, pictures: IO[bytes], labels: IO[bytes]) -> tuple[int, int]:
    """How many there are, and the bytes of a label."""
    magic, count, rows, columns = struct.unpack(">4i", _read(pictures, 16, files.pictures))
    if magic != _PICTURES:
        raise DigitpadError("{pictures} is not a file of MNIST pictures.", pictures=files.pictures)
    if (rows, columns) != (FIELD, FIELD):
        raise DigitpadError(
            "{pictures} has pictures of {rows}x{columns} pixels, and a glyph has {field}x{field}.",
            pictures=files.pictures,
            rows=rows,
            columns=columns,
            field=FIELD,
        )
    magic, label_count = struct.unpack(">2i", _read(labels, 8, files.labels))
    is_wide = magic == _WIDE_LABELS
    if is_wide:
        is_wide = struct.unpack(">i", _read(labels, 4, files.labels)) == (_WIDE,)
    if magic != _LABELS and not is_wide:
        raise DigitpadError("{labels} is not a file of MNIST labels.", labels=files.labels)
    if count != label_count or count < 1:
        raise DigitpadError(
            "{pictures} says that it has {count} pictures, and {labels} that it"
            " has {label_count} labels.",
            pictures=files.pictures,
            count=count,
            labels=files.labels.name,
            label_count=label_count,
        )
    return int(count), 4 * _WIDE if is_wide else 1


def _read_labels(
    file: IO[bytes], n: int, width: int, path: Path, highest: int
) -> NDArray[np.int64]:
    content = _read(file, n * width, path)
    dtype = np.uint8 if width == 1 else np.dtype(">i4")
    labels = np.frombuffer(content, dtype).reshape(n, -1)[:, 0].astype(np.int64)
    wrong = labels[(labels < 0) | (labels > highest)]
    if len(wrong):
        raise DigitpadError(
            "{path} is damaged: it has the label {max}, and its labels go from 0 to {highest}.",
            path=path,
            max=wrong.max(),
            highest=highest,
        )
    return labels


def _check_end(file: IO[bytes], path: Path) -> None:
    if _guarded_read(file, 1, path):
        raise DigitpadError("{path} is damaged: it goes on after its last entry.", path=path)


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        try:
            file: IO[bytes] = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise DigitpadError(
                "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
            ) from error
        if path.suffix == ".gz":
            file = cast("IO[bytes]", stack.enter_context(gzip.open(file)))
        yield file


def _read(file: IO[bytes], size: int, path: Path) -> bytes:
    data = _guarded_read(file, size, path)
    if len(data) < size:
        raise DigitpadError("{path} is damaged: it ends too early.", path=path)
    return data


def _guarded_read(file: IO[bytes], size: int, path: Path) -> bytes:
    try:
        return file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        # A broken gzip stream raises any of these.
        raise DigitpadError(
            "{path} is damaged or cannot be read: {error}.", path=path, error=error
        ) from error
