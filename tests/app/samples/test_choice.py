"""Which samples are shown, and what to draw next."""

import itertools
import random

import pytest
from fakes import SEVEN

from digitpad.app.samples.choice import (
    ClassCount,
    Filter,
    count_classes,
    draw_plan,
    needy_classes,
)
from digitpad.app.samples.collect.draw_round import DrawRound
from digitpad.samples.sample import Answer, Sample


def sample(label="7", answer=None, **fields):
    said = None if answer is None else Answer(answer, 0.9, rejected=False, model="bundled")
    glyph = Sample.of(label, SEVEN).glyph
    return Sample(label, SEVEN, glyph, said, **fields)


RIGHT, WRONG, UNASKED = sample(answer="7"), sample(answer="1"), sample(origin="collected")
FLAGGED = sample("3", answer="8", is_flagged=True)
RUNE = sample("7", symbols="runes", origin="imported")
ALL = (RIGHT, WRONG, UNASKED, FLAGGED, RUNE)


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Filter(), ALL),
        (Filter(label="7"), (RIGHT, WRONG, UNASKED, RUNE)),
        (Filter(label="7", symbols=""), (RIGHT, WRONG, UNASKED)),
        (Filter(symbols="runes"), (RUNE,)),
        (Filter(outcome="right"), (RIGHT,)),
        (Filter(outcome="wrong"), (WRONG, FLAGGED)),
        (Filter(is_flagged=True), (FLAGGED,)),
        (Filter(origin="collected"), (UNASKED,)),
        (Filter(label="3", outcome="right"), ()),
    ],
)
def test_a_filter_takes_what_it_says(wanted, shown):
    assert tuple(one for one in ALL if wanted.takes(one)) == shown


def test_classes_without_samples_are_counted_and_other_labels_come_last():
    counts = count_classes(ALL, ("1", "7"))
    assert counts == (ClassCount("1"), ClassCount("7", 4, 1), ClassCount("3", 1, 1))


def test_a_class_that_is_misread_needs_more_and_one_that_has_enough_needs_none():
    counts = (ClassCount("1", 5), ClassCount("4", 6, 4), ClassCount("7", 2), ClassCount("9", 9, 3))
    assert [one.name for one in needy_classes(counts)] == ["4", "7"]


def test_a_plan_asks_most_for_what_lacks_most_and_never_twice_in_a_row():
    counts = [ClassCount(name, 0) for name in "0123"] + [ClassCount("4", 0, 4)]
    plan = draw_plan(counts, 20, random.Random(1))
    assert len(plan) == 20
    assert set(plan) == set("01234")
    assert max(set(plan), key=plan.count) == "4"
    assert all(one != other for one, other in itertools.pairwise(plan))
    assert draw_plan(counts[:1], 3, random.Random(1)) == ("0", "0", "0")


def test_a_plan_is_as_even_as_it_can_be():
    plan = draw_plan([ClassCount(name, 3) for name in "0123456789"], 20, random.Random(2))
    assert all(plan.count(name) == 2 for name in "0123456789")


def test_a_round_goes_on_and_back():
    one = DrawRound("38")
    one.step(SEVEN)
    one.step(None)
    assert (one.drawn, one.label, one.is_done) == (1, "", True)
    with pytest.raises(ValueError, match="ended"):
        one.step(SEVEN)
    assert one.back() == ("8", None)
    assert one.back() == ("3", SEVEN)
    assert (one.place, one.label) == (0, "3")
