"""A small file beside a dataset that says which classes its numbers or its folders stand for.

Digitpad writes it with exported samples: MNIST's files have numbers in place of names, and not
every name can be that of a folder on every system.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from digitpad.data.class_names import is_usable
from digitpad.storage.problems import read_ordinary

if TYPE_CHECKING:
    from pathlib import Path

CLASS_FILE = "digitpad-classes.json"
_MOST_BYTES = 2**22


def classes_of_numbers(folder: Path) -> tuple[str, ...] | None:
    """The classes of MNIST's files in a folder, by number; None where no file names them."""
    classes = _content(folder)
    if (
        isinstance(classes, list)
        and classes
        and all(isinstance(name, str) and is_usable(name) for name in classes)
        and len(set(classes)) == len(classes)
    ):
        return tuple(classes)
    return None


def classes_of_folders(folder: Path) -> dict[str, str]:
    """The classes of the folders in a folder, by their names; empty where no file says so."""
    classes = _content(folder)
    if isinstance(classes, dict) and all(
        isinstance(name, str) and is_usable(name) for name in classes.values()
    ):
        return classes
    return {}


def _content(folder: Path) -> object:
    with suppress(OSError, ValueError, RecursionError):
        return json.loads(read_ordinary(folder / CLASS_FILE, _MOST_BYTES))
    return None
