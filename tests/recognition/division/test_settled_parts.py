"""What was read stays as it is while the writer goes on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.recognition.division import recognize as module
from digitpad.recognition.division.best import Worth
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition, preprocess_drawing

FIRST, SECOND = (Stroke.of([(x, 0.0), (x, 100.0)]) for x in (0.0, 30.0))


@pytest.fixture
def read(monkeypatch):
    """Reads a drawing in which both strokes together are worth so much, and each alone nothing."""

    def reader(worth_of_both: float, memo: Memo, *strokes: Stroke, share: float = 0.99):
        def judge(cluster, predictions, *_):
            sizes = [len(one.members) for one in cluster.candidates]
            each = np.array([worth_of_both if size > 1 else 0.0 for size in sizes])
            return Worth(each, each, np.zeros(len(each))), predictions

        def predict(glyphs):
            return [Prediction(("1", "7"), (share, 1.0 - share))] * len(glyphs)

        monkeypatch.setattr(module, "judge", judge)
        # Wide enough not to be tried as one symbol first.
        monkeypatch.setattr(module, "SINGLE", 0.0)
        monkeypatch.setattr(module, "_ONE", 0.0)
        (found,) = recognize([preprocess_drawing(Drawing(strokes))], predict, 0.0, memo)
        return found

    return reader


def count(found: Recognition) -> int:
    return len(found.parts)


def test_the_next_stroke_takes_no_finished_digit(read):
    assert count(read(1.0, Memo(), FIRST, SECOND)) == 1
    memo = Memo()
    assert count(read(1.0, memo, FIRST)) == 1
    assert count(read(1.0, memo, FIRST, SECOND)) == 2


def test_what_is_much_more_probable_is_read_all_the_same(read):
    memo = Memo()
    read(6.0, memo, FIRST)
    assert count(read(6.0, memo, FIRST, SECOND)) == 1


def test_what_was_not_sure_does_not_stay(read):
    memo = Memo()
    read(1.0, memo, FIRST, share=0.6)
    assert count(read(1.0, memo, FIRST, SECOND, share=0.6)) == 1


def test_what_is_gone_does_not_stay(read):
    memo = Memo()
    read(1.0, memo, FIRST)
    read(1.0, memo, SECOND)
    # The second one was read last, and another drawing has neither.
    assert memo.settled == {((SECOND, 0.0, 1.0),)}


def test_the_confidence_does_not_depend_on_what_was_read_before(read):
    memo = Memo()
    read(1.0, memo, FIRST)
    found = read(1.0, memo, FIRST, SECOND)
    assert math.isclose(found.division, 1.0 / (1.0 + math.e), rel_tol=1e-6)
