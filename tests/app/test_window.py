import threading

import pytest
from fakes import prediction
from pointers import mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication

import digitpad
from digitpad.app.about_dialog import AboutDialog
from digitpad.app.services.recognition import ActiveModel
from digitpad.app.widgets.theme import is_dark
from digitpad.errors import DigitpadError
from digitpad.settings import PEN_WIDTHS, Settings, load_settings

LINE = [(100, 100), (200, 120), (120, 300)]


def press(window, key, modifier=Qt.KeyboardModifier.ControlModifier):
    QTest.keyClick(window.pad.canvas, key, modifier)


def active(qtbot, window):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_it_answers_before_the_pen_has_left_the_pad(qtbot, window):
    mouse_down(window.pad.canvas, *LINE[0])
    with qtbot.waitSignal(window.pad_controller.live.recognized):
        mouse_move(window.pad.canvas, *LINE[1])
    assert window.pad.canvas.is_drawing
    assert window.pad.answer.big.text == "7"
    mouse_up(window.pad.canvas, *LINE[2])


def test_the_end_of_a_stroke_answers_at_once(window, predictor):
    mouse_stroke(window.pad.canvas, LINE)
    assert len(predictor.glyphs) == 1
    assert window.pad.answer.big.text == "7"
    assert window.pad.answer.bars.accessibleDescription().startswith("0:")


def test_clearing_takes_the_answer_away(window):
    mouse_stroke(window.pad.canvas, LINE)
    window.pad.document.clear()
    assert window.pad.answer.big.text == ""
    assert window.pad.answer.glyph._image is None


def test_keys_for_undo_and_redo(qtbot, window):
    active(qtbot, window)
    states = [window.pad.document.drawing]
    for offset in range(4):
        mouse_stroke(window.pad.canvas, [(x + 30 * offset, y) for x, y in LINE])
        states.append(window.pad.document.drawing)
    for state in reversed(states[:-1]):
        press(window, Qt.Key.Key_Z)
        assert window.pad.document.drawing is state
    assert not window.actions_.undo.isEnabled()
    for state in states[1:]:
        window.actions_.redo.trigger()
        assert window.pad.document.drawing is state
    assert not window.actions_.redo.isEnabled()


