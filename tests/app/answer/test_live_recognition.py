import time

import numpy as np
from fakes import SEVEN, FakePredictor, prediction
from handwriting import along, arc, drawn, moved
from handwriting import row as row_of
from PySide6.QtCore import QTimer

from digitpad.app.answer.live_recognition import FRAME_MS, LiveRecognition
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.recognition.division.memo import Memo
from digitpad.recognition.division.recognize import recognize
from digitpad.recognition.recognition import preprocessed


class Sheet:
    """Something to recognize."""

    def __init__(self):
        self.drawing = SEVEN
        self.predictor = FakePredictor()
        self.memo = Memo()
        self.most = None
        self.recognitions = []
        self.is_writing = True
        self.open_ones = []
        self.live = LiveRecognition(self, self._recognize)
        self.live.recognized.connect(self.recognitions.append)

    def visible_drawing(self):
        return self.drawing

    def _recognize(self, recognition, *, is_open):
        self.open_ones.append(is_open)
        predict = self.predictor.predict
        (found,) = recognize(
            [recognition], predict, memo=self.memo, most=self.most, is_open=is_open
        )
        return found


def test_many_moves_within_a_frame_are_read_once_and_as_they_ended(qtbot):
    sheet = Sheet()
    with qtbot.waitSignal(sheet.live.recognized):
        for i in range(50):
            sheet.drawing = Drawing.of([[[0, 0], [10 + i, 100]]])
            sheet.live.update_soon()
    assert len(sheet.recognitions) == 1
    assert sheet.recognitions[0].drawing is sheet.drawing


def test_moves_that_never_pause_do_not_delay_the_answer(qtbot):
    sheet = Sheet()
    moves = QTimer()
    moves.timeout.connect(sheet.live.update_soon)
    moves.start(1)
    with qtbot.waitSignals([sheet.live.recognized] * 3):
        sheet.live.update_soon()
    moves.stop()
    assert len(sheet.recognitions) >= 3


def test_the_end_of_a_stroke_is_read_at_once_and_drops_what_was_pending(qtbot):
    sheet = Sheet()
    sheet.live.update_soon()
    sheet.live.update_now()
    assert len(sheet.recognitions) == 1
    assert not sheet.live._timer.isActive()


def test_an_empty_pad_asks_no_model():
    sheet = Sheet()
    sheet.drawing = Drawing()
    sheet.live.update_now()
    assert sheet.predictor.glyphs == []
    assert sheet.recognitions[-1].parts == ()


def test_the_same_drawing_is_not_preprocessed_twice():
    sheet = Sheet()
    sheet.live.update_now()
    sheet.live.update_now()
    assert sheet.recognitions[0].first.stages is sheet.recognitions[1].first.stages


def test_a_blank_picture_is_a_problem_and_no_bug():
    sheet = Sheet()
    sheet.drawing = Drawing(picture=Picture(np.full((30, 30, 4), 255, np.uint8)))
    sheet.live.update_now()
    assert sheet.recognitions[-1].parts == ()
    assert isinstance(sheet.recognitions[-1].problem, DigitpadError)
    assert sheet.predictor.glyphs == []


def test_a_drawing_that_is_read_again_is_asked_again():
    sheet = Sheet()
    sheet.live.update_now()
    sheet.predictor.answer, sheet.memo = prediction(best=3), Memo()
    sheet.live.update_now()
    assert [one.text for one in sheet.recognitions] == ["7", "3"]
    assert sheet.live.latest is sheet.recognitions[-1]


def row(count: int) -> Drawing:
    """So many strokes near each other: many sets of them may be one symbol."""
    return Drawing.of([[[60 * i, 0], [60 * i + 10, 300]] for i in range(count)])


