"""Garbage, and what is set aside so that collecting stays quick."""

import gc
import sys
import weakref
from types import ModuleType

import pytest

from digitpad.app import collector as collector_module
from digitpad.app.collector import Collector


class Knot:
    """Garbage that only the cyclic collector can find."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def collector(qapp, monkeypatch):
    collector = Collector()
    collector.start()
    yield collector
    collector.stop()
    gc.unfreeze()


def use_window(monkeypatch, *, used: bool) -> None:
    monkeypatch.setattr(collector_module, "_is_used", lambda: used)


def test_garbage_that_was_set_aside_with_modules_is_collected_while_nobody_uses_the_window(
    collector, monkeypatch
):
    gone = weakref.ref(Knot())
    use_window(monkeypatch, used=True)
    collector._collect()
    collector._collect()
    assert gone() is not None
    use_window(monkeypatch, used=False)
    collector._collect()
    assert gone() is None
    # And what was imported is set aside again.
    assert gc.get_freeze_count() > 10_000


def test_it_is_looked_through_only_once_for_an_import(collector, monkeypatch):
    use_window(monkeypatch, used=False)
    collector._collect()
    collector._collect()
    thawed = []
    monkeypatch.setattr(gc, "unfreeze", lambda: thawed.append(True))
    collector._collect()
    assert not thawed
    monkeypatch.setitem(sys.modules, "a_new_module", ModuleType("a_new_module"))
    collector._collect()
    collector._collect()
    assert thawed
    monkeypatch.undo()