def test_escape_ends_the_stroke_first_and_then_clears(qtbot, window):
    active(qtbot, window)
    mouse_stroke(window.pad.canvas, LINE)
    mouse_down(window.pad.canvas, 50, 50)
    press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not window.pad.canvas.is_drawing
    assert len(window.pad.document.drawing.strokes) == 1
    mouse_up(window.pad.canvas, 60, 60)
    press(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert window.pad.document.drawing.is_empty
    window.pad.document.undo()
    assert len(window.pad.document.drawing.strokes) == 1


def test_undo_under_the_pen_takes_back_that_stroke_alone(qtbot, window):
    active(qtbot, window)
    mouse_stroke(window.pad.canvas, LINE)
    first = window.pad.document.drawing
    mouse_down(window.pad.canvas, 50, 50)
    press(window, Qt.Key.Key_Z)
    mouse_up(window.pad.canvas, 60, 60)
    assert window.pad.document.drawing is first
    assert window.pad.document.can_redo


def test_a_dialog_that_opens_under_the_pen_keeps_the_stroke(qtbot, window):
    mouse_down(window.pad.canvas, *LINE[0])
    mouse_move(window.pad.canvas, *LINE[1])
    window.actions_.about.trigger()
    box = window.findChild(AboutDialog)
    qtbot.waitUntil(box.isVisible)
    assert len(window.pad.document.drawing.strokes) == 1
    assert not window.pad.canvas.is_drawing
    box.close()


def test_clear_can_be_chosen_while_there_is_something_to_clear(window):
    assert not window.actions_.clear.isEnabled()
    mouse_down(window.pad.canvas, *LINE[0])
    assert window.actions_.clear.isEnabled()
    window.pad.canvas.abort()
    assert not window.actions_.clear.isEnabled()
    mouse_stroke(window.pad.canvas, LINE)
    assert window.actions_.clear.isEnabled()


def test_every_action_is_in_a_menu_and_shows_its_key(window):
    def actions(menu):
        for action in menu.actions():
            if action.menu() is not None:
                yield from actions(action.menu())
            elif not action.isSeparator():
                yield action

    shown = list(actions(window.menuBar()))
    own = {a for a in window.actions_.findChildren(QAction) if a.text()}
    assert own <= set(shown)
    without_key = {a for a in own if a.shortcut().isEmpty()}
    help_menu = {window.actions_.problems, window.actions_.about}
    assert without_key == help_menu | set(window.actions_.themes.values())
    keys = [a.shortcut().toString() for a in own - without_key]
    assert len(set(keys)) == len(keys)


def test_every_control_has_a_name_and_a_key(window):
    controls = [
        widget
        for kind in (QAbstractButton, QAbstractSlider)
        for widget in window.centralWidget().findChildren(kind)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(controls) >= 7
    assert all(widget.accessibleName() for widget in controls)
    assert window.pad.canvas.accessibleName()


def test_the_pens_width_is_kept(make_window, tmp_path):
    window = make_window(Settings(pen_width=80.0, theme="light"))
    assert window.pad.canvas.pen_width == 80
    window.actions_.thicker.trigger()
    assert window.pad.canvas.pen_width == 90
    window.pad.tools.slider.setValue(10_000)
    assert window.pad.canvas.pen_width == PEN_WIDTHS[1]
    window.actions_.thinner.trigger()
    mouse_stroke(window.pad.canvas, LINE)
    assert window.pad.document.drawing.strokes[0].width == PEN_WIDTHS[1] - 10
    window._keeper.shutdown()
    assert load_settings(tmp_path / "settings.json").settings.pen_width == PEN_WIDTHS[1] - 10


def test_the_answer_does_not_depend_on_the_pens_width(window, predictor):
    mouse_stroke(window.pad.canvas, LINE)
    window.pad.tools.slider.setValue(150)
    window.pad.document.clear()
    mouse_stroke(window.pad.canvas, LINE)
    first, second = predictor.glyphs
    assert (first == second).all()


def test_light_and_dark_are_chosen_and_kept(qtbot, make_window, tmp_path):
    window = make_window()
    window.actions_.themes["dark"].trigger()
    qtbot.waitUntil(lambda: is_dark(window.pad.canvas.palette()))
    window.actions_.themes["light"].trigger()
    qtbot.waitUntil(lambda: not is_dark(window.pad.canvas.palette()))
    window.actions_.themes["dark"].trigger()
    window._keeper.shutdown()
    assert load_settings(tmp_path / "settings.json").settings.theme == "dark"
    assert window.actions_.themes["dark"].isChecked()


def test_settings_that_cannot_be_written_are_a_notice(make_window, tmp_path):
    window = make_window()
    (tmp_path / "settings.json").mkdir()
    window._keeper.change(pen_width=77.0)
    window._keeper.save()
    assert "could not be written" in window.notices.text


def test_how_it_got_there_shows_its_steps_live(qtbot, window):
    steps = window.pad.stages
    assert not steps.isVisible()
    mouse_stroke(window.pad.canvas, LINE)
    window.actions_.steps.trigger()
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
    mouse_down(window.pad.canvas, 250, 250)
    with qtbot.waitSignal(window.pad_controller.live.recognized):
        mouse_move(window.pad.canvas, 300, 320)
    assert shown[-1].grab().toImage() != before
    mouse_up(window.pad.canvas, 300, 320)
    window.pad.document.clear()
    assert not any(picture.isVisibleTo(steps) for picture in shown)


def test_a_hidden_steps_view_costs_nothing(window, monkeypatch):
    monkeypatch.setattr(
        "digitpad.app.answer.stages_view.stages_of", lambda *_: pytest.fail("asked")
    )
    mouse_stroke(window.pad.canvas, LINE)
    assert window.pad.answer.big.text == "7"


@pytest.mark.parametrize("steps", [False, True])
def test_a_small_window_clips_nothing(qtbot, make_window, steps):
    window = make_window(size=(640, 480))
    window.actions_.steps.setChecked(steps)
    window.resize(640, 480)
    mouse_stroke(window.pad.canvas, LINE)
    qtbot.waitUntil(lambda: window.centralWidget().layout().geometry().isValid())
    assert (window.width(), window.height()) == (640, 480)
    room = window.centralWidget().rect()
    for widget in (window.pad.canvas, window.pad.tools, window.pad.answer, window.pad.answer.glyph):
        corner = widget.mapTo(window.centralWidget(), widget.rect().bottomRight())
        assert room.contains(corner)
        assert widget.width() >= widget.minimumSizeHint().width()
        assert widget.height() >= widget.minimumSizeHint().height()


def test_full_screen_and_back(qtbot, window):
    window.actions_.full_screen.trigger()
    qtbot.waitUntil(window.isFullScreen)
    window.actions_.full_screen.trigger()
    qtbot.waitUntil(lambda: not window.isFullScreen())


def test_leaving_the_full_screen_otherwise_unticks_the_action(qtbot, window):
    window.actions_.full_screen.trigger()
    qtbot.waitUntil(window.isFullScreen)
    window.showNormal()
    qtbot.waitUntil(lambda: not window.actions_.full_screen.isChecked())
    assert window.actions_.full_screen.shortcut().toString()


def test_about_names_the_version(qtbot, window):
    window.actions_.about.trigger()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, AboutDialog)
    assert f"Digitpad {digitpad.__version__}" in box.versions.text.toPlainText()
    box.close()


def test_a_place_on_the_screen_is_kept(make_window, tmp_path):
    window = make_window(size=(777, 555))
    window.close()
    assert (tmp_path / "window.ini").exists()
    again = make_window(start=False, size=(700, 500))
    again._restore_geometry()
    assert (again.width(), again.height()) == (777, 555)


def test_the_pad_draws_before_the_model_is_there_and_answers_when_it_comes(
    qtbot, make_window, predictor
):
    gate = threading.Event()

    def load():
        gate.wait()
        notice = DigitpadError("The bundled model is used instead of 'mine'.")
        return ActiveModel(predictor, notice=notice)

    window = make_window(load=load, start=False)
    window.service.start()
    try:
        mouse_stroke(window.pad.canvas, LINE)
        assert window.pad.answer.headline.text() == "Getting ready…"
        assert window.pad.answer.glyph._image is not None
        assert len(window.pad.document.drawing.strokes) == 1
    finally:
        with qtbot.waitSignal(window.service.ready):
            gate.set()
    assert window.pad.answer.big.text == "7"
    assert "bundled" in window.notices.text


def test_without_any_model_the_pad_still_draws_and_says_why(qtbot, make_window):
    def load():
        raise DigitpadError("The bundled model is damaged: please install Digitpad again.")

    window = make_window(load=load, start=False)
    with qtbot.waitSignal(window.service.failed):
        window.service.start()
    assert "install Digitpad again" in window.notices.text
    mouse_stroke(window.pad.canvas, LINE)
    assert len(window.pad.document.drawing.strokes) == 1
    assert window.pad.answer.big.text == ""
    assert window.pad.answer.headline.text() != "Getting ready…"


def test_a_rejected_drawing_is_said_in_the_window(window, predictor):
    predictor.answer = prediction(3, 0.3, rejected=True)
    mouse_stroke(window.pad.canvas, LINE)
    assert window.pad.answer.headline.text() == "This does not look like a digit"


def test_icons_take_the_palettes_colour(window):
    image = window.actions_.undo.icon().pixmap(32, 32).toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {QGuiApplication.palette().buttonText().color().name()}
