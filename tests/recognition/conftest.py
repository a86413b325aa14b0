"""Real photographs, where the tests may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shared_data import shared_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def shared_photos() -> Path:
    """A folder with `digits`, `numbers` and `scenes`; a label is the name before the first `_`."""
    return shared_file("photos")
