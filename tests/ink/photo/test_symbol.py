"""Which ink is the symbol: a value on each side of every limit."""

from __future__ import annotations

import pytest
from inked import holds, symbol_of

# A body with a foot, 40 wide and 80 high, so that it is no straight line; 1200 pixels.
BODY = ((80, 80, 12, 80), (92, 140, 28, 20))
RIGHT, BOTTOM = 120, 160


@pytest.mark.parametrize(("side", "is_kept"), [(4, False), (6, False), (8, True), (10, True)])
def test_a_speck_is_no_ink(side: int, is_kept: bool) -> None:
    speck = (RIGHT + 4, 140, side, side)
    # 16, 36, 64 and 100 pixels beside the body's: the limit is 46.
    assert holds(symbol_of(*BODY, speck), speck) == is_kept


@pytest.mark.parametrize(("height", "is_inside"), [(30, True), (52, False)])
def test_what_stays_off_the_edge_is_preferred(height: int, is_inside: bool) -> None:
    inner, outer = (60, 120, 16, 60), (140, 20, 100, height)
    found = symbol_of(inner, outer)
    assert holds(found, inner) == is_inside
    assert holds(found, outer) != is_inside


@pytest.mark.parametrize(("gap", "is_joined"), [(6, True), (12, False)])
def test_pieces_that_are_near_are_one_symbol(gap: int, is_joined: bool) -> None:
    piece = (RIGHT + gap, 142, 18, 18)
    assert holds(symbol_of(*BODY, piece), piece) == is_joined


@pytest.mark.parametrize(("gap", "side", "is_joined"), [(13, 22, True), (20, 22, False)])
def test_a_hat_may_be_farther_away(gap: int, side: int, is_joined: bool) -> None:
    hat = (RIGHT + gap, 80, side, side)
    assert holds(symbol_of(*BODY, hat), hat) == is_joined


@pytest.mark.parametrize(("height", "is_joined"), [(24, True), (32, False)])
def test_a_hat_is_not_high(height: int, is_joined: bool) -> None:
    hat = (RIGHT + 12, 78, 20, height)
    assert holds(symbol_of(*BODY, hat), hat) == is_joined


@pytest.mark.parametrize(("height", "is_alone"), [(20, True), (30, False)])
def test_a_large_piece_beside_is_another_symbol(height: int, is_alone: bool) -> None:
    other = (160, 100, 16, height)
    found = symbol_of(*BODY, other)
    assert not holds(found, other)
    assert found.is_alone == is_alone


@pytest.mark.parametrize(("length", "is_alone"), [(120, False), (170, True)])
def test_a_line_much_longer_than_the_symbol_is_none(length: int, is_alone: bool) -> None:
    found = symbol_of(*BODY, (180, 30, 3, length))
    assert found.is_alone == is_alone
    assert holds(found, BODY[0])


@pytest.mark.parametrize(("slope", "is_alone"), [(0.85, True), (1.7, False)])
def test_a_line_that_goes_up_is_no_underline(slope: float, is_alone: bool) -> None:
    line = tuple((70 + i, 172 + slope * i, 2, 2 + slope) for i in range(30))
    found = symbol_of(*BODY, *line)
    assert found.is_alone == is_alone


@pytest.mark.parametrize(("gap", "is_kept"), [(7, True), (14, False)])
@pytest.mark.parametrize("is_under", [True, False])
def test_a_short_line_below_or_above(gap: int, is_kept: bool, is_under: bool) -> None:
    line = (80, BOTTOM + gap if is_under else 80 - gap - 5, 50, 5)
    found = symbol_of(*BODY, line)
    assert holds(found, line) == is_kept
    assert found.is_alone


@pytest.mark.parametrize(("length", "is_kept"), [(65, True), (95, False)])
def test_a_long_line_may_be_near(length: int, is_kept: bool) -> None:
    line = (100 - length / 2, 80 - 3 - 5, length, 5)
    assert holds(symbol_of(*BODY, line), line) == is_kept


@pytest.mark.parametrize(("height", "is_main"), [(36, True), (22, False)])
def test_a_bar_is_a_symbol_only_in_need(height: int, is_main: bool) -> None:
    bar, small = (40, 40, 110, height), (180, 150, 20, 44)
    assert holds(symbol_of(bar, small), bar) == is_main


@pytest.mark.parametrize(
    ("height", "gap", "width", "is_alone"),
    [
        (52, 6, 24, True),  # a four
        (68, 6, 24, False),  # two as high as each other
        (52, 6, 34, False),  # two that are wide together
        (20, 6, 34, True),  # a small piece of one
        (30, 6, 34, False),
    ],
)
def test_two_side_by_side_may_be_a_four(height: int, gap: int, width: int, is_alone: bool) -> None:
    first = (60, 80, 34, 80)
    assert symbol_of(first, (94 + gap, 160 - height, width, height)).is_alone == is_alone


@pytest.mark.parametrize(("width", "is_alone"), [(130, True), (160, False)])
def test_what_is_very_wide_is_several(width: int, is_alone: bool) -> None:
    assert symbol_of((40, 80, width, 80)).is_alone == is_alone


def test_digits_beside_two_that_touch_are_no_unit() -> None:
    # 46 in one, and then a nought and a six that are a little lower.
    assert not symbol_of((36, 60, 79, 70), (137, 71, 35, 59), (180, 57, 46, 59)).is_alone


@pytest.mark.parametrize(("width", "is_alone"), [(40, True), (112, False)])
def test_what_is_small_beside_a_wide_symbol(width: int, is_alone: bool) -> None:
    # Of two as high as 70, a tall symbol of 112 has a unit behind it, a low one of 80 does not.
    height = 112 if width == 40 else 80
    left = 20 + width + 20
    pair = (left, 40, 20, 70), (left + 26, 40, 20, 70)
    assert symbol_of((20, 40, width, height), *pair).is_alone == is_alone


def test_letters_beside_a_tall_symbol() -> None:
    letters = tuple((RIGHT + 20 + 26 * i, 100, 16, 36) for i in range(3))
    assert symbol_of(*BODY, *letters).is_alone
