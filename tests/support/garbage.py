"""Garbage is collected by no thread but that of the tests."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def garbage_waits() -> Iterator[None]:
    """As in the program, no other thread collects garbage and destroys widgets there."""
    gc.disable()
    yield
    gc.enable()
