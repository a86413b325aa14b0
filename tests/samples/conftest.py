"""Samples of our own making, and a store of them."""

import pytest
from sample_kit import sample

from digitpad.samples.store import SampleStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profile" / "samples.sqlite"


@pytest.fixture
def store(path):
    return SampleStore(path)


@pytest.fixture
def filled(store):
    """A store with twelve samples."""
    store.add(sample(str(number % 10), number) for number in range(12))
    return store
