"""The bundled model divides what is drawn by hand."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest
from handwriting import along, arc, digit, drawn, line, moved, row
from thresholds import answers

from digitpad.ink.drawing import Drawing
from digitpad.ink.parts import stroke_bounds
from digitpad.recognition.recognition import Recognition, preprocess_drawing


def read(*symbols, signs: bool = False) -> Recognition:
    """What is read of some symbols, each a list of strokes."""
    return answers([preprocess_drawing(drawn(*symbols), signs=signs)])[0]


def box(*symbols) -> tuple[float, ...]:
    """The bounds that the ink of some symbols has on the pad."""
    return stroke_bounds(drawn(*symbols).strokes)


@pytest.mark.parametrize("name", "0123456789")
def test_one_digit_stays_one(name):
    found = read(digit(name))
    assert (found.text, len(found.parts), found.rejected) == (name, 1, False)


@pytest.mark.parametrize("number", ["10", "47", "2026", "100", "88", "1111", "5550123"])
def test_digits_beside_each_other_are_a_number(number):
    symbols = row(*number)
    found = read(*symbols)
    assert (found.text, found.rejected) == (number, False)
    assert [part.bounds for part in found.parts] == [box(one) for one in symbols]


def test_touching_digits_are_two():
    found = read(*row("2", "4", gap=0.0))
    assert (found.text, found.rejected) == ("24", False)


def test_digits_whose_boxes_overlap_are_two():
    found = read(*row("7", "4", gap=-15.0))
    assert (found.text, found.rejected) == ("74", False)


def test_a_digit_that_is_broken_is_one():
    found = read(
        digit("2"),
        moved([arc(30, 50, 30, 50, -80, 80), arc(30, 50, 30, 50, 100, 260)], 85),
        moved(digit("6"), 170),
    )
    assert (found.text, len(found.parts)) == ("206", 3)


@pytest.mark.parametrize("gap", [2, 6, 10])
def test_a_five_of_two_strokes_with_a_gap_is_one(gap):
    body, flag = digit("5")
    found = read(digit("3"), moved([body, *moved([flag], gap, -gap)], 85), moved(digit("2"), 170))
    assert found.text == "352"


def test_a_four_of_two_strokes_with_a_gap_is_one():
    open_four = [line((8, 0), (0, 55), (40, 55)), line((50, 5), (48, 100))]
    found = read(digit("3"), moved(open_four, 80), moved(digit("2"), 160))
    assert found.text == "342"


@pytest.mark.parametrize("reach", [10, 20])
def test_the_bar_of_a_seven_may_reach_over_its_neighbour(reach):
    stem, bar = digit("crossed 7")
    bar = bar * (1 + reach / 54, 1)
    found = read([stem, bar], moved(digit("0"), 64))
    assert found.text == "70"
    assert len(found.parts[0].ink) == 2


def test_a_slashed_nought_is_one():
    found = read(*row("2", "slashed 0", "6"))
    assert (found.text, len(found.parts)) == ("206", 3)


@pytest.mark.parametrize("gap", [22, 35, 50])
@pytest.mark.parametrize("name", ["bar", "1"])
def test_two_ones_are_no_other_symbol(name, gap):
    assert read(*row(name, name, gap=gap)).text == "11"


def test_an_h_is_not_two_ones():
    found = read(digit("H"))
    assert found.rejected
    assert found.answer == ""


def test_a_one_and_a_nought_that_are_far_apart_in_height_are_no_ten():
    found = read(digit("1"), moved(digit("0"), 45, 240))
    assert found.text == "1\n0"
    other = read(digit("0"), moved(digit("1"), 85, -240))
    assert other.text == "1\n0"


def test_what_is_drawn_last_belongs_to_its_digit():
    (stem, bar), two, (body, flag) = row("crossed 7", "2", "5")
    found = read([stem], two, [body], [flag], [bar])
    assert found.text == "725"
    assert [len(part.ink) for part in found.parts] == [2, 1, 2]


def joined(*digits) -> list[np.ndarray]:
    """Digits in one stroke: the end of the one leads to the beginning of the next."""
    return [along(*(stroke for one in digits for stroke in one))]


def test_noughts_in_one_stroke_are_cut():
    nought = [arc(30, 50, 30, 50, -90, 280)]
    for count in (2, 3):
        found = read(joined(*(moved(nought, 80 * i) for i in range(count))))
        assert found.text == "0" * count
        assert all(len(part.ink) == 1 for part in found.parts)


def test_a_stroke_through_two_digits_is_cut():
    two, nought = digit("2"), moved([arc(30, 50, 30, 50, -90, 270)], 85)
    assert read(joined(two, nought)).text == "20"


def test_what_was_cut_has_its_own_ink_and_bounds():
    found = read(joined([arc(30, 50, 30, 50, -90, 280)], [arc(110, 50, 30, 50, -90, 280)]))
    first, second = found.parts
    assert first.bounds[2] < (second.bounds[0] + second.bounds[2]) / 2
    for part in found.parts:
        assert part.bounds == stroke_bounds(part.ink)


def test_groups_and_lines_are_separated():
    first, second = row("4", "7"), row("2", "0")
    apart = [moved(one, 420) for one in second]
    assert read(*first, *apart).text == "47 20"
    below = [moved(one, 10, 180) for one in second]
    assert read(*first, *below).text == "47\n20"
    # Whoever begins with the second line is read from the top, too.
    assert read(*below, *first).text == "47\n20"


NUMBER = row("2", "crossed 7", "0", "5")
EXPECTED = "2705"


@pytest.mark.parametrize("scale", [0.2, 1.0, 6.0])
@pytest.mark.parametrize("place", [(0.0, 0.0), (-3000.0, 777.0)])
def test_place_and_size_change_nothing(scale, place):
    drawing = drawn(*NUMBER)
    before, after = answers(
        [
            preprocess_drawing(drawing),
            preprocess_drawing(drawing.transformed(scale * np.eye(2), place)),
        ]
    )
    assert before.text == after.text == EXPECTED
    assert after.confidence == pytest.approx(before.confidence, abs=0.02)


def test_the_order_of_strokes_changes_nothing():
    drawing = drawn(*NUMBER)
    orders = list(itertools.permutations(drawing.strokes))[::97]
    found = answers([preprocess_drawing(Drawing(order)) for order in orders])
    assert {one.text for one in found} == {EXPECTED}
    assert max(one.confidence for one in found) - min(one.confidence for one in found) < 1e-6


def test_a_digit_far_away_leaves_the_others_as_they_are():
    before, after = (
        answers([preprocess_drawing(drawn(*symbols))])[0]
        for symbols in (NUMBER, [*NUMBER, moved(digit("3"), 2000, 1500)])
    )
    assert after.text == EXPECTED + "\n3"
    for one, other in zip(before.parts, after.parts, strict=False):
        assert one.bounds == other.bounds
        assert one.prediction == other.prediction


def smiley() -> list[np.ndarray]:
    return [
        arc(50, 50, 50, 50, 0, 360),
        arc(32, 38, 4, 6, 0, 360),
        arc(68, 38, 4, 6, 0, 360),
        arc(50, 55, 28, 25, 20, 160),
    ]


def test_a_number_beside_a_smiley_is_not_sure():
    found = read(*row("4", "7"), moved(smiley(), 260))
    assert found.rejected
    assert found.text.startswith("47")


@pytest.mark.slow
def test_scribbles_take_bounded_time():
    random = np.random.default_rng(3)
    strokes = [random.uniform(0, 300, 2) + random.normal(0, 25, (12, 2)) for _ in range(200)]
    for signs in (False, True):
        begun = time.process_time()
        (found,) = answers([preprocess_drawing(Drawing.of(strokes), signs=signs)])
        # Generous: what is not bounded would take hours.
        assert time.process_time() - begun < 120
        assert found.rejected
        assert math.isfinite(found.confidence)


SIGNED = [
    ("2", ".", "5"),
    ("2", "tap", "5"),
    ("7", ".", "1"),
    ("1", ",", "5", "0"),
    ("-", "3"),
    ("-", "3", ".", "1", "4"),
    ("1", "2", "-", "3", "4"),
    ("5", "-", "5"),
    ("crossed 7", "-", "crossed 7"),
    ("1", "0", ":", "3", "0"),
    ("1", ".", "2", "0", "0", ",", "5"),
]


@pytest.mark.parametrize("names", SIGNED)
def test_signs_are_read_where_that_is_wanted(names):
    text = "".join({"tap": ".", "crossed 7": "7"}.get(name, name) for name in names)
    found = read(*row(*names), signs=True)
    assert (found.text, found.rejected) == (text, False)
    assert [part.is_sign for part in found.parts] == [sign in ".,-:" for sign in text]
    for part in found.parts:
        assert part.prediction is not None
        assert sum(part.prediction.probabilities) == pytest.approx(1.0)
    assert found.classes == tuple("0123456789")


@pytest.mark.parametrize("names", SIGNED)
def test_no_sign_is_read_where_none_is_wanted(names):
    found = read(*row(*names))
    assert not set(found.text) & set(".,-:")
    assert not any(part.is_sign for part in found.parts)


def test_a_sign_drawn_last_is_in_its_place():
    two, point, five = row("2", ".", "5")
    assert read(two, five, point, signs=True).text == "2.5"
    minus, three = row("-", "3")
    assert read(three, minus, signs=True).text == "-3"


@pytest.mark.parametrize("number", ["47", "2026", "1111", "5550123"])
def test_numbers_without_signs_stay_as_they_are(number):
    symbols = row(*number)
    assert read(*symbols, signs=True).text == number
    (stem, bar), two, (body, flag) = row("crossed 7", "2", "5")
    assert read([stem], two, [body], [flag], [bar], signs=True).text == "725"


def test_signs_are_in_the_line_of_their_neighbours():
    first, second = row("4", ",", "7"), row("2", "-", "0")
    below = [moved(one, 0, 170) for one in second]
    assert read(*first, *below, signs=True).text == "4,7\n2-0"
