"""Damaged files are put aside, so that nothing of them is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def put_aside(path: Path) -> Path:
    """Rename a file to ``NAME.corrupt-1``, or the next free number; its new path.

    Raises:
        OSError: it cannot be renamed.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    path.rename(aside)
    return aside
