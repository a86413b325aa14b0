from dataclasses import replace

import numpy as np
import pytest
from fakes import DIGITS, SEVEN, prediction, recognition
from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtWidgets import QScrollArea
from snapshots import check, pixels, wear

from digitpad.app.answer.class_kind import kind_of, knows_all
from digitpad.app.answer.view import AnswerView
from digitpad.app.widgets.glyph import GlyphView, pixel_rect
from digitpad.app.widgets.numbers import percent, probability
from digitpad.app.widgets.prediction import BarsView
from digitpad.app.widgets.theme import quiet_text, theme_for
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.preprocessing import preprocess
from digitpad.recognition.prediction import Prediction
from digitpad.recognition.recognition import Recognition


@pytest.fixture
def c_locale():
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (0.0004, "0 %"),
        (0.004, "0.4 %"),
        (0.5, "50.0 %"),
        (0.9999999, "99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_hundred_per_cent_is_said_only_of_all(share, text, c_locale):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.985, "98.5 %"), (0.99949, "99.9 %"), (0.9996, "> 99.9 %"), (1.0, "> 99.9 %")],
)
def test_no_network_is_quite_sure(share, text, c_locale, view):
    assert probability(share) == text
    view.show_recognition(recognition(prediction(3, share)))
    assert view.detail.text() == f"{text} sure"
    assert f"3: {text}" in view.bars.accessibleDescription()


def test_an_empty_pad_has_no_answer(view):
    view.show_recognition(recognition(prediction(3)))
    view.show_recognition(Recognition(Drawing()))
    assert view.big.text == ""
    assert view.bars.accessibleDescription() == ""
    assert "Draw a digit" in view.detail.text()


def test_a_sure_answer(view):
    view.show_recognition(recognition(prediction(3, 0.985)))
    assert view.big.text == "3"
    assert view.headline.text() == "This is 3"
    assert "98" in view.detail.text()
    assert "or" not in view.headline.text()


def test_a_doubtful_answer_is_one_phrase_with_two_numbers(view):
    shares = [0.0] * 10
    shares[7], shares[1] = 0.7, 0.3
    view.show_recognition(recognition(Prediction(DIGITS, tuple(shares))))
    assert view.big.text == view.big.accessibleDescription() == "7, or 1?"
    assert view.headline.text() == "Most likely 7"
    assert view.detail.text() == f"{percent(0.7)} for 7, {percent(0.3)} for 1"


def test_doubt_without_a_rival_names_none(view):
    view.show_recognition(recognition(prediction(7, 0.73)))
    assert view.big.text == "7?"
    assert view.headline.text() == "Most likely 7"


def test_what_is_no_digit_gets_a_plain_sentence(view):
    view.show_recognition(recognition(prediction(3, 0.4, rejected=True)))
    assert view.big.text == "?"
    assert view.headline.text() == "This does not look like a digit"
    assert view.big.accessibleDescription() == view.headline.text()


def test_other_classes_are_not_called_digits(view):
    classes = ("cat", "dog", "a long-haired guinea pig")
    view.show_recognition(recognition(prediction(1, 0.4, classes, rejected=True)))
    assert view.headline.text() == "This does not look like anything the model knows"
    view.show_recognition(recognition(prediction(2, 0.98, classes)))
    assert view.big.text == classes[2]
    assert view.bars.classes == classes


def test_a_picture_of_more_digits_says_so_and_marks_no_answer(view):
    one = recognition(prediction(5, 0.999))
    several = replace(one, parts=(replace(one.parts[0], is_alone=False),))
    view.show_recognition(several)
    assert view.big.text == "?"
    assert view.headline.text() == "There is more than one digit in this picture"
    assert not any(row.is_best for row in view.bars._rows)
    view.show_recognition(one)
    assert view.big.text == "5"


LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.mark.parametrize(
    ("classes", "kind", "whole"),
    [
        (DIGITS, "digits", True),
        (("0", "1"), "digits", False),
        ((), "digits", False),
        (LETTERS, "letters", True),
        (tuple("αβγ"), "letters", False),
        ((*DIGITS, *LETTERS, "a", "b"), "characters", True),
        ((*DIGITS, "x"), "characters", False),
        (("cat", "dog"), "others", False),
        ((*DIGITS, "other"), "others", False),
        (("一", "二"), "others", False),
    ],
)
def test_sentences_fit_the_classes(classes, kind, whole):
    assert (kind_of(classes), knows_all(classes)) == (kind, whole)


