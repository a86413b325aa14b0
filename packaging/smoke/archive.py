"""The archive: its one folder works wherever it is put, and after it was moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smoke import console, portable
from smoke.tools import ensure, run, say

if TYPE_CHECKING:
    from pathlib import Path

    from smoke.isolation import Isolation


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack it, and move what it holds.

    Args:
        archive: the ``.tar.xz``.
        folder: for both places.

    Returns:
        The program's folder.

    Raises:
        SmokeError: it holds more than one folder.
    """
    first = folder / "first place"
    first.mkdir()
    run(["tar", "--extract", "--no-same-owner", f"--file={archive}", f"--directory={first}"])
    found = list(first.iterdir())
    ensure(len(found) == 1 and found[0].is_dir(), f"{archive.name} does not hold one folder.")
    second = folder / "another place"
    first.rename(second)
    return second / found[0].name


def check(tree: Path, isolation: Isolation) -> None:
    """Read a drawing with the program of the archive, whatever the loader's path is.

    Raises:
        SmokeError: it is not read.
    """
    drawing = isolation.give(portable.SEVEN, "seven.ndjson")
    for variables in ({}, {"LD_LIBRARY_PATH": ""}, {"LANG": "C", "LD_LIBRARY_PATH": "/nowhere"}):
        console.ensure_reads(isolation.command([tree / "digitpad"], **variables), drawing)
    say("the archive works in a folder that it was moved to")
