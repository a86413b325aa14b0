"""Real photographs, where the tests may read them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_photos() -> Path:
    """A folder with `digits`, `numbers` and `scenes`; a label is the name before the first `_`."""
    folder = os.environ.get("DIGITPAD_TEST_DATA")
    if not folder:
        pytest.skip("DIGITPAD_TEST_DATA does not name a folder with photographs")
    path = Path(folder) / "photos"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    return path