def test_letters_are_called_letters(view):
    view.show_classes(LETTERS)
    assert "Draw a letter or a word." in view.detail.text()
    view.show_as_one(as_one=True)
    assert "Draw a letter." in view.detail.text()
    view.show_recognition(recognition(prediction(1, 0.4, LETTERS, rejected=True)))
    assert view.headline.text() == "This does not look like a letter"
    view.show_recognition(recognition(prediction(1, 0.98, LETTERS)))
    assert view.headline.text() == "This is B"


def test_words_are_quoted_in_sentences(view):
    classes = ("star", "moon")
    view.show_classes(classes)
    assert "digit" not in view.detail.text()
    view.show_recognition(recognition(prediction(0, 0.98, classes)))
    assert (view.headline.text(), view.big.text) == ("This is “star”", "star")
    view.show_recognition(recognition(prediction(0, 0.6, classes)))
    assert view.detail.text().count("“") == 2


def test_a_network_that_takes_everything_for_a_class_has_a_note(view):
    assert not view.note.isVisible()
    view.show_can_reject(can_reject=False)
    assert "cannot reject" in view.note.text()
    assert view.note.isVisible()
    view.show_can_reject(can_reject=True)
    assert not view.note.isVisible()


def test_without_any_model_a_drawing_waits_for_none(view):
    view.show_failed()
    view.show_recognition(recognition())
    assert view.headline.text() == "No answer"


def test_while_the_model_loads_a_drawing_waits(qtbot):
    view = AnswerView()
    qtbot.addWidget(view)
    view.show_recognition(recognition())
    assert view.headline.text() == "Getting ready…"
    view.show_ready()
    view.show_recognition(recognition(prediction(7)))
    assert view.headline.text() == "This is 7"


def test_a_picture_without_ink_says_so(view):
    view.show_recognition(
        Recognition(Drawing(), problem=DigitpadError("There is no ink in the picture."))
    )
    assert view.detail.text() == "There is no ink in the picture."
    assert view.big.text == ""


def test_the_answer_fits_its_room_however_long_it_is(view):
    for name, share in (("1", 0.99), ("8", 0.99), ("guinea pig", 0.99), ("7", 0.6), ("W", 0.6)):
        view.show_recognition(recognition(prediction(0, share, (name, "x"))))
        image = pixels(view.big.grab().toImage())
        inked = (np.abs(image - image[0, 0]) > 60).any(axis=2)
        assert inked.any()
        edges = (inked[0], inked[-1], inked[:, 0], inked[:, -1])
        assert not any(edge.any() for edge in edges)


def test_of_a_very_long_name_the_beginning_is_shown(view):
    def shown(name: str):
        view.big.show_text(name)
        return pixels(view.big.grab().toImage())

    first, other = shown("one " + "m" * 150), shown("two " + "m" * 150)
    assert (first != other).any()
    assert (shown("m" * 150 + " one") == shown("m" * 150 + " two")).all()


def test_two_lines_where_one_would_be_smaller(view):
    def inked_rows():
        image = pixels(view.big.grab().toImage())
        inked = (np.abs(image - image[0, 0]) > 60).any(axis=2).any(axis=1)
        return np.count_nonzero(np.diff(inked.astype(int)) == 1)

    view.big.show_text("7,\nor 1?")
    view.big.resize(100, 100)
    assert inked_rows() == 2
    view.big.resize(400, 60)
    assert inked_rows() == 1


def test_a_hundred_classes_can_be_scrolled(qtbot, view):
    classes = tuple(f"class {i}" for i in range(100))
    view.show_recognition(recognition(prediction(50, 0.9, classes)))
    scroll = view.findChild(QScrollArea)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    assert view.bars.minimumSizeHint().height() > scroll.viewport().height()
    assert view.bars.row_rect(0).height() >= view.bars.fontMetrics().height()
    assert scroll.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_another_answer_scrolls_to_its_bar_and_the_same_one_does_not(qtbot, view):
    classes = tuple(f"class {i}" for i in range(100))
    view.show_recognition(recognition(prediction(90, 0.9, classes)))
    bar = view.findChild(QScrollArea).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    view.show_recognition(recognition(prediction(95, 0.9, classes)))
    low = view.bars.row_rect(95).bottom()
    viewport = view.findChild(QScrollArea).viewport().height()
    assert bar.value() <= low <= bar.value() + viewport + 1
    bar.setValue(0)
    view.show_recognition(recognition(prediction(95, 0.8, classes)))
    assert bar.value() == 0


@pytest.fixture
def bars(qtbot):
    bars = BarsView()
    qtbot.addWidget(bars)
    bars.resize(300, 300)
    bars.show_classes(DIGITS)
    return bars


