"""A reader of tables of pixels (CSV): MNIST as published by Kaggle and others.

Each line is a sample: ``label,pixel0,...,pixel783``, with 28 rows of 28 levels, ink 255 on 0. The
class is the first column or, as on OpenML, the last. The first line may have titles.
(https://www.kaggle.com/competitions/digit-recognizer, https://pjreddie.com/projects/mnist-in-csv)
If no level of a line is above 1, its levels are shares of 255.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from digitpad.data.batches import Origin
from digitpad.data.class_names import is_usable
from digitpad.data.forms.line_file import LineFile
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.storage.packed import DamagedPackingError, open_unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.left_out import LeftOut

_PIXELS = FIELD * FIELD
_INK = 255

_LABELS = frozenset({"label", "labels", "class", "target", "y", "digit"})
_NUMBERS = frozenset({"", "unnamed: 0", "index", "id"})
"""Titles of a first column with line numbers, which some programs write."""

_MAX_LINE_BYTES = 2**17
_BOM = b"\xef\xbb\xbf"
_WHOLE = re.compile(r"(\d+)\.0*")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The meaning of the columns.

    Attributes:
        separator: between two columns.
        count: number of columns.
        label: index of the column with the class.
        first: index of the column with the first pixel.
        has_titles: whether the first line has titles.
    """

    separator: bytes
    count: int
    label: int
    first: int
    has_titles: bool


@dataclass(frozen=True, slots=True)
class PixelTable(LineFile["_Row"]):
    """A reader of a table of pixels."""

    piece: ClassVar[int] = 200
    description: ClassVar[str] = "table of pixels"

    @property
    def title(self) -> str:
        """See `Reader`."""
        return f"Table {self.source.name}"

    @property
    def is_transposed(self) -> bool:
        """Whether rows and columns of a glyph are swapped, as in all tables of EMNIST."""
        return "emnist" in self.source.name.lower()

    def notice(self) -> DigitpadError | None:
        """See `Reader`."""
        if not self.is_transposed:
            return None
        return DigitpadError(
            "{source} is named like EMNIST, whose rows and columns are swapped: its drawings are"
            " turned upright. Rename the file if they already are.",
            source=self.source,
        )

    def _drawings(self, left_out: LeftOut | None) -> Iterator[tuple[str, Origin, _Row]]:
        columns: _Columns | None = None
        for number, line in self._lines():
            if isinstance(line, DigitpadError):
                self._leave_out(left_out, number, line)
                continue
            if columns is None:
                columns = _columns_of(line, self.source)
                if columns.has_titles:
                    continue
            row = _Row(number, line, columns)
            name = row.label()
            if name is None or not is_usable(name):
                self._leave_out(left_out, number, self._damaged(number))
            else:
                yield name, Origin(self.source, number), row

    def _lines(self) -> Iterator[tuple[int, bytes | DigitpadError]]:
        """Lines that are not empty, with their numbers from 1.

        If the rest of the file cannot be unpacked, an error stands in place of the last line.

        Raises:
            DigitpadError: the file cannot be read, is empty, or has a line that is too long.
        """
        with open_unpacked(self.source) as file:
            number, is_empty = 0, True
            try:
                while line := file.readline(_MAX_LINE_BYTES):
                    number += 1
                    if len(line) == _MAX_LINE_BYTES:
                        raise _no_table(self.source)
                    line = (line.removeprefix(_BOM) if number == 1 else line).strip(b"\r\n \0")
                    if line:
                        is_empty = False
                        yield number, line
            except DamagedPackingError as error:
                if is_empty:
                    raise
                yield number + 1, error.after(number)
        if is_empty:
            raise DigitpadError("There is no drawing in {name}: it is empty.", name=self.source)

    def _glyph(self, drawing: _Row) -> NDArray[np.uint8]:
        levels = drawing.levels()
        if levels is None:
            raise self._damaged(drawing.number)
        glyph = levels.reshape(FIELD, FIELD)
        return np.ascontiguousarray(glyph.T) if self.is_transposed else glyph

    def _damaged(self, number: int) -> DigitpadError:
        return DigitpadError(
            "Line {number} of {name} is not a drawing: it must have a class and 784 levels from 0"
            " to 255.",
            number=number,
            name=self.source,
        )


class _Row(NamedTuple):
    number: int
    line: bytes
    columns: _Columns

    def label(self) -> str | None:
        """The class; None if the line has a wrong number of columns or bytes that are no text."""
        columns, line = self.columns, self.line
        if line.count(columns.separator) != columns.count - 1:
            return None
        if columns.label == columns.count - 1:
            cell = line.rpartition(columns.separator)[2]
        else:
            cell = line.split(columns.separator, columns.label + 1)[columns.label]
        try:
            text = _bare(cell).decode()
        except UnicodeDecodeError:
            return None
        # Some programs write whole numbers as 7.0.
        return found[1] if (found := _WHOLE.fullmatch(text)) else text

    def levels(self) -> NDArray[np.uint8] | None:
        """The levels of all pixels, uint8 (784,); None if one is no level."""
        first = self.columns.first
        cells = self.line.split(self.columns.separator)[first : first + _PIXELS]
        try:
            # Fails unless all are whole numbers from 0 to 255.
            return np.frombuffer(bytes(map(int, cells)), np.uint8)
        except ValueError:
            pass
        try:
            values = np.array([float(_bare(cell)) for cell in cells])
        except ValueError:
            return None
        # NaN is in no range.
        if not ((values >= 0) & (values <= _INK)).all():
            return None
        levels: NDArray[np.uint8] = np.rint(values * _INK if values.max() <= 1 else values).astype(
            np.uint8
        )
        return levels


def _columns_of(line: bytes, source: Path) -> _Columns:
    """Find the meaning of the columns by the first line.

    Raises:
        DigitpadError: the table is not in MNIST's form.
    """
    separator = max((b",", b";", b"\t"), key=line.count)
    cells = [_bare(cell) for cell in line.split(separator)]
    if all(map(_is_number, cells)):
        if len(cells) == _PIXELS:
            raise DigitpadError(
                "{source} has no classes: each line has 784 levels, and nothing says which digit"
                " they show. Choose the table that has a label in each line (train.csv).",
                source=source,
            )
        if len(cells) != 1 + _PIXELS:
            raise _no_table(source)
        return _Columns(separator, len(cells), 0, 1, has_titles=False)
    titles = [cell.decode(errors="replace").lower() for cell in cells]
    ends = titles[:2] + titles[-1:]
    label = next((titles.index(title) for title in ends if title in _LABELS), None)
    if label is None:
        # The first line is a sample whose class is no number, or has unknown titles.
        label = 0
        if all(map(_is_number, cells[1:])) and len(cells) == 1 + _PIXELS:
            return _Columns(separator, len(cells), 0, 1, has_titles=False)
    first = int(label != len(titles) - 1) + (titles[0] in _NUMBERS)
    if len(cells) - first - int(label == len(titles) - 1) != _PIXELS:
        raise _no_table(source)
    return _Columns(separator, len(cells), label, first, has_titles=True)


def _no_table(source: Path) -> DigitpadError:
    return DigitpadError(
        "{source} is not a table of pixels that Digitpad reads: each line must have a class and"
        " 784 levels from 0 to 255 (28 rows of 28), like Kaggle's train.csv of MNIST.",
        source=source,
    )


def _bare(cell: bytes) -> bytes:
    return cell.strip(b" \"'\t")


def _is_number(cell: bytes) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
