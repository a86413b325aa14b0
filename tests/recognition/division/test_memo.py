"""What a model has been asked for, on two threads."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from digitpad.ink.drawing import Drawing
from digitpad.recognition.division import memo as module
from digitpad.recognition.division.divided import DividedCluster
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.recognition import RecognizedPart, preprocess_drawing


@pytest.fixture
def part() -> RecognizedPart:
    (found,) = preprocess_drawing(Drawing.of([[(0, 0), (0, 100)]]), as_one=True).parts
    return found


def filled(part: RecognizedPart, *names: str) -> Memo:
    found = Memo()
    for name in names:
        found.add(name, part)
        found.divided[name] = DividedCluster((part,), (), 0.0)
        found.seen[name] = np.zeros(3, np.float32)
    found.settled = frozenset(names)
    return found


def test_a_copy_knows_all_and_changes_nothing(part):
    first = filled(part, "a")
    first.asked, first.has_own_symbols = 7, True
    copy = first.copy()
    for field in fields(Memo):
        if field.name != "asked":
            assert getattr(copy, field.name) == getattr(first, field.name)
    # It counts its own questions.
    assert copy.asked == 0
    copy.add("b", part)
    copy.settled = frozenset("b")
    assert list(first.known) == ["a"]
    assert first.settled == {"a"}


def test_what_a_copy_has_found_is_taken_over(part):
    first = filled(part, "a")
    first.update(filled(part, "a", "b"))
    assert list(first.known) == list(first.divided) == list(first.seen) == ["a", "b"]
    assert first.settled == {"a", "b"}


def test_the_oldest_are_forgotten(part, monkeypatch):
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    monkeypatch.setattr(module, "_VIEWS", 1)
    first = filled(part, "a", "b")
    first.get("a")
    first.update(filled(part, "c"))
    assert list(first.known) == ["a", "c"]
    assert list(first.divided) == ["b", "c"]
    assert list(first.seen) == ["c"]
