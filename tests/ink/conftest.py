"""Real digits, where the tests may read them."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VARIABLE = "DIGITPAD_TEST_DATA"


def _data(name: str) -> Path:
    folder = os.environ.get(_VARIABLE)
    if not folder:
        pytest.skip(f"{_VARIABLE} does not name a folder with MNIST and pen strokes")
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"{path} is missing")
    return path


@pytest.fixture(scope="session")
def mnist() -> NDArray[np.uint8]:
    """MNIST's test digits, uint8 (10000, 28, 28)."""
    path = _data("mnist/MNIST/raw/t10k-images-idx3-ubyte.gz")
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16).reshape(
        -1, 28, 28
    )


@pytest.fixture(scope="session")
def pen_path() -> Path:
    """Real pen strokes, ndjson.gz."""
    return _data("pen/digits.ndjson.gz")
