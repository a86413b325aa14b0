"""What is said of a number, of a word, and of their parts."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import DIGITS, number, prediction
from snapshots import pixels

from digitpad.app.answer.several import (
    answer_text,
    one_part,
    parts_in_words,
    place_of,
    said_of,
    telling_part,
    unfinished_part,
)
from digitpad.app.widgets.prediction import BigText
from digitpad.recognition.prediction import Prediction

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
NONE = {"share": 0.3, "rejected": True}


def either(first: int, second: int, share: float = 0.7) -> Prediction:
    shares = [0.0] * 10
    shares[first], shares[second] = share, 1 - share
    return Prediction(DIGITS, tuple(shares))


def of(text: str, classes: tuple[str, ...] = DIGITS, share: float = 0.999):
    return [prediction(classes.index(name), share, classes) for name in text]


def test_a_sure_number_is_the_answer(view):
    view.show_recognition(number(*of("2026")))
    assert view.big.text == view.big.accessibleDescription() == "2026"
    assert view.headline.text() == "This is 2026"
    assert view.detail.text().endswith("sure")
    assert not view.place.isVisible()


def test_the_bars_belong_to_a_part_that_is_named(view):
    view.show_recognition(number(*of("20"), either(2, 7), *of("6")))
    assert view.caption.text() == "Digit 3 of 4"
    assert view.bars.accessibleDescription().startswith("0: 0")
    assert "2: 70" in view.bars.accessibleDescription()
    view.show_recognition(number(*of("7")))
    assert view.caption.text() == "What the network sees"


@pytest.mark.parametrize(
    ("predictions", "telling"),
    [
        (of("2026"), 3),
        ([*of("2"), either(1, 7), *of("26")], 1),
        ([*of("2"), either(1, 7), either(7, 1, 0.6), *of("6")], 2),
        ([prediction(4, **NONE), either(1, 7), *of("6")], 0),
    ],
)
def test_what_is_rejected_or_least_sure_tells_most(predictions, telling):
    assert telling_part(number(*predictions)) == telling


def test_a_doubtful_digit_is_named_with_its_rival():
    said = said_of(number(*of("4"), either(7, 1)))
    assert said.headline == "Most likely 47"
    assert said.detail == "Digit 2 may be 7 or 1."
    assert (said.big, said.is_choice) == ("47,\nor 41?", True)


def test_a_long_number_with_a_doubtful_digit_is_shown_once():
    said = said_of(number(*of("202620"), either(7, 1)))
    assert (said.big, said.is_choice) == ("2026207?", False)


def test_doubt_about_several_digits_counts_them():
    assert said_of(number(either(7, 1), either(7, 1))).detail == "2 digits are doubtful."


def test_doubt_about_the_division_is_said():
    said = said_of(replace(number(*of("47")), division=0.6))
    assert said.headline == "Most likely 47"
    assert "belong together" in said.detail


def test_one_that_is_no_digit_leaves_a_gap(view):
    recognition = number(*of("4"), prediction(3, **NONE), *of("7"))
    view.show_recognition(recognition)
    assert view.big.text == answer_text(recognition) == "4□7"
    assert view.headline.text() == "Part 2 of 3 does not look like a digit"
    assert view.detail.text().startswith("The closest is 3")
    assert view.big.accessibleDescription() == view.headline.text()
    assert view.caption.text() == "Part 2 of 3"


def test_several_that_are_no_digits_are_counted():
    said = said_of(number(*of("4"), prediction(3, **NONE), prediction(3, **NONE)))
    assert said.headline == "2 parts do not look like digits"
    assert "□" in said.detail


def test_where_all_is_rejected_there_is_no_number():
    recognition = number(prediction(3, **NONE), prediction(3, **NONE))
    said = said_of(recognition)
    assert (said.headline, said.big, said.is_answer) == (
        "This does not look like a number",
        "?",
        False,
    )
    assert answer_text(recognition) == ""


@pytest.mark.parametrize(
    ("text", "before", "headline"),
    [
        ("202647", "....\n", "These are 2 numbers"),
        ("202647", ".. .\n", "These are 2 lines"),
        ("01712345", ".... ", "This is 0171 2345"),
        ("1234567890123456", "", "This is a number of 16 digits"),
    ],
)
def test_lines_are_numbers_and_long_ones_are_not_repeated(text, before, headline):
    assert said_of(number(*of(text), before=before)).headline == headline


def test_letters_make_words():
    assert said_of(number(*of("HELLO", LETTERS))).headline == "This is HELLO"
    two = number(*of("HELLO", LETTERS), before="...\n")
    assert said_of(two).headline == "These are 2 words"
    assert place_of(two, 1) == "Letter 2 of 5"
    rejected = number(*[prediction(3, 0.2, LETTERS, rejected=True)] * 2)
    assert said_of(rejected).headline == "This does not look like a word"


def test_a_chosen_part_is_shown_like_a_digit_with_the_way_back(view):
    recognition = number(*of("4"), either(7, 1))
    view.show_recognition(recognition, 0, "Esc")
    assert view.headline.text() == "This is 4"
    assert view.big.text == "4"
    assert view.place.text() == "Digit 1 of 2. Esc shows the whole number."
    assert view.place.isVisible()
    view.show_recognition(recognition, 1, "Esc")
    assert view.big.text == "7, or 1?"
    view.show_recognition(recognition)
    assert not view.place.isVisible()
    assert view.big.text == "47, or 41?"


def test_a_part_that_its_neighbours_make_another_digit_says_so(view):
    recognition = number(*of("47"))
    first, second = recognition.parts
    doubtful = replace(recognition, parts=(first, replace(second, of_glyph=either(1, 7))))
    view.show_recognition(doubtful, 1, "Esc")
    assert view.place.text().endswith("number. Without the ink around it, it would be 1.")
    # The bars are those of the answer.
    assert "7: 99" in view.bars.accessibleDescription()
    alike = replace(recognition, parts=(first, replace(second, of_glyph=either(7, 1))))
    view.show_recognition(alike, 1, "Esc")
    assert view.place.text().endswith("number.")


def test_a_part_alone_keeps_its_own_ink():
    recognition = number(*of("47"))
    part = one_part(recognition, 1)
    assert part.text == "7"
    assert part.drawing.strokes == recognition.parts[1].ink
    assert one_part(part, None) is part


def test_screen_readers_hear_the_number_and_each_part():
    recognition = number(*of("4"), prediction(3, **NONE), before=".\n")
    said = parts_in_words(recognition, 1)
    assert said[0] == "Read as 4, □."
    assert said[1].startswith("Digit 1 of 2: 4, 99")
    assert "rejected" in said[2]
    assert said[-1] == "Part 2 of 2 is chosen."


@pytest.mark.parametrize(
    "text",
    ["10", "2026", "0123456789", "0171 23456789", "2026\n47 100\n12", "9" * 30, "1 " * 40],
)
@pytest.mark.parametrize("size", [(80, 86), (150, 142), (400, 90)])
def test_no_number_is_clipped(qtbot, text, size):
    big = BigText()
    qtbot.addWidget(big)
    big.resize(*size)
    big.show_text(text, has_lines=True)
    image = pixels(big.grab().toImage())
    inked = (np.abs(image - image[0, 0]) > 60).any(axis=2)
    assert inked.any()
    assert not any(edge.any() for edge in (inked[0], inked[-1], inked[:, 0], inked[:, -1]))


def test_a_sign_alone_does_not_fill_the_room(qtbot):
    big = BigText()
    qtbot.addWidget(big)
    big.resize(150, 142)
    shares = {}
    for text in (".", "-", "7"):
        big.show_text(text)
        image = pixels(big.grab().toImage())
        shares[text] = float((np.abs(image - image[0, 0]) > 60).any(axis=2).mean())
    assert 0 < shares["."] < 0.2
    assert 0 < shares["-"] < shares["7"]


def test_lines_stay_lines_while_they_can_be_read(qtbot):
    big = BigText()
    qtbot.addWidget(big)
    big.resize(150, 142)
    for text, rows in (
        ("2026\n47 100", ["2026", "47 100"]),
        ("0171 23456789", ["0171", "23456789"]),
        ("0123456789", ["0123456789"]),
    ):
        big.show_text(text, has_lines=True)
        assert big._best_way()[1] == rows
    big.show_text("9" * 40, has_lines=True)
    assert "".join(big._best_way()[1]) == "9" * 40
    assert len(big._best_way()[1]) > 1


def test_what_is_being_drawn_is_not_complained_about(view):
    recognition = number(*of("20"), prediction(3, **NONE))
    assert unfinished_part(recognition) == 2
    view.show_recognition(recognition, unfinished=2)
    assert view.big.text == view.big.accessibleDescription() == "20…"
    assert view.headline.text() == "So far: 20…"
    view.show_recognition(recognition)
    assert view.big.text == "20□"


@pytest.mark.parametrize("rejected", [(0,), (0, 2), ()])
def test_unfinished_is_only_what_has_the_latest_stroke(rejected):
    predictions = [prediction(3, **NONE) if i in rejected else prediction(2) for i in range(3)]
    assert unfinished_part(number(*predictions)) is None