def test_what_is_not_complete_is_asked_again_and_the_former_answer_stays(qtbot):
    sheet = Sheet()
    sheet.live.update_now()
    sheet.most = 1
    sheet.drawing = Drawing(
        (*SEVEN.strokes, *Drawing.of([[[500, 0], [510, 300]], [[900, 0], [910, 300]]]).strokes)
    )
    sheet.live.update_now()
    assert [one.text for one in sheet.recognitions] == ["7"]
    assert sheet.live.latest.drawing is SEVEN
    with qtbot.waitSignal(sheet.live.recognized):
        pass
    assert sheet.recognitions[-1].is_complete
    assert sheet.recognitions[-1].drawing is sheet.drawing


def test_at_the_end_of_a_stroke_no_rest_is_taken(qtbot):
    sheet = Sheet()
    sheet.most, sheet.drawing = 1, row(6)
    sheet.live.update_now()
    assert not sheet.live.latest.is_complete
    assert sheet.live._timer.isActive()
    assert sheet.live._timer.interval() == 0


def test_while_the_pen_is_on_the_pad_a_rest_is_taken(qtbot):
    sheet = Sheet()
    sheet.most, sheet.drawing = 1, row(6)
    sheet.live.update_soon()
    qtbot.waitUntil(lambda: len(sheet.open_ones) == 1)
    assert not sheet.live.latest.is_complete
    assert sheet.live._timer.isActive()
    assert sheet.live._timer.interval() >= FRAME_MS


def test_only_a_stroke_that_is_drawn_is_open(qtbot):
    """And none when something is erased, or a stroke was given up."""
    sheet = Sheet()
    for is_writing in (True, False):
        sheet.is_writing = is_writing
        with qtbot.waitSignal(sheet.live.recognized):
            sheet.live.update_soon()
    sheet.is_writing = True
    sheet.live.update_now()
    assert sheet.open_ones == [True, False, False]


def test_an_update_that_takes_long_is_no_pause_of_the_pen(qtbot):
    sheet = Sheet()
    recognize_fast = sheet.live._recognize

    def slowly(recognition, *, is_open):
        time.sleep(0.15)
        return recognize_fast(recognition, is_open=is_open)

    sheet.live._recognize = slowly
    with qtbot.waitSignal(sheet.live.recognized):
        sheet.live.update_soon()
    assert sheet.live._pause.isActive()
    assert sheet.live._pause.remainingTime() > 0
    assert sheet.open_ones == [True]


def test_what_is_still_drawn_is_divided_when_the_pen_rests(qtbot):
    sheet = Sheet()
    nought = arc(30, 50, 30, 50, -90, 280)
    sheet.drawing = Drawing.of([along(nought, *moved([nought], 80))])
    sheet.predictor.answer = prediction(best=0, share=0.55)
    with qtbot.waitSignal(sheet.live.recognized):
        sheet.live.update_soon()
    assert len(sheet.live.latest.parts) == 1
    qtbot.waitUntil(lambda: len(sheet.live.latest.parts) == 2)
    assert sheet.live.latest.text == "00"


def test_what_takes_long_is_read_elsewhere(qtbot):
    sheet = Sheet()
    sheet.live.update_now()
    sheet.most, sheet.drawing = 1, row(6)
    with qtbot.waitSignal(sheet.live.cold) as cold:
        sheet.live.update_now()
    # What was read is of another drawing, and so does not stay.
    assert sheet.recognitions[-1].parts == ()
    assert not sheet.recognitions[-1].is_complete
    (found,) = recognize(cold.args[:1], sheet.predictor.predict)
    sheet.live.take(found)
    assert sheet.live.latest is sheet.recognitions[-1] is found
    assert not sheet.live._timer.isActive()


def test_what_was_read_of_an_older_drawing_is_dropped(qtbot):
    sheet = Sheet()
    sheet.most, sheet.drawing = 1, row(6)
    with qtbot.waitSignal(sheet.live.cold) as cold:
        sheet.live.update_now()
    (found,) = recognize(cold.args[:1], sheet.predictor.predict)
    sheet.most, sheet.drawing = None, SEVEN
    sheet.live.take(found)
    assert sheet.live.latest is not found
    sheet.live.update_now()
    sheet.live.take(found)
    assert sheet.live.latest.drawing is SEVEN


