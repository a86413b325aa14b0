from collections import Counter
from itertools import islice

import numpy as np
import pytest
from number_hands import drawn_hands

from digitpad.ink.curve import sample_curve
from training.numbers.compose import (
    DELAYED,
    JOINED,
    OVERLAPPING,
    TOUCHING,
    compose,
    dealt_joints,
)
from training.numbers.truth import ComposedNumber, Span


@pytest.fixture(scope="module")
def numbers() -> list[ComposedNumber]:
    return list(islice(compose(drawn_hands(), 0), 400))


def _edges(number: ComposedNumber, index: int) -> tuple[float, float]:
    points = np.concatenate([s.points for s in number.true_drawing(index).strokes])
    return points[:, 0].min(), points[:, 0].max()


def _distance(number: ComposedNumber, index: int) -> float:
    """Between the curves of a part and the next one."""
    left, right = (
        np.concatenate([sample_curve(s.points, 3.0) for s in number.true_drawing(i).strokes])
        for i in (index, index + 1)
    )
    return float(np.hypot(*(left[:, None] - right[None]).transpose(2, 0, 1)).min())


def test_numbers_have_two_to_six_digits_of_one_writer(numbers):
    assert {len(number.parts) for number in numbers} == {2, 3, 4, 5, 6}
    assert {number.writer for number in numbers} == {"drawn0", "drawn1", "drawn2"}
    for number in numbers:
        assert number.text == "".join(part.text for part in number.parts)
        assert number.text.isdecimal()
        assert len(number.joints) == len(number.parts) - 1


def test_joints_have_the_shares_that_are_documented():
    joints = Counter(islice(dealt_joints(np.random.default_rng(3)), 1000))
    assert joints == {
        "touching": 1000 * TOUCHING,
        "overlapping": 1000 * OVERLAPPING,
        "joined": 1000 * JOINED,
        "apart": 800,
    }
    assert (TOUCHING, OVERLAPPING, JOINED) == (0.1, 0.05, 0.05)


def test_numbers_have_the_joints_that_were_dealt(numbers):
    joints = Counter(joint for number in numbers for joint in number.joints)
    total = joints.total()
    assert joints["touching"] / total == pytest.approx(TOUCHING, abs=0.01)
    assert joints["overlapping"] / total == pytest.approx(OVERLAPPING, abs=0.01)
    assert joints["joined"] / total == pytest.approx(JOINED, abs=0.01)


def test_the_same_seed_gives_the_same_numbers(numbers):
    again = list(islice(compose(drawn_hands(), 0), 20))
    assert [one.drawing for one in again] == [one.drawing for one in numbers[:20]]
    assert [one.parts for one in again] == [one.parts for one in numbers[:20]]
    other = next(compose(drawn_hands(), 1))
    assert other.drawing != numbers[0].drawing


def test_every_point_belongs_to_one_digit_but_for_ligatures(numbers):
    for number in numbers:
        owners = [np.zeros(len(stroke.points), int) for stroke in number.drawing.strokes]
        for part in number.parts:
            for stroke, first, last in part.spans:
                owners[stroke][first : last + 1] += 1
        assert all(owned.max() == 1 for owned in owners)
        unowned = sum(int((owned == 0).any()) for owned in owners)
        assert (unowned > 0) == ("joined" in number.joints)
        # A ligature lies within its stroke.
        assert all(owned[0] == owned[-1] == 1 for owned in owners)


def test_digits_stand_as_their_joints_say(numbers):
    for number in numbers:
        for at, joint in enumerate(number.joints):
            height = _height(number)
            gap = _edges(number, at + 1)[0] - _edges(number, at)[1]
            if joint == "overlapping":
                assert gap < 0
            elif joint == "touching":
                assert _distance(number, at) < 0.12 * height
            elif joint == "apart" and not number.reaching:
                assert gap > 0
                assert _distance(number, at) > 0
            elif joint == "joined":
                assert _shared_strokes(number, at)
            if joint != "joined":
                assert not _shared_strokes(number, at)


def _height(number: ComposedNumber) -> float:
    every = (np.concatenate([s.points for s in number.true_drawing(i).strokes]) for i in range(2))
    return max(float(np.ptp(points[:, 1])) for points in every)


def _shared_strokes(number: ComposedNumber, at: int) -> set[int]:
    left, right = ({span.stroke for span in number.parts[i].spans} for i in (at, at + 1))
    return left & right


def test_parts_are_in_order_from_left_to_right(numbers):
    for number in numbers:
        middles = [sum(_edges(number, at)) for at in range(len(number.parts))]
        if not number.reaching:
            assert middles == sorted(middles)


def test_ligatures_are_smooth_and_short(numbers):
    for number in numbers:
        for stroke in number.drawing.strokes:
            steps = np.hypot(*np.diff(stroke.points, axis=0).T)
            assert steps.max(initial=0) < 0.5 * _height(number)


def test_some_strokes_are_drawn_last(numbers):
    able = [
        number
        for number in numbers
        if any(part.text in "457" and len(part.spans) > 1 for part in number.parts)
    ]
    delayed = [number for number in able if number.delayed]
    assert len(delayed) / len(able) == pytest.approx(DELAYED, abs=0.07)
    for number in delayed:
        last = len(number.drawing.strokes) - 1
        (owner,) = (
            part for part in number.parts if Span(last, 0, part.spans[-1].last) in part.spans
        )
        assert owner.text in "457"


def test_some_bars_reach_over_the_next_digit(numbers):
    reaching = [number for number in numbers if number.reaching]
    assert reaching
    for number in reaching:
        gaps = [
            _edges(number, at + 1)[0] - _edges(number, at)[1]
            for at, joint in enumerate(number.joints)
            if joint == "apart"
        ]
        assert min(gaps) < 0


def test_drawings_fit_onto_the_pad(numbers):
    for number in numbers:
        points = np.concatenate([stroke.points for stroke in number.drawing.strokes])
        assert points.min() >= 0
        assert points.max() <= 1000
