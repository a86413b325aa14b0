"""The files of a bundle and their hashes: two builds of a commit are compared by them."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VARYING: dict[str, str] = {}
"""Files of a bundle whose content may differ between two builds of the same commit, and why."""


def manifest(tree: Path) -> dict[str, str]:
    """Every file of a tree with its SHA-256, every link with its target, by sorted path."""
    found: dict[str, str] = {}
    for folder, names, files in os.walk(tree):
        for name in [*files, *names]:
            path = tree.__class__(folder, name)
            relative = path.relative_to(tree).as_posix()
            if path.is_symlink():
                found[relative] = f"-> {path.readlink()}"
            elif path.is_file():
                with path.open("rb") as file:
                    found[relative] = hashlib.file_digest(file, "sha256").hexdigest()
    return dict(sorted(found.items()))


def as_text(entries: dict[str, str]) -> str:
    """One line a file, as ``sha256sum`` writes it."""
    return "".join(f"{value}  {name}\n" for name, value in entries.items())


def differences(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Paths that are in one tree only or differ, without those that may."""
    names = first.keys() | second.keys()
    return sorted(
        name for name in names if first.get(name) != second.get(name) and name not in VARYING
    )