def test_a_drawing_is_read_as_one_while_that_is_wanted():
    sheet = Sheet()
    sheet.drawing = Drawing.of([[[-400, 0], [-390, 300]], [[400, 0], [410, 300]]])
    sheet.live.update_now()
    sheet.live.read_as_one(as_one=True)
    sheet.live.read_as_one(as_one=False)
    assert [one.text for one in sheet.recognitions] == ["7 7", "7", "7 7"]


def test_what_was_divided_meanwhile_does_not_replace_what_is_read_as_one(qtbot):
    sheet = Sheet()
    sheet.most, sheet.drawing = 1, row(8)
    with qtbot.waitSignal(sheet.live.cold) as cold:
        sheet.live.update_now()
    (found,) = recognize(cold.args[:1], sheet.predictor.predict)
    sheet.live.read_as_one(as_one=True)
    sheet.live.take(found)
    assert len(sheet.live.latest.parts) == 1


def test_a_picture_that_is_to_be_read_as_one_is_preprocessed_elsewhere(qtbot):
    pixels = np.full((60, 80, 4), 255, np.uint8)
    pixels[10:50, 20:24, :3] = pixels[10:50, 60:64, :3] = 0
    sheet = Sheet()
    sheet.drawing = Drawing(picture=Picture(pixels))
    sheet.live.update_now()
    with qtbot.waitSignal(sheet.live.cold) as cold:
        sheet.live.read_as_one(as_one=True)
    unread, as_one = cold.args
    assert as_one
    assert not sheet.live.latest.is_complete
    done = preprocessed(unread.drawing, as_one=True)
    (found,) = recognize([done], sheet.predictor.predict)
    sheet.live.take(found)
    assert sheet.live.latest is found
    # Both ways are known now.
    with qtbot.assertNotEmitted(sheet.live.cold):
        sheet.live.read_as_one(as_one=False)
        sheet.live.read_as_one(as_one=True)
    assert len(sheet.live.latest.parts) == 1


def test_what_takes_long_rests_as_long():
    sheet = Sheet()
    sheet.live.update_now()
    sheet.memo = Memo()
    predict = sheet.predictor.predict

    def slowly(glyphs):
        time.sleep(0.05)
        return predict(glyphs)

    sheet.predictor.predict = slowly
    sheet.live.update_now()
    assert sheet.live._rest_ms >= 50
    sheet.live.update_now()
    assert sheet.live._rest_ms >= FRAME_MS


def test_signs_are_read_while_they_are_wanted():
    sheet = Sheet()
    sheet.drawing = drawn(*row_of("2", "-", "5"))
    sheet.live.update_now()
    sheet.live.read_signs(signs=True)
    sheet.live.read_signs(signs=False)
    assert ["-" in one.text for one in sheet.recognitions] == [False, True, False]


def test_a_picture_whose_signs_are_wanted_is_preprocessed_elsewhere(qtbot):
    pixels = np.full((60, 80, 4), 255, np.uint8)
    pixels[10:50, 20:24, :3] = pixels[10:50, 60:64, :3] = 0
    sheet = Sheet()
    sheet.drawing = Drawing(picture=Picture(pixels))
    sheet.live.update_now()
    without = sheet.live.latest
    with qtbot.waitSignal(sheet.live.cold) as cold:
        sheet.live.read_signs(signs=True)
    unread, as_one = cold.args
    assert (unread.signs, as_one) == (True, False)
    # What was asked for before comes too late.
    sheet.live.take(without)
    assert not sheet.live.latest.is_complete
    (found,) = recognize([preprocessed(unread.drawing, signs=True)], sheet.predictor.predict)
    sheet.live.take(found)
    assert sheet.live.latest is found
    # Both ways are known now.
    with qtbot.assertNotEmitted(sheet.live.cold):
        sheet.live.read_signs(signs=False)
        sheet.live.read_signs(signs=True)
