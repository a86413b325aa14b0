"""Finds class folders: directly in a folder, in wrappers, or in training and test parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from digitpad.data.class_names import is_digit_name
from digitpad.data.forms.class_file import classes_of_folders
from digitpad.data.forms.folders import entries_of, holds_pictures, is_foreign
from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


Part = Literal["train", "validation", "test"]

_PARTS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
    "eval": "test",
    "evaluation": "test",
}

_ENDINGS = re.compile(r"[\s_.-]*(?:set|data|images|imgs|split|part|folder)?$")

_DEEPEST = 6
"""Largest number of nested wrappers."""

_NAMED = 4
"""Largest number of folders that a sentence names."""


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """A folder with the pictures of a class.

    Attributes:
        name: of the class.
        path: of the folder.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the class folders of a dataset are.

    Attributes:
        folders: the class folders of the dataset, or of the chosen part.
        part: the chosen part; None if there are no parts.
        taken: names of the folders of that part.
        others: names of the folders of parts that are not used.
        validating: the class folders of the validation part, if the training part was wanted first
            and both exist.
        validated: names of the folders of the validation part.
    """

    folders: tuple[ClassFolder, ...]
    part: Part | None = None
    taken: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    validating: tuple[ClassFolder, ...] = ()
    validated: tuple[str, ...] = ()


def find_layout(source: Path, wanted: Sequence[Part], *, is_strict: bool = False) -> Layout:
    """Find the class folders in a folder.

    Args:
        source: the folder.
        wanted: parts in order of preference; the first that exists is taken.
        is_strict: whether a folder without parts is an error.

    Raises:
        DigitpadError: a folder cannot be read, has both parts and class folders, or has parts
            without class folders in them; or none of the wanted parts exists.
    """
    root = _unwrapped(source)
    folders, _ = entries_of(root)
    named = {folder: found for folder in folders if (found := part_of(folder.name))}
    if not named:
        return _below_classes(source, folders, wanted, is_strict=is_strict)
    others = [folder for folder in folders if folder not in named and holds_pictures(folder)]
    nested = {folder: _class_folders(_unwrapped(folder, named[folder])) for folder in named}
    if others and (any(nested.values()) or len(set(named.values())) > 1):
        raise DigitpadError(
            "{source} has the folders {parts} of a divided dataset beside {others}, so that it is"
            " not clear what are classes: choose a folder that has either one folder for each"
            " class, or such parts with class folders in them.",
            source=source,
            parts=_list(list(named)),
            others=_list(others),
        )
    if others:
        # A class that happens to be called "train".
        if is_strict:
            raise no_such_split(source, wanted[0])
        return Layout(_plain(folders))
    by_part: dict[Part, list[ClassFolder]] = {}
    for folder, classes in nested.items():
        if classes:
            by_part.setdefault(named[folder], []).extend(classes)
    if not by_part:
        raise DigitpadError(
            "{source} has the folders {parts}, and in them no class-named folders of pictures, so"
            " that nothing says what a picture shows: put those of each class into a folder of"
            " their own.",
            source=source,
            parts=_list(list(named)),
        )
    names: dict[Part, list[str]] = {}
    for folder, part in named.items():
        names.setdefault(part, []).append(folder.name)
    return _chosen(source, by_part, names, wanted)


def part_of(name: str) -> Part | None:
    """The part of a dataset that a folder has by its name; None for a class."""
    # "train", "trainingSet", "test_images", "seg_train"
    words = re.split(r"[\s_.-]+", _ENDINGS.sub("", name.strip().lower()))
    return _PARTS.get(words[-1])


def no_such_split(source: Path, split: str) -> DigitpadError:
    """The error for a split that a dataset does not have."""
    return DigitpadError(
        "{path} has no {split} split: only MNIST's folders and folders with parts named train and"
        " test have splits.",
        path=source,
        split=split,
    )


def _chosen(
    source: Path,
    by_part: Mapping[Part, Sequence[ClassFolder]],
    names: Mapping[Part, Sequence[str]],
    wanted: Sequence[Part],
) -> Layout:
    chosen = next((part for part in wanted if part in by_part), None)
    if chosen is None:
        raise DigitpadError(
            "{source} has no {split} split, only {parts}: choose the folder of a part itself to"
            " use it for something else.",
            source=source,
            split=wanted[0],
            parts=", ".join(name for them in names.values() for name in them),
        )
    # A validation part in the folder replaces a random split.
    kept: tuple[Part, ...] = ("validation",) if chosen == wanted[0] == "train" else ()
    used = (chosen, *kept)
    return Layout(
        tuple(by_part[chosen]),
        chosen,
        tuple(names[chosen]),
        tuple(name for part, them in names.items() if part not in used for name in them),
        tuple(folder for part in kept for folder in by_part.get(part, ())),
        tuple(name for part in kept if part in by_part for name in names[part]),
    )


def _below_classes(
    source: Path, folders: Sequence[Path], wanted: Sequence[Part], *, is_strict: bool
) -> Layout:
    """The layout of class folders, each of which may have the parts within it."""
    by_part: dict[Part, list[ClassFolder]] = {}
    names: dict[Part, list[str]] = {}
    for folder in folders:
        if not (inner := _parts_in(folder)):
            by_part = {}
            break
        for part, path in inner:
            by_part.setdefault(part, []).append(ClassFolder(folder.name, path))
            if path.name not in names.setdefault(part, []):
                names[part].append(path.name)
    if len(by_part) > 1:
        return _chosen(source, by_part, names, wanted)
    if is_strict:
        raise no_such_split(source, wanted[0])
    return Layout(_plain(folders))


def _parts_in(folder: Path) -> list[tuple[Part, Path]]:
    """The parts within a class folder; none if there is anything else in it."""
    try:
        folders, files = entries_of(folder)
    except DigitpadError:
        return []
    found = [(part, path) for path in folders if (part := part_of(path.name))]
    return [] if files or len(found) < len(folders) else found


def _unwrapped(folder: Path, part: Part | None = None) -> Path:
    """The folder with the classes or the parts, within wrappers that hold just one folder."""
    for _ in range(_DEEPEST):
        folders, _ = entries_of(folder)
        # Two are enough to know, and folders may be large.
        inner = list(islice(filter(holds_pictures, folders), 2))
        if len(inner) != 1:
            break
        (only,) = inner
        if part_of(only.name) not in {None, part}:
            break
        # The only class folder is no wrapper, even if it has folders in it.
        if is_digit_name(only.name) or len(only.name) == 1:
            break
        below, files = entries_of(only)
        if not any(map(holds_pictures, below)) or not all(map(is_foreign, files)):
            break
        folder = only
    return folder


def _class_folders(folder: Path) -> list[ClassFolder]:
    """The class folders in a folder; none if it has pictures, and so is one itself."""
    folders, files = entries_of(folder)
    if not all(map(is_foreign, files)):
        return []
    return list(_plain([path for path in folders if holds_pictures(path)]))


def _plain(folders: Sequence[Path]) -> tuple[ClassFolder, ...]:
    named = classes_of_folders(folders[0].parent) if folders else {}
    return tuple(ClassFolder(named.get(folder.name, folder.name), folder) for folder in folders)


def _list(folders: Sequence[Path]) -> str:
    names = [folder.name for folder in folders[:_NAMED]]
    return ", ".join(names + ["…"] * (len(folders) > _NAMED))
