"""Folders of pictures: each class is a folder, which gives the class its name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from digitpad.data.glyphs import batches_of, picture_glyph
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from digitpad.data.glyphs import Batch

_CLUTTER = frozenset({"thumbs.db", "desktop.ini"})
"""Files that systems leave in folders of pictures; hidden ones are passed over as well."""


@dataclass(frozen=True, slots=True)
class PictureFolders:
    """A folder of class-named folders of pictures; a `digitpad.data.readers.Reader`."""

    source: Path
    piece: ClassVar[int] = 1
    classes: ClassVar[None] = None
    description: ClassVar[str] = "class-named folders of pictures"

    @property
    def title(self) -> str:
        """See `Reader`."""
        return f"Folder {self.source.resolve().name}"

    def count(self) -> int:
        """See `Reader`."""
        return sum(1 for _ in self.names())

    def names(self) -> Iterator[str]:
        """See `Reader`; no picture is opened."""
        for name, _ in self._pictures():
            yield name

    def batches(self, size: int, chosen: NDArray[np.int64] | None = None) -> Iterator[Batch]:
        """See `Reader`; only the chosen pictures are opened."""
        return batches_of(self._pictures(), picture_glyph, size, chosen)

    def _pictures(self) -> Iterator[tuple[str, Path]]:
        """The class and the path of each picture.

        Raises:
            DigitpadError: a folder cannot be read, or there is no picture.
        """
        empty = True
        for entry in _entries(self.source):
            if entry.is_dir():
                for path in pictures_in(entry):
                    empty = False
                    yield entry.name, path
        if empty:
            raise DigitpadError(
                "{folder} is no dataset: it has neither MNIST's files nor class-named folders with"
                " pictures.",
                folder=self.source,
            )


def pictures_in(folder: Path) -> Iterator[Path]:
    """Every file in a folder and those below it, sorted by name, hidden ones and clutter left out.

    Raises:
        DigitpadError: a folder cannot be read.
    """
    for entry in _entries(folder):
        if entry.is_dir():
            # A link to a folder above would never end.
            if not entry.is_symlink():
                yield from pictures_in(entry)
        else:
            yield entry


def check_folder(folder: Path) -> None:
    """Refuse what is no folder, or one in which nothing can be looked for.

    Raises:
        DigitpadError: so it is.
    """
    try:
        is_there = folder.is_dir()
    except OSError as error:  # a name too long, or a folder around it that is closed
        raise _unreadable(folder, error) from error
    if not is_there:
        raise DigitpadError("There is no folder {folder}: check its name.", folder=folder)
    if not os.access(folder, os.R_OK | os.X_OK):
        raise DigitpadError(
            "The folder {folder} cannot be read: check its permissions.", folder=folder
        )


def _entries(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise _unreadable(folder, error) from error
    return [
        entry
        for entry in entries
        if not entry.name.startswith(".") and entry.name.lower() not in _CLUTTER
    ]


def _unreadable(folder: Path, error: OSError) -> DigitpadError:
    return DigitpadError(
        "The folder {folder} cannot be read: {reason}.",
        folder=folder,
        reason=error.strerror or error,
    )
