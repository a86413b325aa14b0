"""Lists the files in folders of pictures, without those that systems leave there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_CLUTTER = frozenset(
    {
        # Windows, macOS
        "thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        "icon\r",
        "__macosx",
        "$recycle.bin",
        "system volume information",
        # network storages (Synology, QNAP), Linux, Python
        "@eadir",
        "@__thumb",
        "@tmp",
        "@recycle",
        "@recently-snapshot",
        "#recycle",
        "#snapshot",
        "lost+found",
        "__pycache__",
    }
)
"""Files and folders that systems leave. Those that begin with a dot are skipped, too."""

_FOREIGN = frozenset(
    f".{ending}"
    for endings in (
        "txt md rst rtf csv tsv json jsonl ndjson xml yaml yml toml ini cfg log html htm url lnk",
        "pdf doc docx odt xls xlsx ods py ipynb m sh bat zip gz 7z rar tar npy npz pkl pt pth h5",
        "hdf5 mat db sqlite tfrecord parquet mp4 mov mp3 wav part crdownload tmp bak",
    )
    for ending in endings.split()
)
"""Endings of files that are no pictures: they are left out, but are no damage."""


def is_foreign(path: Path) -> bool:
    """Whether the name of a file says that it is no picture."""
    return path.suffix.lower() in _FOREIGN


def entries_of(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folders and the files in a folder, each sorted by name, without hidden ones and clutter.

    A link counts as what it points to, but a link to a folder above is skipped.

    Raises:
        DigitpadError: the folder cannot be read.
    """
    entries = _scan(folder)
    return (
        [
            path
            for path, is_folder, is_link in entries
            if is_folder and not (is_link and folder.resolve().is_relative_to(path.resolve()))
        ],
        [path for path, is_folder, _ in entries if not is_folder],
    )


def pictures_in(
    folder: Path, failed: Callable[[Path, DigitpadError], None] | None = None
) -> Iterator[Path]:
    """Every file in a folder and below it, sorted by name, without hidden ones and clutter.

    Links to folders are skipped, since they may lead in a circle. Folders may be nested as deeply
    as the system allows.

    Args:
        folder: where to begin.
        failed: called for a folder that cannot be read, which is then skipped.

    Raises:
        DigitpadError: a folder cannot be read, and `failed` is None.
    """
    waiting = [iter([(folder, True, False)])]
    while waiting:
        path, is_folder, is_link = next(waiting[-1], (None, False, False))
        if path is None:
            waiting.pop()
        elif not is_folder:
            yield path
        elif not is_link:
            try:
                waiting.append(iter(_scan(path)))
            except DigitpadError as error:
                if failed is None:
                    raise
                failed(path, error)


def holds_pictures(folder: Path) -> bool:
    """Whether a folder or one below it has a file that may be a picture."""
    return any(not is_foreign(path) for path in pictures_in(folder, _pass_over))


def check_folder(folder: Path) -> None:
    """Check that a folder exists and can be read.

    Raises:
        DigitpadError: it does not, or cannot.
    """
    with _reading(folder):  # its name may be too long, or a folder above it may not be readable
        is_there = folder.is_dir()
    if not is_there:
        raise DigitpadError("There is no folder {folder}: check its name.", folder=folder)
    if not os.access(folder, os.R_OK | os.X_OK):
        raise DigitpadError(
            "The folder {folder} cannot be read: check its permissions.", folder=folder
        )


def _scan(folder: Path) -> list[tuple[Path, bool, bool]]:
    """The entries of a folder: the path of each, whether it is a folder, whether it is a link."""
    with _reading(folder), os.scandir(folder) as entries:
        return [
            (folder / entry.name, _is_folder(entry), entry.is_symlink())
            # Sorted as paths are.
            for entry in sorted(entries, key=lambda entry: os.path.normcase(entry.name))
            if not entry.name.startswith(".") and entry.name.lower() not in _CLUTTER
        ]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def _pass_over(_path: Path, _error: DigitpadError) -> None:
    pass


def _reading(folder: Path) -> AbstractContextManager[None]:
    return os_errors("The folder {folder} cannot be read: {reason}.", folder=folder)
