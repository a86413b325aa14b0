"""How much a choice of data still has to download, before anything is begun."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from digitpad.data.catalog import CATALOG
from digitpad.data.choice import DataChoice

if TYPE_CHECKING:
    from pathlib import Path


def bytes_to_download(choice: DataChoice, folder: Path) -> int:
    """About how many bytes are downloaded when this is loaded; 0 where nothing is.

    Asks only which files are there, and does not read them: files that are damaged are downloaded
    again all the same.

    Args:
        choice: what to load.
        folder: where datasets are kept.
    """
    entry = CATALOG[choice.kind]
    if not entry.download_bytes or (entry.place is not None and choice.path is not None):
        return 0
    if all((folder / name).is_file() for name in entry.files):
        return 0
    done = 0
    for name in (entry.archive,) if entry.archive else entry.files:
        for place in (folder / name, folder / f"{name}.part"):
            with suppress(OSError):
                done += place.stat().st_size
    # What is there whole is still checked, and unpacked where it is an archive.
    return max(entry.download_bytes - done, 0)


def default_choice(folder: Path) -> DataChoice:
    """What is trained on where nobody has chosen: MNIST where it is there, else the excerpt of it.

    Args:
        folder: where datasets are kept.
    """
    mnist = DataChoice("mnist")
    return DataChoice("mnist-excerpt") if bytes_to_download(mnist, folder) else mnist