def bar_pixels(bars: BarsView, index: int) -> np.ndarray:
    rect = bars.bar_rect(index).toAlignedRect().adjusted(0, 2, 0, -2)
    return pixels(bars.grab(rect).toImage())


def colour_share(row: np.ndarray, colour) -> float:
    wanted = np.array([colour.red(), colour.green(), colour.blue()])
    return float((np.abs(row - wanted).max(axis=2) < 12).mean())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_bar_is_as_long_as_its_probability(qtbot, bars, theme):
    wear(qtbot, bars, theme)
    colours = theme_for(bars.palette())
    shares = [0.02, 0.18, 0.5, 0.3, 0, 0, 0, 0, 0, 0]
    bars.show_prediction(Prediction(DIGITS, tuple(shares)))
    for index, share in enumerate(shares):
        colour = colours.accent if index == 2 else colours.muted
        assert colour_share(bar_pixels(bars, index), colour) == pytest.approx(share, abs=0.04)


def test_a_refused_answer_marks_no_bar(bars):
    bars.show_prediction(prediction(2, 0.5, rejected=True))
    accent = theme_for(bars.palette()).accent
    assert all(colour_share(bar_pixels(bars, i), accent) == 0 for i in range(10))


def test_bars_say_their_values_to_a_screen_reader(bars):
    bars.show_prediction(prediction(7, 0.99))
    assert bars.accessibleDescription().count(":") == 10
    assert "7: 99" in bars.accessibleDescription()


def test_only_the_rows_that_change_are_painted(qtbot, bars):
    shares = [0.02, 0.18, 0.5, 0.3, 0, 0, 0, 0, 0, 0]
    with qtbot.waitExposed(bars):
        bars.show()
    painted = []
    bars._paint_row = lambda painter, index, theme: painted.append(index)
    bars.show_prediction(Prediction(DIGITS, tuple(shares)))
    qtbot.waitUntil(lambda: 3 in painted)
    painted.clear()
    shares[0], shares[9] = shares[9], shares[0]
    bars.show_prediction(Prediction(DIGITS, tuple(shares)))
    qtbot.waitUntil(lambda: 9 in painted)
    assert set(painted) == {0, 9}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_quiet_text_can_be_read(qtbot, bars, theme):
    wear(qtbot, bars, theme)
    palette = bars.palette()

    def luminance(colour):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in colour.getRgbF()[:3]
        ]
        return np.dot(linear, [0.2126, 0.7152, 0.0722])

    for ground in (palette.window().color(), theme_for(palette).paper):
        low, high = sorted([luminance(quiet_text(palette)), luminance(ground)])
        assert (high + 0.05) / (low + 0.05) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_look_as_they_did(qtbot, bars, theme):
    wear(qtbot, bars, theme)
    bars.show_prediction(Prediction(DIGITS, (0.02, 0.18, 0.5, 0.3, 0, 0, 0, 0, 0, 0)))
    left, right = bars.bar_rect(0).left(), bars.bar_rect(0).right()
    area = QRectF(left, 0, right - left, bars.height()).toAlignedRect()
    # Without names and numbers, which depend on the fonts; and at a width that does not.
    check(bars.grab(area).toImage().scaled(220, 300), f"bars-{theme}", share=0.04)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("side", [86, 100, 142, 199])
def test_pixels_are_shown_at_an_integer_scale(ratio, side):
    area = QRectF(3, 7, side + 20, side)
    square = pixel_rect(28, area, ratio, QPointF(11, 13))
    scale = square.width() * ratio / 28
    assert scale == pytest.approx(round(scale))
    assert round(scale) == int(side * ratio) // 28
    for edge in (square.left() + 11, square.top() + 13):
        assert edge * ratio == pytest.approx(round(edge * ratio))
    assert area.adjusted(-1, -1, 1, 1).contains(square)


def test_the_glyph_is_shown_pixel_by_pixel(qtbot):
    view = GlyphView()
    qtbot.addWidget(view)
    view.resize(142, 142)
    glyph = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)
    view.show_glyph(glyph)
    image = pixels(view.grab().toImage())
    np.testing.assert_array_equal(image[1:-1, 1:-1, 0], np.kron(glyph, np.ones((5, 5))))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_glyph_looks_as_it_did(qtbot, theme):
    view = GlyphView()
    qtbot.addWidget(view)
    wear(qtbot, view, theme)
    view.resize(142, 142)
    view.show_glyph(preprocess(SEVEN).glyph)
    check(view.grab().toImage(), f"glyph-{theme}")
