import dataclasses

import numpy as np
import pytest
from fakes import SEVEN, FakePredictor, prediction, recognition
from sentences import raises_error

from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.recognition import Recognition, preprocess_drawing


def of_two(*predictions) -> Recognition:
    """A recognition with two parts, as of a number."""
    one = preprocess_drawing(SEVEN, as_one=True)
    two = dataclasses.replace(one, parts=one.parts * 2)
    return two.with_predictions(predictions)


def test_one_symbol_is_a_recognition_with_one_part() -> None:
    whole, one = recognition(prediction(7, 0.8)), prediction(7, 0.8)
    assert len(whole.parts) == 1
    assert (whole.text, whole.confidence, whole.rejected) == ("7", one.confidence, False)
    assert (whole.answer, whole.is_sure) == ("7", False)
    assert recognition(prediction(7, 0.95)).is_sure


def test_the_text_is_put_together_from_the_parts() -> None:
    number = of_two(prediction(4, 0.9), prediction(2, 0.8))
    assert number.text == number.answer == "42"
    assert number.confidence == pytest.approx(0.72)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [((0, 1), "alpha b"), ((1, 0), "b alpha"), ((1, 2), "bc"), ((0, 0), "alpha alpha")],
)
def test_a_name_of_several_letters_is_a_word_of_its_own(numbers, text) -> None:
    classes = ("alpha", "b", "c")
    word = of_two(*(prediction(number, classes=classes) for number in numbers))
    assert word.text == text


def test_a_rejected_part_rejects_the_whole() -> None:
    number = of_two(prediction(4), prediction(2, 0.4, rejected=True))
    assert number.rejected
    assert (number.text, number.answer) == ("42", "")


def test_what_the_model_sees_in_a_glyph_may_be_another_class() -> None:
    one = recognition(prediction(7, 0.8)).parts[0]
    assert one.by_model is one
    assert not one.is_read_otherwise
    other = dataclasses.replace(one, of_glyph=prediction(1, 0.6))
    assert other.is_read_otherwise
    assert other.by_model.prediction == prediction(1, 0.6)
    assert not dataclasses.replace(one, of_glyph=prediction(7, 0.6)).is_read_otherwise
    # What is predicted anew is known from the glyph.
    again = of_two(prediction(7, 0.8), prediction(7, 0.8))
    again = dataclasses.replace(again, parts=(other, other))
    assert again.with_predictions([prediction(7, 0.9)] * 2).parts[0].of_glyph is None


def test_without_a_model_there_are_glyphs_and_no_text() -> None:
    waiting = recognition()
    assert waiting.first is not None
    assert waiting.first.stages.glyph.shape == (28, 28)
    assert waiting.predictions == ()
    assert (waiting.text, waiting.confidence, waiting.rejected) == ("", 0.0, False)


def test_an_empty_drawing_has_no_parts_and_asks_no_model() -> None:
    predictor = FakePredictor()
    empty = preprocess_drawing(Drawing())
    (asked,) = recognize([empty], predictor.predict)
    assert (asked.parts, asked.first, asked.problem) == ((), None, None)
    assert predictor.glyphs == []


def test_many_drawings_are_one_batch() -> None:
    sizes = []
    predictor = FakePredictor()

    def predict(glyphs):
        sizes.append(len(glyphs))
        return [prediction(i) for i in range(len(glyphs))]

    one, empty = preprocess_drawing(SEVEN, as_one=True), preprocess_drawing(Drawing())
    two = of_two(*predictor.predict(np.zeros((2, 28, 28), np.uint8)))
    answered = recognize([one, empty, two], predict)
    assert sizes == [3]
    assert [whole.text for whole in answered] == ["0", "", "12"]


def test_a_picture_without_ink_is_an_error() -> None:
    blank = Drawing(picture=Picture(np.full((30, 30, 4), 255, np.uint8)))
    with raises_error("No digit can be seen in the picture: nothing stands out"):
        preprocess_drawing(blank)
