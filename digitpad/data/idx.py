"""The idx files of MNIST and of the datasets that share its form, read a piece at a time.

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
from typing import IO, TYPE_CHECKING, ClassVar, Literal, cast, get_args

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.user_files import Batch

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
_PIECE = 100_000


@dataclass(frozen=True, slots=True)
class IdxFiles:
    """Pictures and labels in MNIST's form; a `digitpad.data.readers.Reader`.

    Attributes:
        pictures: path of the idx3 file, raw or gzipped.
        labels: path of the idx1 file, raw or gzipped.
        title: what the dataset is called.
        description: see `Reader`.
        names_of_labels: what the labels mean, in their order; others are damage.
        first: the lowest label.
        classes: see `Reader`.
        is_transposed: whether rows and columns are swapped.
    """

    piece: ClassVar[int] = 2000
    pictures: Path
    labels: Path
    title: str
    description: str = "MNIST files"
    names_of_labels: tuple[str, ...] = tuple("0123456789")
    first: int = 0
    classes: tuple[str, ...] | None = None
    is_transposed: bool = False

    @property
    def source(self) -> Path:
        """See `Reader`."""
        return self.pictures.parent

    def count(self) -> int:
        """Number of labelled pictures that the headers promise.

        Raises:
            DigitpadError: a header is not MNIST's, or the two do not agree.
        """
        with _open(self.pictures) as pictures, _open(self.labels) as labels:
            return self._headers(pictures, labels)[0]

    def names(self) -> Iterator[str]:
        """See `Reader`; of the pictures only the header is read."""
        for label in self.indices():
            yield self.names_of_labels[label]

    def indices(self) -> list[int]:
        """All labels, counted from `first`.

        Raises:
            DigitpadError: as `batches` does.
        """
        indices: list[int] = []
        with _open(self.pictures) as pictures, _open(self.labels) as labels:
            left, width = self._headers(pictures, labels)
            # A piece at a time, so that a damaged header cannot ask for memory without end.
            while left:
                n = min(_PIECE, left)
                indices += self._read_labels(labels, n, width)
                left -= n
            _check_end(labels, self.labels)
        return indices

    def batches(self, size: int, chosen: NDArray[np.int64] | None = None) -> Iterator[Batch]:
        """See `Reader`; whatever is chosen, all of it is read and checked.

        Raises:
            DigitpadError: a file is not in MNIST's form, truncated, too long, or has a label that
                means nothing.
        """
        with ExitStack() as stack:
            pictures = stack.enter_context(_open(self.pictures))
            labels = stack.enter_context(_open(self.labels))
            total, width = self._headers(pictures, labels)
            for start in range(0, total, size):
                n = min(size, total - start)
                content = _read(pictures, n * FIELD * FIELD, self.pictures)
                # A copy that can be written to, which torch asks of every array.
                glyphs = np.frombuffer(content, np.uint8).copy().reshape(n, FIELD, FIELD)
                indices = self._read_labels(labels, n, width)
                if self.is_transposed:
                    glyphs = np.ascontiguousarray(glyphs.transpose(0, 2, 1))
                if chosen is not None:
                    low, high = np.searchsorted(chosen, (start, start + n))
                    wanted = chosen[low:high] - start
                    glyphs, indices = glyphs[wanted], [indices[i] for i in wanted.tolist()]
                yield glyphs, tuple(self.names_of_labels[index] for index in indices)
            _check_end(pictures, self.pictures)
            _check_end(labels, self.labels)

    def _headers(self, pictures: IO[bytes], labels: IO[bytes]) -> tuple[int, int]:
        """How many there are, and the bytes of a label."""
        magic, count, rows, columns = struct.unpack(">4i", _read(pictures, 16, self.pictures))
        if magic != _PICTURES:
            raise DigitpadError(
                "{pictures} is not a file of MNIST pictures.", pictures=self.pictures
            )
        if (rows, columns) != (FIELD, FIELD):
            raise DigitpadError(
                "{pictures} has pictures of {rows}x{columns} pixels, and a glyph has"
                " {field}x{field}.",
                pictures=self.pictures,
                rows=rows,
                columns=columns,
                field=FIELD,
            )
        magic, label_count = struct.unpack(">2i", _read(labels, 8, self.labels))
        is_wide = magic == _WIDE_LABELS
        if is_wide:
            is_wide = struct.unpack(">i", _read(labels, 4, self.labels)) == (_WIDE,)
        if magic != _LABELS and not is_wide:
            raise DigitpadError("{labels} is not a file of MNIST labels.", labels=self.labels)
        if count != label_count or count < 1:
            raise DigitpadError(
                "{pictures} says that it has {count} pictures, and {labels} that it"
                " has {label_count} labels.",
                pictures=self.pictures,
                count=count,
                labels=self.labels.name,
                label_count=label_count,
            )
        return int(count), 4 * _WIDE if is_wide else 1

    def _read_labels(self, file: IO[bytes], n: int, width: int) -> list[int]:
        content = _read(file, n * width, self.labels)
        dtype = np.uint8 if width == 1 else np.dtype(">i4")
        labels = np.frombuffer(content, dtype).reshape(n, -1)[:, 0].astype(np.int64)
        highest = self.first + len(self.names_of_labels) - 1
        wrong = labels[(labels < self.first) | (labels > highest)]
        if len(wrong):
            raise DigitpadError(
                "{path} is damaged: it has the label {label}, and its labels go from {first} to"
                " {highest}.",
                path=self.labels,
                label=int(wrong[0]),
                first=self.first,
                highest=highest,
            )
        indices: list[int] = (labels - self.first).tolist()
        return indices


def find_mnist(folder: Path, split: Split) -> IdxFiles | None:
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
        return IdxFiles(
            pictures,
            labels,
            f"Folder {folder.resolve().name}",
            f"MNIST files, {split} split",
        )
    return None


def _find(folder: Path, split: Split, magic: int) -> Path | None:
    for ending in _ENDINGS[magic]:
        for packed in ("", ".gz"):
            path = folder / f"{_PREFIX[split]}{ending}{packed}"
            if path.is_file():
                return path
    return None


def _check_end(file: IO[bytes], path: Path) -> None:
    if _guarded_read(file, 1, path):
        raise DigitpadError("{path} is damaged: it goes on after its last entry.", path=path)


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        with os_errors("{path} cannot be read: {reason}.", path=path):
            file: IO[bytes] = stack.enter_context(path.open("rb"))
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
