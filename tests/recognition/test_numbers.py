"""What numbers and words are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitpad.recognition.numbers import Spelling, edit_distance

DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    ("classes", "label", "expected"),
    [
        (DIGITS, "2026", ["2", "0", "2", "6"]),
        (DIGITS, "26 47", ["2", "6", "4", "7"]),
        (DIGITS, "7", ["7"]),
        (DIGITS, "", []),
        (DIGITS, " 7", []),
        (DIGITS, "7 ", []),
        (DIGITS, "2  6", []),
        (DIGITS, "2.6", []),
        (DIGITS, "\u0664", []),
        (("1", "2", "12"), "12", ["12"]),
        (("1", "2", "12"), "1212", ["12", "12"]),
        (("1", "2", "12"), "112", ["1", "12"]),
        # As few as can be, and not the longest first whatever follows.
        (("a", "ab", "bc", "c"), "abc", ["ab", "c"]),
        (("aa", "aab", "b", "bb"), "aabb", ["aab", "b"]),
        (("aa", "aab", "bb"), "aabb", ["aa", "bb"]),
        (("plus", "minus"), "plusminus", ["plus", "minus"]),
        (("class 1", "class 2"), "class 1 class 2", ["class 1", "class 2"]),
    ],
)
def test_the_classes_of_a_label(classes, label, expected):
    assert list(Spelling(classes).classes_of(label)) == expected


@given(
    st.lists(st.text("ab ", min_size=1, max_size=3), min_size=1, max_size=5, unique=True),
    st.text("ab ", max_size=9),
)
def test_the_classes_spell_the_label(classes, label):
    found = Spelling(classes).classes_of(label)
    assert set(found) <= set(classes)
    assert not found or "".join(found).replace(" ", "") == label.replace(" ", "")
    assert label not in classes or found == (label,)


def test_a_long_label_takes_no_time():
    classes = tuple("a" * length for length in range(1, 40))
    assert len(Spelling(classes).classes_of("a" * 200)) == 6
    assert Spelling(classes).classes_of("a" * 199 + "b") == ()


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("12", "", 2), ("2026", "2026", 0), ("47", "417", 1), ("100", "18", 2)],
)
def test_the_edit_distance(one, other, distance):
    assert edit_distance(one, other) == edit_distance(other, one) == distance
