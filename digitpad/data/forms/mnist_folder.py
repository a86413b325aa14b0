"""Finds MNIST's files in a folder, however they were unpacked.

Windows and 7-Zip put each file into a folder of its own, add a dot to its name, or keep ".gz" in
the name of an unpacked file. So only the beginning of the name counts, and the first four bytes
must confirm it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digitpad.data.forms.class_file import classes_of_numbers
from digitpad.data.forms.folders import entries_of
from digitpad.data.forms.idx import LABELS, PICTURES, WIDE_LABELS, IdxFiles, magic_of
from digitpad.errors import DigitpadError
from digitpad.storage.packed import head_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from digitpad.data.forms.idx import Split

_NAME = re.compile(r"(train|t10k|test)[-_. ]?(images|labels)(?![a-z])", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"(train|t10k)-(images-idx3|labels-idx1|images\.idx3|labels\.idx1)-ubyte(\.gz)?"
)

_PREFIX: dict[Split, str] = {"train": "train", "test": "t10k"}
_ORIGINAL_ENDINGS = {PICTURES: "-images-idx3-ubyte", LABELS: "-labels-idx1-ubyte"}

_PLACES = ("", "MNIST/raw", "raw")
_DEEPEST = 3
"""Largest number of nested folders that hold just one folder."""


def find_mnist(folder: Path, split: Split) -> IdxFiles | None:
    """Find the two files of a split, in the folder or in MNIST/raw or raw below it.

    Returns:
        Their reader; None if there are no such files.

    Raises:
        DigitpadError: one of the two is missing, or the folder cannot be read.
    """
    where = folder
    for _ in range(_DEEPEST):
        for place in _PLACES:
            files = _in_folder(where / place, folder, split)
            if files is not None:
                return files
        below = entries_of(where)[0] if where.is_dir() else []
        if len(below) != 1:
            break
        (where,) = below
    return None


def _in_folder(where: Path, folder: Path, split: Split) -> IdxFiles | None:
    found = _files_in(where) if where.is_dir() else {}
    if not found:
        return None
    pictures, labels = found.get((split, PICTURES)), found.get((split, LABELS))
    if pictures is None or labels is None:
        raise DigitpadError(
            "The file {prefix}{endings} (or its .gz) of the {split} split is missing in {where}.",
            where=where,
            prefix=_PREFIX[split],
            endings=_ORIGINAL_ENDINGS[PICTURES if pictures is None else LABELS],
            split=split,
        )
    title, description = f"Folder {folder.resolve().name}", f"MNIST files, {split} split"
    classes = classes_of_numbers(where)
    if classes is None:
        return IdxFiles(pictures, labels, title, description)
    return IdxFiles(pictures, labels, title, description, classes)


def _files_in(folder: Path) -> dict[tuple[Split, int], Path]:
    """The best file for each split and kind."""
    best: dict[tuple[Split, int], tuple[tuple[bool, str], Path]] = {}
    for path in _candidates(folder):
        if (name := _NAME.match(path.name)) is None and (
            # A file in a folder of its own may have any name: that of the folder counts.
            name := _NAME.match(path.parent.name)
        ) is None:
            continue
        split: Split = "train" if name[1].lower() == "train" else "test"
        kind = PICTURES if name[2].lower() == "images" else LABELS
        magic = magic_of(head_of(path, 4))
        is_right = magic == kind or (magic, kind) == (WIDE_LABELS, LABELS)
        # A damaged file with its original name is taken, so that the damage is reported.
        if is_right or _ORIGINAL.fullmatch(path.name):
            rank = (not is_right, _rank(path.name))
            key = (split, kind)
            if key not in best or rank < best[key][0]:
                best[key] = (rank, path)
    return {key: path for key, (_, path) in best.items()}


def _candidates(folder: Path) -> Iterator[Path]:
    folders, files = entries_of(folder)
    for path in files:
        if _NAME.match(path.name):
            yield path
    for path in folders:
        if _NAME.match(path.name):
            yield from entries_of(path)[1]


def _rank(name: str) -> str:
    """A sort key: original names come before others, and unpacked files before packed ones."""
    is_original = _ORIGINAL.fullmatch(name) is not None
    return f"{not is_original:d}{'.idx' in name:d}{name.endswith('.gz'):d}{name}"
