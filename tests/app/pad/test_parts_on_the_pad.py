"""Choosing a part of a number, and reading all as one, in the program."""

import pytest
from fakes import DIGITS, prediction
from handwriting import drawn, row
from pointers import mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitpad.app.services.recognition import ActiveModel
from digitpad.settings import Settings, load_settings

FIRST = [(60, 100), (130, 110), (80, 260)]
SECOND = [(300, 100), (370, 110), (320, 260)]


def press(program, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(program.pad.canvas, key, modifier)


@pytest.fixture
def two(qtbot, program):
    """The program with two sevens on the pad."""
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    for stroke in (FIRST, SECOND):
        mouse_stroke(program.pad.canvas, stroke)
    assert program.pad.answer.big.text == "77"
    return program


def tap(program, number):
    at = program.pad.canvas._marks.tag(number).center()
    mouse_stroke(program.pad.canvas, [(at.x(), at.y())])


def test_a_tap_shows_a_part_and_another_tap_the_whole(two):
    tap(two, 0)
    assert two.pad_controller.choice.chosen == 0
    assert two.pad.answer.big.text == "7"
    assert two.pad.answer.caption.text() == "Digit 1 of 2"
    tap(two, 1)
    assert two.pad.answer.caption.text() == "Digit 2 of 2"
    tap(two, 1)
    assert two.pad.answer.big.text == "77"
    assert len(two.pad.document.drawing.strokes) == 2


def test_arrow_keys_go_through_the_parts_and_the_whole(two):
    seen = []
    for key in (Qt.Key.Key_Right,) * 3 + (Qt.Key.Key_Left,) * 3:
        press(two, key)
        seen.append(two.pad_controller.choice.chosen)
    assert seen == [0, 1, None, 1, 0, None]
    press(two, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert two.pad_controller.choice.chosen == 0
    press(two, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert two.pad_controller.choice.chosen is None


def test_escape_leads_back_first_and_clears_then(two):
    tap(two, 0)
    assert "Esc" in two.pad.answer.place.text()
    assert "Esc" not in two.pad_actions.clear.toolTip()
    press(two, Qt.Key.Key_Escape)
    assert two.pad.answer.big.text == "77"
    assert "Esc" in two.pad_actions.clear.toolTip()
    press(two, Qt.Key.Key_Escape)
    assert two.pad.document.drawing.is_empty


def test_the_button_clears_though_a_part_is_chosen(two):
    tap(two, 0)
    two.pad_actions.clear.trigger()
    assert two.pad.document.drawing.is_empty
    assert two.pad.answer.big.text == ""


def test_who_draws_on_sees_the_whole(two):
    tap(two, 0)
    mouse_stroke(two.pad.canvas, [(x + 150, y) for x, y in SECOND])
    assert two.pad_controller.choice.chosen is None
    assert not two.pad.answer.place.isVisible()
    assert two.pad.answer.caption.text().startswith("Digit")


def test_the_same_part_stays_chosen_while_the_drawing_does(two, predictor):
    tap(two, 1)
    two.pad_controller.live.update_now()
    assert two.pad_controller.choice.chosen == 1
    assert two.pad.answer.caption.text() == "Digit 2 of 2"


def test_parts_can_be_chosen_where_there_are_several_only(program):
    actions = program.pad_actions
    parts = actions.previous_part, actions.next_part, actions.whole
    assert not any(action.isEnabled() for action in parts)
    mouse_stroke(program.pad.canvas, FIRST)
    assert not any(action.isEnabled() for action in parts)
    assert program.pad.canvas._marks.count == 0
    mouse_stroke(program.pad.canvas, SECOND)
    assert [action.isEnabled() for action in parts] == [True, True, False]
    actions.next_part.trigger()
    assert all(action.isEnabled() for action in parts)
    program.show_train()
    assert not any(action.isEnabled() for action in parts)


def test_how_it_got_there_belongs_to_the_part(two):
    two.pad_actions.stages.setChecked(True)
    pictures = two.pad.stages.pictures
    tap(two, 0)
    shown = pictures[0].grab().toImage()
    tap(two, 1)
    # Both are the same 7, and alone in the picture.
    assert pictures[0].grab().toImage() == shown


def test_screen_readers_hear_of_parts(two):
    tap(two, 1)
    said = two.pad.canvas.accessibleDescription()
    assert "Read as 77." in said
    assert said.endswith("Digit 2 of 2 is chosen.")
    two.pad.document.clear()
    assert "Read as" not in two.pad.canvas.accessibleDescription()


def test_the_number_is_copied(two, clipboard):
    tap(two, 0)
    two.pad_actions.copy_answer.trigger()
    assert clipboard.text() == "77"
    assert two.window.status.sentence == "Copied 77"


def test_the_train_page_shows_the_part_that_is_looked_at(two):
    train = two.show_train()
    shown = train.controller._on_pad
    assert shown.text == "7"
    assert shown.parts[0].bounds == two.pad_controller.live.latest.parts[1].bounds
    two.show_pad()
    tap(two, 0)
    assert train.controller._on_pad.parts[0].bounds == (
        two.pad_controller.live.latest.parts[0].bounds
    )


def test_all_can_be_read_as_one_digit(two, tmp_path):
    two.pad_actions.as_one.trigger()
    assert two.pad.answer.big.text == "7"
    assert len(two.pad_controller.live.latest.parts) == 1
    assert two.pad.canvas._marks.count == 0
    two.settings.save_waiting()
    assert load_settings(tmp_path / "settings.json").settings.as_one
    press(two, Qt.Key.Key_O)
    assert two.pad.answer.big.text == "77"
    two.settings.save_waiting()
    assert not load_settings(tmp_path / "settings.json").settings.as_one


def test_reading_as_one_is_remembered(make_program):
    program = make_program(Settings(theme="light", as_one=True))
    assert program.pad_actions.as_one.isChecked()
    assert program.pad.canvas.accessibleDescription().startswith("Draw a digit here")
    for stroke in (FIRST, SECOND):
        mouse_stroke(program.pad.canvas, stroke)
    assert program.pad.answer.big.text == "7"
    program.pad_actions.as_one.trigger()
    assert program.pad.answer.big.text == "77"
    assert "number" in program.pad.canvas.accessibleDescription()


def test_signs_are_read_where_that_is_wanted(qtbot, two, tmp_path):
    live = two.pad_controller.live
    two.pad.document.replace(drawn(*row("7", "-", "7")))
    qtbot.waitUntil(lambda: live.latest.text == "77")
    two.pad_actions.signs.trigger()
    qtbot.waitUntil(lambda: two.pad.answer.big.text == "7-7")
    for _ in range(2):
        two.pad_controller.choice.step(1)
    assert two.pad.answer.big.text == "-"
    assert "This is a minus sign" in two.pad.answer.headline.text()
    assert "2 of 3: a minus sign, " in two.pad.canvas.accessibleDescription()
    assert two.pad.canvas.accessibleDescription().endswith("2 of 3 is chosen.")
    two.settings.save_waiting()
    assert load_settings(tmp_path / "settings.json").settings.signs
    press(two, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: live.latest.text == "77")
    two.settings.save_waiting()
    assert not load_settings(tmp_path / "settings.json").settings.signs


def test_reading_signs_is_remembered(qtbot, make_program):
    program = make_program(Settings(theme="light", signs=True))
    assert program.pad_actions.signs.isChecked()
    program.pad.document.replace(drawn(*row("-", "7")))
    qtbot.waitUntil(lambda: program.pad.answer.big.text == "-7")
    program.pad.document.replace(drawn(*row("-", "7", "-", "7", "7")))
    qtbot.waitUntil(lambda: program.pad.answer.big.text.startswith("-7-7"))
    assert "number" in program.pad.canvas.accessibleDescription()


@pytest.mark.parametrize(
    ("classes", "one", "whole"),
    [
        (DIGITS, "digit", "number"),
        (tuple("ABC"), "letter", "word"),
        (("star", "moon"), "symbol", "text"),
    ],
)
def test_the_setting_is_named_after_the_classes(make_program, predictor, classes, one, whole):
    predictor.answer = prediction(0, 0.99, classes)
    program = make_program(load=lambda: ActiveModel(predictor, classes=classes))
    assert one in program.pad_actions.as_one.text()
    assert whole in program.pad_actions.whole.text()


def test_a_digit_that_is_being_drawn_is_judged_when_it_is_finished(qtbot, two, predictor):
    canvas = two.pad.canvas
    predictor.answer = prediction(3, 0.3, rejected=True)
    mouse_down(canvas, 470, 100)
    with qtbot.waitSignal(two.pad_controller.live.recognized):
        mouse_move(canvas, 490, 200)
    assert two.pad.answer.big.text.startswith("77")
    assert two.pad.answer.big.text.endswith("…")
    mouse_up(canvas, 490, 200)
    assert two.pad.answer.big.text.endswith("□")
