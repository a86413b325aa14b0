"""Real digits, where the tests may read them."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest
from shared_data import shared_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def mnist() -> NDArray[np.uint8]:
    """MNIST's test digits, uint8 (10000, 28, 28)."""
    path = shared_file("mnist/MNIST/raw/t10k-images-idx3-ubyte.gz")
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16).reshape(
        -1, 28, 28
    )


@pytest.fixture(scope="session")
def pen_path() -> Path:
    """Real pen strokes, ndjson.gz."""
    return shared_file("pen/digits.ndjson.gz")
