"""The page with the pad, in the program."""

import threading

import numpy as np
import pytest
from fakes import prediction
from pointers import LEFT, RIGHT, mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider

from digitpad.app.about_dialog import AboutDialog
from digitpad.app.services.recognition import ActiveModel
from digitpad.errors import DigitpadError
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.settings import PEN_WIDTHS, Settings, load_settings

LINE = [(100, 100), (200, 120), (120, 300)]


def press(program, key, modifier=Qt.KeyboardModifier.ControlModifier):
    QTest.keyClick(program.pad.canvas, key, modifier)


def active(qtbot, program):
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    return program


def test_it_answers_before_the_pen_has_left_the_pad(qtbot, program):
    mouse_down(program.pad.canvas, *LINE[0])
    with qtbot.waitSignal(program.pad_controller.live.recognized):
        mouse_move(program.pad.canvas, *LINE[1])
    assert program.pad.canvas.is_drawing
    assert program.pad.answer.big.text == "7"
    mouse_up(program.pad.canvas, *LINE[2])


def test_the_end_of_a_stroke_answers_at_once(program, predictor):
    mouse_stroke(program.pad.canvas, LINE)
    assert len(predictor.glyphs) == 1
    assert program.pad.answer.big.text == "7"
    assert program.pad.answer.bars.accessibleDescription().startswith("0:")


def test_clearing_takes_the_answer_away(program):
    mouse_stroke(program.pad.canvas, LINE)
    program.pad.document.clear()
    assert program.pad.answer.big.text == ""
    assert program.pad.answer.glyph._image is None


def test_keys_for_undo_and_redo(qtbot, program):
    active(qtbot, program)
    states = [program.pad.document.drawing]
    for offset in range(4):
        mouse_stroke(program.pad.canvas, [(x + 30 * offset, y) for x, y in LINE])
        states.append(program.pad.document.drawing)
    for state in reversed(states[:-1]):
        press(program, Qt.Key.Key_Z)
        assert program.pad.document.drawing is state
    assert not program.pad_actions.undo.isEnabled()
    for state in states[1:]:
        program.pad_actions.redo.trigger()
        assert program.pad.document.drawing is state
    assert not program.pad_actions.redo.isEnabled()


