"""What is kept of the time before and after a training."""

import json

import pytest
from sentences import raises_error

from digitpad.learning.retraining.comparison import Comparison, Tally

FOUND = Comparison("bundled", Tally("", 5, 3, 5), Tally("MNIST", 2000, 1990, 1988))


def test_it_survives_json():
    for one in (FOUND, Comparison("m", None, Tally("MNIST", 10, 9))):
        assert Comparison.from_json(one.to_json()) == one
    assert FOUND.is_complete
    assert not Comparison("m", None, Tally("MNIST", 10, 9)).is_complete


def test_few_drawings_say_little():
    before, after = FOUND.own.ranges()
    assert before[0] < 0.3 < 0.8 < before[1]
    assert after[0] < 0.6
    assert after[1] == 1.0


@pytest.mark.parametrize(
    "change",
    [
        {"own": {"title": "", "count": 5, "before": 6, "after": 1}},
        {"own": {"title": "", "count": 0, "before": 0, "after": 0}},
        {"own": {"title": "", "count": 5, "before": 1.5, "after": 1}},
        {"own": {"title": 7, "count": 5, "before": 1, "after": 1}},
        {"everybody": None},
        {"everybody": {"title": "MNIST", "count": 5, "before": True, "after": 1}},
        {"everybody": {"title": "MNIST", "count": 10**30, "before": 1, "after": 1}},
        {"model": ["bundled"]},
    ],
)
def test_what_is_none_is_refused(change):
    values = json.loads(FOUND.to_json()) | change
    with raises_error("This is not a comparison"):
        Comparison.from_json(json.dumps(values))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 100_000])
def test_other_texts_are_refused(text):
    with raises_error("This is not a comparison"):
        Comparison.from_json(text)
