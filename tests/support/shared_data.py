"""Files of others that the project may test with, but not hand on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_VARIABLE = "DIGITPAD_TEST_DATA"


def shared_folder() -> Path:
    """The folder that the variable names; the test is skipped without it."""
    folder = os.environ.get(_VARIABLE)
    if not folder:
        pytest.skip(f"{_VARIABLE} does not name a folder")
    return Path(folder)


def shared_file(name: str) -> Path:
    """A file or folder in that folder; the test is skipped without it."""
    path = shared_folder() / name
    if not path.exists():
        pytest.skip(f"{path} is missing")
    return path
