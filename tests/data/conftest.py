from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from file_server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    # Nothing between the test and the server, whatever the machine is set up for.
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    made = Server()
    yield made
    made.stop()
