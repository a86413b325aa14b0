"""Teaching on the Draw page: keys, bars, what is said, undo, and the question about slips."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from fakes import DIGITS, SEVEN, prediction
from handwriting import drawn, row
from PIL import Image, ImageDraw
from pointers import mouse_down, mouse_stroke, mouse_up
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from digitpad.app.i18n import translated
from digitpad.app.services.recognition import ActiveModel, load_active
from digitpad.ink.drawing import Drawing
from digitpad.ink.picture import Picture
from digitpad.paths import Profile
from digitpad.recognition.model_store import BUNDLED, ModelStore, bundled_model_path
from digitpad.recognition.recognition import preprocessed
from digitpad.samples.sample import Sample
from digitpad.samples.store import SampleStore
from digitpad.settings import load_settings

LETTERS = ("A", "B", "O", "a", "alpha", "Ж")


@pytest.fixture
def samples(tmp_path):
    """What is on the disk."""
    store = SampleStore(Profile(tmp_path).samples_path)
    return lambda: [(one.label, one.origin) for one in store.list()]


@pytest.fixture
def with_model(qtbot, make_program, tmp_path):
    """The program with a model that is shipped, in front."""

    def make(name):
        store = ModelStore(tmp_path / "models", bundled_model_path())
        program = make_program(load=lambda: load_active(store, name))
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow)
        return program

    return make


@pytest.fixture
def bundled(with_model):
    return with_model(BUNDLED)


def press(program, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(program.pad.canvas, key, modifier)


def learn(qtbot, program, key):
    with qtbot.waitSignal(program.teaching.learned) as learned:
        press(program, key)
    return learned.args[0]


def said(program):
    return program.pad.lesson_line.label.text() if program.pad.lesson_line.isVisible() else ""


def shown(program):
    return program.pad.answer.big.text


def test_a_key_names_the_drawing_and_undo_takes_it_back(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    before = bundled.pad_controller.live.latest.predictions[0]
    assert before.text == "7"
    learned = learn(qtbot, bundled, Qt.Key.Key_1)
    assert samples() == [("1", "correction")]
    assert learned.samples[0].answer.text == "7"
    assert shown(bundled) == "1"
    assert "taught by 1 lesson" in bundled.pad.model_line.label.text()
    with qtbot.waitSignal(bundled.teaching.adaptation_changed):
        press(bundled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert samples() == []
    assert bundled.pad_controller.live.latest.predictions[0] == before
    assert bundled.pad.document.drawing == SEVEN
    assert not said(bundled)
    with qtbot.waitSignal(bundled.teaching.learned):
        bundled.pad_actions.redo.trigger()
    assert samples() == [("1", "correction")]
    assert shown(bundled) == "1"
    assert said(bundled) == "Learned: your 1, from 1 lesson"


def test_enter_confirms_and_so_does_the_button(qtbot, bundled, samples):
    button = bundled.pad.answer.confirm
    assert not button.isVisible()
    bundled.pad.document.replace(SEVEN)
    assert button.isVisible()
    learn(qtbot, bundled, Qt.Key.Key_Return)
    assert samples() == [("7", "confirmation")]
    assert said(bundled) == "Learned: your 7, from 1 lesson"
    with qtbot.waitSignal(bundled.teaching.learned):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    # The same ink is no second lesson.
    assert samples() == [("7", "confirmation")]


def test_a_click_on_a_bar_names_the_drawing(qtbot, bundled, samples):
    bars = bundled.pad.answer.bars
    place = bars.row_rect(1).center().toPoint()
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place)
    assert bars.cursor().shape() == Qt.CursorShape.ArrowCursor
    bundled.pad.document.replace(SEVEN)
    QTest.mouseMove(bars, QPoint(3, 3))
    QTest.mouseMove(bars, place)
    assert bars.cursor().shape() == Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(bundled.teaching.learned):
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place)
    assert samples() == [("1", "correction")]


def test_a_second_name_for_the_same_ink_replaces_the_first(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    learn(qtbot, bundled, Qt.Key.Key_2)
    learn(qtbot, bundled, Qt.Key.Key_1)
    assert samples() == [("1", "correction")]
    for labels in ([("2", "correction")], []):
        with qtbot.waitSignal(bundled.teaching.changed):
            bundled.teach_actions.take_back.trigger()
        assert samples() == labels


def test_a_clear_slip_is_asked_about_once_and_kept_either_way(qtbot, bundled, samples):
    line = bundled.pad.lesson_line
    bundled.pad.document.replace(SEVEN)
    assert learn(qtbot, bundled, Qt.Key.Key_4).samples[0].is_flagged
    assert line.is_question
    assert line.yes.isVisible()
    assert line.no.isVisible()
    assert bundled.teaching.samples[0].is_flagged
    # The key that confirms says yes here.
    press(bundled, Qt.Key.Key_Return)
    assert not line.is_question
    assert said(bundled) == "Learned: your 4, from 1 lesson"
    assert samples() == [("4", "correction")]
    # Whoever says so means it, and it is learned like any other.
    qtbot.waitUntil(lambda: not bundled.teaching.samples[0].is_flagged)
    with qtbot.waitSignal(bundled.teaching.taken_back):
        press(bundled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(bundled.teaching.learned):
        bundled.pad_actions.redo.trigger()
    assert not line.is_question
    assert not bundled.teaching.samples[0].is_flagged


def test_no_to_the_question_takes_the_lesson_back(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    learn(qtbot, bundled, Qt.Key.Key_4)
    with qtbot.waitSignal(bundled.teaching.adaptation_changed):
        QTest.keyClick(bundled.pad.lesson_line.no, Qt.Key.Key_Space)
    assert samples() == []
    assert shown(bundled) == "7"


def test_drawing_on_ends_the_line_and_undo_is_of_the_drawing_again(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    learn(qtbot, bundled, Qt.Key.Key_7)
    bundled.pad.document.clear()
    assert not bundled.pad.lesson_line.isVisible()
    assert bundled.pad.model_line.isVisible()
    bundled.pad_actions.undo.trigger()
    assert bundled.pad.document.drawing == SEVEN
    assert samples() == [("7", "confirmation")]
    # It has its own key, whatever was drawn since.
    with qtbot.waitSignal(bundled.teaching.taken_back):
        press(bundled, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert samples() == []


def test_undo_at_once_takes_back_what_is_not_kept_yet(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    with qtbot.waitSignal(bundled.teaching.taken_back):
        press(bundled, Qt.Key.Key_1)
        press(bundled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert samples() == []
    assert bundled.pad.document.drawing == SEVEN


def test_nothing_is_taught_while_a_stroke_is_drawn(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    mouse_down(bundled.pad.canvas, 60, 60)
    press(bundled, Qt.Key.Key_1)
    mouse_up(bundled.pad.canvas, 60, 60)
    bundled.teaching.shutdown()
    assert samples() == []


def test_in_a_number_the_chosen_part_is_taught(qtbot, bundled, samples):
    bundled.pad.document.replace(drawn(*row("7", "7")))
    assert shown(bundled) == "77"
    with qtbot.waitSignal(bundled.pad_controller.reported) as reported:
        press(bundled, Qt.Key.Key_1)
    assert "Ctrl+Right" in reported.args[0]
    press(bundled, Qt.Key.Key_Right)
    learned = learn(qtbot, bundled, Qt.Key.Key_2)
    assert len(learned.samples) == 1
    strokes = bundled.pad_controller.choice.recognition.parts[0].ink
    assert bundled.teaching.samples[0].drawing.strokes[0].points.shape == strokes[0].points.shape
    assert samples() == [("2", "correction")]


class DoubtfulOne:
    """Doubts one glyph, and no other."""

    def __init__(self):
        self.glyph = None

    def predict(self, glyphs):
        return [
            prediction(7, share=0.5 if np.array_equal(glyph, self.glyph) else 0.99)
            for glyph in glyphs
        ]


def test_the_only_part_in_doubt_needs_no_choice(make_program, samples):
    predictor = DoubtfulOne()
    program = make_program(load=lambda: ActiveModel(predictor, classes=DIGITS))
    program.pad.document.replace(drawn(*row("7", "1", gap=90)))
    parts = program.pad_controller.choice.recognition.parts
    assert len(parts) == 2
    predictor.glyph = parts[1].stages.glyph
    again = ActiveModel(predictor, classes=DIGITS)
    program.recognition.adapt(program.recognition.chosen, again)
    program.pad_controller.lessons.correct("1")
    program.teaching.shutdown()
    assert samples() == [("1", "correction")]
    (sample,) = program.teaching._lessons.store.list()
    assert np.array_equal(sample.glyph, parts[1].stages.glyph)


def test_a_number_that_is_right_is_a_lesson_for_each_part(qtbot, bundled, samples):
    bundled.pad.document.replace(drawn(*row("1", "7")))
    learn(qtbot, bundled, Qt.Key.Key_Enter)
    assert samples() == [("1", "confirmation"), ("7", "confirmation")]
    assert said(bundled) == "Learned 2 lessons"
    with qtbot.waitSignal(bundled.teaching.taken_back):
        press(bundled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert samples() == []


def test_the_line_leads_to_the_lessons(qtbot, bundled):
    wanted = []
    bundled.pad_controller.lessons.lessons_wanted.connect(wanted.append)
    bundled.teach_actions.show_lessons.trigger()
    bundled.pad.document.replace(SEVEN)
    learn(qtbot, bundled, Qt.Key.Key_7)
    QTest.mouseClick(bundled.pad.lesson_line.show_lessons, Qt.MouseButton.LeftButton)
    assert wanted == ["", "7"]


def test_the_switch_is_in_both_menus_and_remembered(qtbot, bundled, tmp_path):
    used = bundled.teach_actions.used
    assert not used.isEnabled()
    assert "no lessons" in used.toolTip()
    bundled.pad.document.replace(SEVEN)
    before = bundled.pad_controller.live.latest.predictions
    learn(qtbot, bundled, Qt.Key.Key_1)
    assert used.isEnabled()
    for menu in (bundled.pad.model_line.change.menu(), bundled._draw_page.menus[0]):
        menu.aboutToShow.emit()
        assert used in menu.actions()
    used.trigger()
    assert bundled.pad_controller.live.latest.predictions == before
    assert "taught" not in bundled.pad.model_line.label.text()
    bundled.save()
    assert not load_settings(Profile(tmp_path).settings_path).settings.adapted
    assert "is off" in said_after(qtbot, bundled, Qt.Key.Key_2)
    used.trigger()
    assert bundled.pad_controller.live.latest.predictions != before


def said_after(qtbot, program, key):
    learn(qtbot, program, key)
    if program.pad.lesson_line.is_question:
        program.pad.lesson_line.yes.click()
    return said(program)


def test_letters_have_their_keys_as_far_as_these_are_free(qtbot, make_program, predictor):
    predictor.answer = prediction(0, classes=LETTERS)
    program = make_program(load=lambda: ActiveModel(predictor, classes=LETTERS))
    keys = {
        name: action.shortcut().toString() for name, action in program.teach_actions.named.items()
    }
    assert keys == {"A": "Shift+A", "B": "B", "O": "", "a": "A", "alpha": "", "Ж": "Ж"}


def test_keys_teach_nothing_on_another_page(qtbot, bundled, samples):
    bundled.pad.document.replace(SEVEN)
    bundled.show_train()
    for action in (*bundled.teach_actions.named.values(), bundled.teach_actions.confirm):
        assert not action.isEnabled()
    bundled.show_pad()
    assert bundled.teach_actions.confirm.isEnabled()


def test_samples_that_cannot_be_written_are_a_notice(qtbot, bundled, tmp_path):
    bundled.pad.document.replace(SEVEN)
    Profile(tmp_path).samples_path.mkdir()
    with qtbot.waitSignal(bundled.teaching.noticed):
        press(bundled, Qt.Key.Key_1)
    assert bundled.window.notices.isVisible()
    assert shown(bundled) == "7"
    assert not bundled.teaching.can_take_back
    assert not said(bundled)


def test_what_another_window_was_taught_is_learned_when_one_comes_back(qtbot, bundled, tmp_path):
    bundled.pad.document.replace(SEVEN)
    other = Sample.of("1", SEVEN, origin="correction")
    SampleStore(Profile(tmp_path).samples_path).add([other])
    with qtbot.waitSignal(bundled.teaching.adaptation_changed):
        QApplication.sendEvent(bundled.window, QEvent(QEvent.Type.WindowActivate))
    assert shown(bundled) == "1"
    assert not said(bundled)


def test_an_ensemble_says_why_it_cannot_be_taught(qtbot, with_model, samples):
    program = with_model("ensemble")
    program.pad.document.replace(SEVEN)
    learn(qtbot, program, Qt.Key.Key_1)
    assert said(program).startswith("Kept: your 1. ")
    assert translated(program.teaching.reason) in said(program)
    assert not program.teach_actions.used.isEnabled()
    assert "ensemble" in program.teach_actions.used.toolTip()
    assert shown(program) == "7"
    assert samples() == [("1", "correction")]


def test_a_part_of_a_picture_is_taught_by_a_crop_of_it(qtbot, bundled, samples):
    image = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(image).line([(120, 90), (280, 90), (200, 320)], 0, 26, "curve")
    picture = Picture(np.array(image.convert("RGBA")))
    bundled.pad_controller.import_export.prepared.emit(preprocessed(Drawing(picture=picture)))
    bundled.pad.document.replace(Drawing(picture=picture))
    qtbot.waitUntil(lambda: shown(bundled) == "7")
    learn(qtbot, bundled, Qt.Key.Key_1)
    assert samples() == [("1", "correction")]
    kept = bundled.teaching.samples[0]
    assert kept.drawing.picture is not None
    glyph = bundled.pad_controller.choice.recognition.parts[0].stages.glyph
    assert np.array_equal(kept.glyph, glyph)


def test_a_lesson_that_takes_long_is_announced(qtbot, bundled, monkeypatch):
    gate, teach = threading.Event(), bundled.teaching._lessons.adaptation

    def slowly(chosen):
        assert gate.wait(30)
        return teach(chosen)

    monkeypatch.setattr(bundled.teaching._lessons, "adaptation", slowly)
    bundled.pad.document.replace(SEVEN)
    press(bundled, Qt.Key.Key_7)
    qtbot.waitUntil(lambda: said(bundled) == "Learning…")
    assert not bundled.pad.lesson_line.show_lessons.isVisible()
    # The window stays usable meanwhile.
    mouse_stroke(bundled.pad.canvas, [(60, 60), (60, 120)])
    assert said(bundled) == "Learning…"
    with qtbot.waitSignal(bundled.teaching.learned):
        gate.set()
    assert said(bundled) == "Learned: your 7, from 1 lesson"


def test_nothing_of_samples_is_imported_before_a_lesson():
    code = (
        "import sys, digitpad.app.application;"
        "print({'digitpad.samples.store', 'sqlite3', 'torch', 'scipy', 'PIL.Image'}"
        " & set(sys.modules) or '')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not found.stdout.strip()
