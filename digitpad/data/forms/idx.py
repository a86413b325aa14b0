"""Reads the idx files of MNIST and of datasets in its form, a piece at a time.

The form (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/): big-endian int32 words, a
magic number (2051 for pictures, 2049 for labels) and the sizes, then a byte for each value. In
QMNIST (Yadav and Bottou 2019, https://github.com/facebookresearch/qmnist) a label has eight int32
words (magic number 3074), of which the first is the class.
"""

from __future__ import annotations

import struct
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from digitpad.data.batches import Batch, Origin
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.storage.packed import is_packed, open_unpacked
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.left_out import LeftOut
    from digitpad.storage.packed import UnpackedFile

Split = Literal["train", "test"]

PICTURES, LABELS, WIDE_LABELS = 2051, 2049, 3074
_WIDE = 8
"""Number of words of a label in QMNIST."""

_PIECE = 100_000

_MOST_PACKED = 1040
"""Deflate makes nothing smaller than by a factor of 1032; this is a little more."""


@dataclass(frozen=True, slots=True)
class IdxFiles:
    """A reader of pictures and labels in MNIST's form.

    Attributes:
        pictures: path of the idx3 file, packed by gzip or not, whatever its name.
        labels: path of the idx1 file, likewise.
        title: see `digitpad.data.readers.Reader`.
        description: see `Reader`.
        names_of_labels: names of the classes of the labels, in order; other labels are damage.
        first: the lowest label.
        classes: see `Reader`.
        is_transposed: whether rows and columns are swapped in the file.
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
        """Number of samples by the headers.

        Raises:
            DigitpadError: a header is not MNIST's, or the two do not agree.
        """
        with open_unpacked(self.pictures) as pictures, open_unpacked(self.labels) as labels:
            return self._headers(pictures, labels)[0]

    def names(self, left_out: LeftOut | None = None) -> Iterator[str]:  # noqa: ARG002
        """See `Reader`. Of the pictures only the header is read.

        Nothing is left out: where a file is damaged cannot be known, so damage is an error.
        """
        for label in self.indices():
            yield self.names_of_labels[label]

    def notice(self) -> None:
        """See `Reader`."""

    def indices(self) -> NDArray[np.uint8]:
        """Index of the class of each sample, uint8 (n,).

        Raises:
            DigitpadError: as in `batches`.
        """
        indices: list[NDArray[np.uint8]] = []
        with open_unpacked(self.pictures) as pictures, open_unpacked(self.labels) as labels:
            left, width = self._headers(pictures, labels)
            # A piece at a time, so that a damaged header cannot ask for endless memory.
            while left:
                n = min(_PIECE, left)
                indices.append(self._read_labels(labels, n, width))
                left -= n
            _check_end(labels, self.labels)
        return np.concatenate(indices)

    def batches(
        self,
        size: int,
        chosen: NDArray[np.int64] | None = None,
        left_out: LeftOut | None = None,  # noqa: ARG002
    ) -> Iterator[Batch]:
        """See `Reader`. The whole files are read and checked, whatever is chosen.

        Raises:
            DigitpadError: a file is not in MNIST's form, too short or too long, or has an unknown
                label.
        """
        with ExitStack() as stack:
            pictures = stack.enter_context(open_unpacked(self.pictures))
            labels = stack.enter_context(open_unpacked(self.labels))
            total, width = self._headers(pictures, labels)
            for start in range(0, total, size):
                n = min(size, total - start)
                content = _read(pictures, n * FIELD * FIELD, self.pictures)
                # A copy, because torch wants arrays that can be written to.
                glyphs = np.frombuffer(content, np.uint8).copy().reshape(n, FIELD, FIELD)
                indices = self._read_labels(labels, n, width)
                if self.is_transposed:
                    glyphs = np.ascontiguousarray(glyphs.transpose(0, 2, 1))
                places = np.arange(start, start + n)
                if chosen is not None:
                    low, high = np.searchsorted(chosen, (start, start + n))
                    places = chosen[low:high]
                    glyphs, indices = glyphs[places - start], indices[places - start]
                names = tuple(self.names_of_labels[index] for index in indices.tolist())
                origins = tuple(Origin(self.pictures, place + 1) for place in places.tolist())
                yield Batch(glyphs, names, places, origins)
            _check_end(pictures, self.pictures)
            _check_end(labels, self.labels)

    def _headers(self, pictures: UnpackedFile, labels: UnpackedFile) -> tuple[int, int]:
        """Read the headers: the number of samples, and the bytes of a label."""
        magic, count, rows, columns = struct.unpack(">4i", _read(pictures, 16, self.pictures))
        if magic != PICTURES:
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
        is_wide = magic == WIDE_LABELS
        if is_wide:
            is_wide = struct.unpack(">i", _read(labels, 4, self.labels)) == (_WIDE,)
        if magic != LABELS and not is_wide:
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
        width = 4 * _WIDE if is_wide else 1
        # Before memory is taken: the header of a small file may claim any number of samples.
        for path, size in ((self.pictures, FIELD * FIELD), (self.labels, width)):
            if count * size > _most_bytes(path):
                raise _too_short(path)
        return int(count), width

    def _read_labels(self, file: UnpackedFile, n: int, width: int) -> NDArray[np.uint8]:
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
        return (labels - self.first).astype(np.uint8)


def magic_of(head: bytes) -> int | None:
    """The magic number at the beginning of a file; None if it is too short."""
    return int(struct.unpack(">i", head[:4])[0]) if len(head) >= 4 else None


def _check_end(file: UnpackedFile, path: Path) -> None:
    if file.read(1):
        raise DigitpadError("{path} is damaged: it has more data after its last entry.", path=path)


def _read(file: UnpackedFile, size: int, path: Path) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise _too_short(path)
    return data


def _too_short(path: Path) -> DigitpadError:
    return DigitpadError("{path} is damaged: it ends too early.", path=path)


def _most_bytes(path: Path) -> int:
    """The largest number of bytes that a file can have when it is unpacked."""
    with os_errors("{path} cannot be read: {reason}.", path=path):
        return path.stat().st_size * (_MOST_PACKED if is_packed(path) else 1)
