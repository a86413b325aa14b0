"""Which classes folders mean, and which names none can have."""

from __future__ import annotations

import pytest

from digitpad.data.class_names import is_digit_name, is_usable, match_classes

DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (["00", "01", "09"], ["0", "1", "9"]),
        (["7 ", " 8"], ["7", "8"]),
        (["zero", "One", "NINE"], ["0", "1", "9"]),
        (["digit_0", "digit-1", "Digit 2", "digit3"], ["0", "1", "2", "3"]),
        (["class 3", "class4", "CLASS_5"], ["3", "4", "5"]),
        (["number-5", "num_6", "no. 7"], ["5", "6", "7"]),
        (["label=0", "1_images", "2 samples"], ["0", "1", "2"]),
        (["７", "８"], ["7", "8"]),
        (["٧"], ["7"]),
        (["七", "〇"], ["7", "0"]),
        (["digit_seven", "8_digits"], ["7", "8"]),
    ],
)
def test_names_that_mean_digits(names: list[str], classes: list[str]) -> None:
    match = match_classes(names, DIGITS)
    assert match.taken == dict(zip(names, classes, strict=True))
    assert match.unknown == match.missing == ()


def test_all_names_must_mean_one() -> None:
    match = match_classes(["00", "01", "other"], DIGITS)
    assert match.taken == {}
    assert match.unknown == ("00", "01", "other")
    assert match.missing == DIGITS


@pytest.mark.parametrize("names", [["7", "7 "], ["seven", "07"], ["1", "01", "2"]])
def test_no_two_names_may_mean_the_same(names: list[str]) -> None:
    assert match_classes(names, DIGITS).taken == {}


def test_exact_names_say_nothing() -> None:
    match = match_classes(["3", "1"], DIGITS)
    assert (match.taken, match.unknown, match.missing) == ({}, (), ())


def test_a_model_of_other_classes() -> None:
    letters = ("a", "A", "b", "zero", "07")
    assert match_classes(["B", "0", "7"], letters).taken == {"B": "b", "0": "zero", "7": "07"}
    # Which of the two is meant cannot be said.
    assert match_classes(["class a"], letters).unknown == ("class a",)
    assert match_classes(["a", "A"], letters).unknown == ()


@pytest.mark.parametrize("name", ["", "-", "digit", "class", "_", "no", "9" * 5000, "²", "\ud800"])
def test_any_name_is_matched_or_not(name: str) -> None:
    assert set(match_classes([name, "x"], DIGITS).taken) == set()


def test_digit_names() -> None:
    assert all(map(is_digit_name, ("7", "07", "seven", "digit_7", "Class 7")))
    assert not any(map(is_digit_name, ("data", "17", "images", "-7", "")))


@pytest.mark.parametrize(
    "name",
    ["", " ", "\0", "a\nb", "\x1b[2J", "\ud800", "x" * 201, "\u2028", "\t", "\x85"],
)
def test_names_that_cannot_be_used(name: str) -> None:
    assert not is_usable(name)


@pytest.mark.parametrize("name", ["7", " 7", "a b", "é", "七", "👩‍🚀", "x" * 200, "<img src=x>"])
def test_names_that_can(name: str) -> None:
    assert is_usable(name)