def test_escape_ends_the_stroke_first_and_then_clears(qtbot, program):
    active(qtbot, program)
    mouse_stroke(program.pad.canvas, LINE)
    mouse_down(program.pad.canvas, 50, 50)
    press(program, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not program.pad.canvas.is_drawing
    assert len(program.pad.document.drawing.strokes) == 1
    mouse_up(program.pad.canvas, 60, 60)
    press(program, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert program.pad.document.drawing.is_empty
    program.pad.document.undo()
    assert len(program.pad.document.drawing.strokes) == 1


def test_undo_under_the_pen_takes_back_that_stroke_alone(qtbot, program):
    active(qtbot, program)
    mouse_stroke(program.pad.canvas, LINE)
    first = program.pad.document.drawing
    mouse_down(program.pad.canvas, 50, 50)
    press(program, Qt.Key.Key_Z)
    mouse_up(program.pad.canvas, 60, 60)
    assert program.pad.document.drawing is first
    assert program.pad.document.can_redo


def test_a_dialog_that_opens_under_the_pen_keeps_the_stroke(qtbot, program):
    mouse_down(program.pad.canvas, *LINE[0])
    mouse_move(program.pad.canvas, *LINE[1])
    program.actions.about.trigger()
    box = program.window.findChild(AboutDialog)
    qtbot.waitUntil(box.isVisible)
    assert len(program.pad.document.drawing.strokes) == 1
    assert not program.pad.canvas.is_drawing
    box.close()


def test_clear_can_be_chosen_while_there_is_something_to_clear(program):
    assert not program.pad_actions.clear.isEnabled()
    mouse_down(program.pad.canvas, *LINE[0])
    assert program.pad_actions.clear.isEnabled()
    program.pad.canvas.abort()
    assert not program.pad_actions.clear.isEnabled()
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad_actions.clear.isEnabled()


def test_every_control_has_a_name_and_a_key(program):
    controls = [
        widget
        for kind in (QAbstractButton, QAbstractSlider)
        for widget in program.window.centralWidget().findChildren(kind)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(controls) >= 7
    assert all(widget.accessibleName() for widget in controls)
    assert program.pad.canvas.accessibleName()


def test_the_pens_width_is_kept(make_program, tmp_path):
    program = make_program(Settings(pen_width=80.0, theme="light"))
    assert program.pad.canvas.pen_width == 80
    program.pad_actions.thicker.trigger()
    assert program.pad.canvas.pen_width == 90
    program.pad.tools.slider.setValue(10_000)
    assert program.pad.canvas.pen_width == PEN_WIDTHS[1]
    program.pad_actions.thinner.trigger()
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad.document.drawing.strokes[0].width == PEN_WIDTHS[1] - 10
    program.settings.save_waiting()
    assert load_settings(tmp_path / "settings.json").settings.pen_width == PEN_WIDTHS[1] - 10


def test_the_answer_does_not_depend_on_the_pens_width(program, predictor):
    mouse_stroke(program.pad.canvas, LINE)
    program.pad.tools.slider.setValue(150)
    program.pad.document.clear()
    mouse_stroke(program.pad.canvas, LINE)
    first, second = predictor.glyphs
    assert (first == second).all()


def test_how_it_got_there_shows_its_steps_live(qtbot, program):
    steps = program.pad.stages
    assert not steps.isVisible()
    mouse_stroke(program.pad.canvas, LINE)
    program.pad_actions.stages.trigger()
    assert steps.isVisible()
    shown = [picture for picture in steps.pictures if picture.isVisibleTo(steps)]
    assert [picture.accessibleName() for picture in shown] == [
        "As drawn",
        "Box of 20",
        "Stroke width",
        "Centre of mass",
        "Final pixels",
    ]
    assert all(picture.accessibleDescription().endswith(".") for picture in shown)
    before = shown[-1].grab().toImage()
    mouse_down(program.pad.canvas, 250, 250)
    with qtbot.waitSignal(program.pad_controller.live.recognized):
        mouse_move(program.pad.canvas, 300, 320)
    assert shown[-1].grab().toImage() != before
    mouse_up(program.pad.canvas, 300, 320)
    program.pad.document.clear()
    assert not any(picture.isVisibleTo(steps) for picture in shown)


def test_a_hidden_steps_view_costs_nothing(program, monkeypatch):
    monkeypatch.setattr("digitpad.app.answer.stages.stages_of", lambda *_: pytest.fail("asked"))
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad.answer.big.text == "7"


@pytest.mark.parametrize("steps", [False, True])
def test_a_small_window_clips_nothing(qtbot, make_program, steps):
    program = make_program(size=(640, 480))
    program.pad_actions.stages.setChecked(steps)
    program.window.resize(640, 480)
    mouse_stroke(program.pad.canvas, LINE)
    qtbot.waitUntil(lambda: program.window.centralWidget().layout().geometry().isValid())
    assert (program.window.width(), program.window.height()) == (640, 480)
    room = program.window.centralWidget().rect()
    for widget in (
        program.pad.canvas,
        program.pad.tools,
        program.pad.answer,
        program.pad.answer.glyph,
    ):
        corner = widget.mapTo(program.window.centralWidget(), widget.rect().bottomRight())
        assert room.contains(corner)
        assert widget.width() >= widget.minimumSizeHint().width()
        assert widget.height() >= widget.minimumSizeHint().height()


def test_the_pad_draws_before_the_model_is_there_and_answers_when_it_comes(
    qtbot, make_program, predictor
):
    gate = threading.Event()

    def load():
        gate.wait()
        notice = DigitpadError("The bundled model is used instead of 'mine'.")
        return ActiveModel(predictor, notice=notice)

    program = make_program(load=load, start=False)
    program.recognition.start()
    try:
        mouse_stroke(program.pad.canvas, LINE)
        assert program.pad.answer.headline.text() == "Getting ready…"
        assert program.pad.answer.glyph._image is not None
        assert len(program.pad.document.drawing.strokes) == 1
    finally:
        with qtbot.waitSignal(program.recognition.ready):
            gate.set()
    assert program.pad.answer.big.text == "7"
    assert "bundled" in program.window.notices.text


def test_without_any_model_the_pad_still_draws_and_says_why(qtbot, make_program):
    def load():
        raise DigitpadError("The bundled model is damaged: please install Digitpad again.")

    program = make_program(load=load, start=False)
    with qtbot.waitSignal(program.recognition.failed):
        program.recognition.start()
    assert "install Digitpad again" in program.window.notices.text
    mouse_stroke(program.pad.canvas, LINE)
    assert len(program.pad.document.drawing.strokes) == 1
    assert program.pad.answer.big.text == ""
    assert program.pad.answer.headline.text() != "Getting ready…"


def test_a_rejected_drawing_is_said_in_the_window(program, predictor):
    predictor.answer = prediction(3, 0.3, rejected=True)
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad.answer.headline.text() == "This does not look like a digit"


def test_a_stroke_on_a_picture_says_how_it_comes_back(program):
    picture = Picture(np.full((40, 40, 4), 255, np.uint8))
    for button, word in ((LEFT, "Replaced"), (RIGHT, "Removed")):
        program.pad.document.replace(Drawing(picture=picture))
        mouse_stroke(program.pad.canvas, LINE, button)
        said = program.window.status.sentence
        assert said.startswith(word)
        assert program.pad_actions.undo.shortcut().toString() in said
        program.pad_actions.undo.trigger()
        assert program.pad.document.drawing.picture is picture


def test_what_was_saved_or_copied_is_said_for_a_moment(qtbot, program, clipboard, tmp_path):
    status = program.window.status
    mouse_stroke(program.pad.canvas, LINE)
    program.pad_controller.import_export.save_path(tmp_path / "seven.svg")
    assert status.sentence == "Saved as seven.svg"
    program.pad_actions.copy.trigger()
    assert status.sentence == "Copied the picture"
    program.pad_actions.copy_answer.trigger()
    assert clipboard.text() == "7"
    assert status.sentence == "Copied 7"
    status._timer.setInterval(0)
    status.say("Something")
    qtbot.waitUntil(lambda: not status.sentence)
    assert status.text() == ""


def test_an_error_of_saving_stays(program, tmp_path):
    mouse_stroke(program.pad.canvas, LINE)
    program.pad_controller.import_export.save_path(tmp_path / "seven.doc")
    assert program.window.status.sentence == ""
    assert program.window.notices.text


def test_a_long_name_is_cut_in_its_middle_and_keeps_the_window_narrow(qtbot, program):
    status, narrowest = program.window.status, program.window.minimumSizeHint().width()
    status.say(f"Saved as {'w' * 500}.svg")
    assert "\N{HORIZONTAL ELLIPSIS}" in status.text()
    assert status.text().endswith(".svg")
    assert program.window.minimumSizeHint().width() == narrowest


def test_the_pad_speaks_of_the_classes_of_its_model(qtbot, make_program, predictor):
    classes = ("star", "moon")
    program = make_program(load=lambda: ActiveModel(predictor, classes=classes), start=False)
    assert "digit" in program.pad.canvas.accessibleDescription()
    with qtbot.waitSignal(program.recognition.ready):
        program.recognition.start()
    assert "digit" not in program.pad.canvas.accessibleDescription()
    assert program.pad.answer.bars.classes == classes
    assert program.pad.answer.note.isVisible()


def test_a_model_that_rejects_has_no_note(make_program, predictor):
    model = ActiveModel(predictor, classes=tuple("0123456789"), reject_below=0.6)
    assert not make_program(load=lambda: model).pad.answer.note.isVisible()
