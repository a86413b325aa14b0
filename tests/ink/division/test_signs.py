from __future__ import annotations

import numpy as np
import pytest
from handwriting import digit, drawn, line, moved, row
from hypothesis import given
from hypothesis import strategies as st
from ink_strategies import stroke_lists

from digitpad.ink.division.proposal import StrokeInk
from digitpad.ink.division.signs import SIGNS, signs_of
from digitpad.ink.drawing import Drawing


def found_in(*symbols) -> list[str]:
    """The most probable of the signs that may be there."""
    return [
        SIGNS[int(np.argmax(sign.probabilities))]
        for sign in signs_of(StrokeInk(drawn(*symbols).strokes).pieces)
    ]


@pytest.mark.parametrize("sign", [".", ",", "-"])
def test_a_sign_between_digits_is_found(sign):
    assert found_in(*row("2", sign, "5")) == [sign]


def test_a_colon_is_two_dots():
    (sign,) = [
        one
        for one in signs_of(StrokeInk(drawn(*row("2", ":", "5")).strokes).pieces)
        if one.probabilities[SIGNS.index(":")] > 0.5
    ]
    assert sign.sources == (1, 2)


@pytest.mark.parametrize("name", ["4", "5", "crossed 7", "slashed 0", "H"])
def test_no_stroke_of_a_digit_is_a_sign(name):
    assert found_in(*row("2", name, "6")) == []
    assert found_in(*row("1", name, "1", gap=12)) == []


def test_a_dot_in_the_middle_and_a_bar_at_the_foot_are_no_signs():
    two, five = digit("2"), moved(digit("5"), 130)
    assert found_in(two, [line((95, 48), (97, 50))], five) == []
    assert found_in(two, [line((75, 99), (115, 99))], five) == []
    assert found_in(two, [line((75, 2), (115, 2))], five) == []


def test_two_bars_are_no_minus():
    two, five = digit("2"), moved(digit("5"), 130)
    assert found_in(two, [line((75, 40), (115, 40)), line((75, 60), (115, 60))], five) == []


def test_what_stands_alone_or_far_away_is_no_sign():
    assert found_in(digit("-")) == []
    assert found_in(digit("."), moved(digit("."), 30)) == []
    assert found_in(digit("2"), moved(digit("."), 400)) == []


def test_ticks_at_the_foot_are_points_and_strokes_below_it_commas():
    two, five = digit("2"), moved(digit("5"), 130)
    for length, bottom, sign in ((3, 100, "."), (10, 98, "."), (22, 118, ","), (30, 126, ",")):
        assert found_in(two, [line((98, bottom - length), (94, bottom))], five) == [sign]


_matrix = st.tuples(st.integers(1, 50), st.integers(-500, 500), st.integers(-500, 500))


@given(stroke_lists, _matrix, st.randoms(use_true_random=False))
def test_place_size_and_order_change_nothing(strokes, place, random):
    scale, x, y = place
    before = Drawing.of(strokes)
    order = list(range(len(strokes)))
    random.shuffle(order)
    moved_strokes = before.transformed(scale * np.eye(2), (x, y)).strokes
    one = signs_of(StrokeInk(before.strokes).pieces)
    other = signs_of(StrokeInk([moved_strokes[i] for i in order]).pieces)
    again = sorted(tuple(sorted(order[i] for i in sign.sources)) for sign in other)
    assert sorted(sign.sources for sign in one) == again
    worths = {sign.sources: sign.worth for sign in one if len(one) == len({s.sources for s in one})}
    for sign in other:
        sources = tuple(sorted(order[i] for i in sign.sources))
        if sources in worths:
            assert sign.worth == pytest.approx(worths[sources], abs=1e-6)
