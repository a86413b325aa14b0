"""Where a training run finds what it needs."""

import pytest
from training_run_kit import stores


@pytest.fixture
def places(tmp_path):
    """The store of runs, that of models, and the folder of datasets."""
    return (*stores(tmp_path), tmp_path / "data")


@pytest.fixture
def store(places):
    return places[0]
