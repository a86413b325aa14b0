from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from digitpad.ink.division.order import reading_order

if TYPE_CHECKING:
    import random


def box(x, y=0.0, width=60.0, height=100.0):
    return (x, y, x + width, y + height)


def text(bounds, signs=()):
    """The order as numbers with what is between them."""
    return "".join(before + str(i) for i, before in reading_order(bounds, signs))


def test_nothing_and_one():
    assert reading_order([]) == []
    assert reading_order([box(5)]) == [(0, "")]


def test_from_left_to_right_whatever_was_written_first():
    assert text([box(170), box(0), box(85)]) == "120"


def test_sizes_and_baselines_may_differ():
    assert text([box(0), box(85, 30, 30, 50), box(130, -20), box(220, 25)]) == "0123"


def test_a_rising_line_is_one_line():
    assert text([box(85 * i, -25 * i) for i in range(8)]) == "01234567"


def test_a_wide_gap_is_a_space():
    assert text([box(0), box(85), box(400), box(485)]) == "01 23"
    assert text([box(0), box(400)]) == "0 1"


def test_wide_spacing_everywhere_is_no_space():
    assert " " not in text([box(140 * i) for i in range(6)])


def test_lines_from_top_to_bottom():
    lines = [box(0, 300), box(85, 300), box(0), box(85)]
    assert text(lines) == "23\n01"
    # The second one begins farther right, and the first is longer.
    assert text([box(300, 160), box(0), box(85), box(170)]) == "123\n0"


def test_without_height_there_is_still_an_order():
    assert text([box(10, 0, 0, 0), box(0, 0, 0, 0)])[0] == "1"


def test_signs_are_in_the_line_of_their_neighbours_without_spaces():
    number = [box(0), box(62, 92, 8, 40), box(200), box(300, 45, 50, 5), box(400)]
    assert text(number, {1, 3}) == "01234"
    below = [box(0, 150), box(85, 150)]
    # The comma reaches down to the next line.
    assert text([*number, *below], {1, 3}) == "01234\n56"


def test_signs_alone_are_still_there():
    assert sorted(i for i, _ in reading_order([box(0), box(85)], {0, 1})) == [0, 1]


_whole = st.integers(0, 1000)


@given(
    st.lists(st.tuples(_whole, _whole, st.integers(1, 200), st.integers(1, 200)), max_size=12),
    st.integers(1, 64),
    st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)),
    st.randoms(use_true_random=False),
)
def test_order_place_and_size_change_nothing(boxes, scale, place, shuffled: random.Random):
    bounds = [box(*one) for one in dict.fromkeys(boxes)]
    order = list(range(len(bounds)))
    shuffled.shuffle(order)
    x, y = place
    other = [
        (
            scale * bounds[i][0] + x,
            scale * bounds[i][1] + y,
            scale * bounds[i][2] + x,
            scale * bounds[i][3] + y,
        )
        for i in order
    ]
    found = reading_order(bounds)
    assert sorted(i for i, _ in found) == sorted(order)
    assert found[:1] == [] or found[0][1] == ""
    assert [(order[i], before) for i, before in reading_order(other)] == found
