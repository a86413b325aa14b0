from collections import Counter
from itertools import islice, pairwise

import numpy as np
import pytest
from number_hands import drawn_hands

from digitpad.ink.drawing import Drawing
from training.numbers.others import SHARES, compose_others
from training.numbers.truth import ComposedNumber

CROSS = Drawing.of([[(0, 0), (10, 10)], [(0, 10), (10, 0)], [(5, 0), (5, 10)]])


@pytest.fixture(scope="module")
def drawings() -> list[ComposedNumber]:
    return list(islice(compose_others(drawn_hands(), [CROSS], 0), 300))


def _box(number: ComposedNumber, at: int) -> tuple[np.ndarray, np.ndarray]:
    points = np.concatenate([s.points for s in number.true_drawing(at).strokes])
    return points.min(axis=0), points.max(axis=0)


def test_kinds_are_as_frequent_as_documented(drawings):
    found = Counter(number.kind for number in drawings)
    assert sum(SHARES.values()) == pytest.approx(1)
    for kind, share in SHARES.items():
        assert found[kind] / len(drawings) == pytest.approx(share, abs=0.07)


def test_what_is_no_digit_has_no_text(drawings):
    for number in drawings:
        texts = [part.text for part in number.parts]
        if number.kind == "symbol":
            assert texts.count(None) == 1
            assert number.text is None
        elif number.kind == "other":
            assert texts == [None]
        else:
            assert None not in texts
            assert number.text is not None


def test_groups_are_wide_apart(drawings):
    for number in (one for one in drawings if one.kind == "groups"):
        assert number.text.count(" ") == 1
        gaps = [
            _box(number, right)[0][0] - _box(number, left)[1][0]
            for left, right in pairwise(range(len(number.parts)))
        ]
        wide = [part.before for part in number.parts].index(" ") - 1
        others = gaps[:wide] + gaps[wide + 1 :]
        assert gaps[wide] > 2 * max(others, default=0)


def test_lines_lie_below_each_other(drawings):
    for number in (one for one in drawings if one.kind == "lines"):
        first, second = number.text.split("\n")
        lowest = max(_box(number, at)[1][1] for at in range(len(first)))
        highest = min(_box(number, at + len(first))[0][1] for at in range(len(second)))
        assert lowest < highest


def test_the_same_seed_gives_the_same_drawings(drawings):
    again = list(islice(compose_others(drawn_hands(), [CROSS], 0), 20))
    assert [one.drawing for one in again] == [one.drawing for one in drawings[:20]]
