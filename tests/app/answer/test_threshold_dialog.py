import pytest
from fakes import DIGITS, FakePredictor, prediction
from pointers import mouse_stroke
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from digitpad.app.answer.threshold_dialog import ThresholdDialog
from digitpad.app.services.recognition import ActiveModel
from digitpad.settings import Settings, load_settings

LINE = [(100, 100), (200, 120), (120, 300)]


@pytest.fixture
def make_dialog(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(reject_below=None, advised=0.726, digits=True):
        dialog = ThresholdDialog(reject_below, advised, parent, digits=digits)
        dialog.kept = []
        dialog.chosen.connect(dialog.kept.append)
        return dialog

    return make


def test_left_to_the_model_it_tells_what_the_model_advises(make_dialog):
    dialog = make_dialog()
    assert dialog.as_advised.isChecked()
    assert "72.6 %" in dialog.as_advised.text()
    assert dialog.sentence.text() == (
        "A drawing is rejected as no digit when its two best answers have less than 72.6 % of the"
        " confidence together."
    )
    assert not dialog.slider.isEnabled()
    assert dialog.kept == []


def test_ones_own_choice_begins_where_the_model_is_and_can_be_given_back(make_dialog):
    dialog = make_dialog()
    dialog.as_wanted.click()
    assert dialog.kept == [0.73]
    dialog.slider.setValue(62)
    assert dialog.box.value() == 62
    assert "less than 62 % of the confidence" in dialog.sentence.text()
    dialog.box.setValue(0)
    assert dialog.slider.value() == 0
    assert dialog.sentence.text().startswith("Nothing is rejected")
    dialog.as_advised.click()
    assert dialog.kept == [0.73, 0.62, 0.0, None]
    assert dialog.reject_below is None


def test_opening_it_changes_nothing(make_dialog):
    dialog = make_dialog(0.625)
    assert dialog.reject_below == 0.625
    assert "62.5 %" in dialog.sentence.text()
    assert dialog.kept == []


def test_another_model_changes_what_is_advised_and_not_the_choice(make_dialog):
    dialog = make_dialog(0.5)
    dialog.show_model(0.9, digits=False)
    assert "90 %" in dialog.as_advised.text()
    assert "50 %" in dialog.sentence.text()
    assert "nothing that the model knows" in dialog.sentence.text()
    assert (dialog.reject_below, dialog.kept) == (0.5, [])


def open_dialog(program):
    program.pad_actions.threshold.trigger()
    return program.window.findChildren(ThresholdDialog)[-1]


def test_a_choice_reads_the_drawing_anew_and_is_kept(make_program, predictor, tmp_path):
    program = make_program()
    # The second best has a ninth of the rest.
    predictor.answer = prediction(7, 0.6)
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad_controller.live.latest.answer == "7"
    dialog = open_dialog(program)
    dialog.as_wanted.click()
    dialog.slider.setValue(65)
    assert program.pad.answer.headline.text() == "This does not look like a digit"
    assert not program.pad_actions.copy_answer.isEnabled()
    dialog.slider.setValue(64)
    assert program.pad_controller.live.latest.answer == "7"
    dialog.close()
    program.settings.save_waiting()
    assert load_settings(tmp_path / "settings.json").settings.reject_below == 0.64


def test_the_choice_of_last_time_holds_from_the_start(make_program, predictor):
    predictor.answer = prediction(7, 0.6, rejected=True)
    program = make_program(Settings(theme="light", reject_below=0.0))
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad_controller.live.latest.answer == "7"


def test_it_is_there_once_and_stays_open_beside_the_pad(qtbot, program, predictor):
    dialog = open_dialog(program)
    qtbot.waitUntil(dialog.isVisible)
    program.pad_actions.threshold.trigger()
    assert program.window.findChildren(ThresholdDialog) == [dialog]
    assert not dialog.isModal()
    mouse_stroke(program.pad.canvas, LINE)
    assert program.pad_controller.live.latest.answer == "7"
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not program.pad.document.drawing.is_empty
    again = open_dialog(program)
    qtbot.waitUntil(again.isVisible)
    again.close()


def test_a_model_that_comes_later_tells_what_it_advises(qtbot, make_program):
    loaded = ActiveModel(FakePredictor(), classes=DIGITS, reject_below=0.84)
    program = make_program(load=lambda: loaded, start=False)
    dialog = open_dialog(program)
    service = program.recognition
    with qtbot.waitSignal(service.ready):
        service.start()
    assert "84 %" in dialog.as_advised.text()
    dialog.close()
