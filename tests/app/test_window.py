import threading

import pytest
from fakes import prediction
from pointers import mouse_down, mouse_move, mouse_stroke, mouse_up
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QMenu, QPushButton

import digitpad
from digitpad.app.about_dialog import AboutDialog
from digitpad.app.actions import AppActions
from digitpad.app.page import Page
from digitpad.app.services.recognition import ActiveModel
from digitpad.app.window import MainWindow
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
    window.settings.shutdown()
    assert load_settings(tmp_path / "settings.json").settings.pen_width == PEN_WIDTHS[1] - 10


def test_the_answer_does_not_depend_on_the_pens_width(window, predictor):
    mouse_stroke(window.pad.canvas, LINE)
    window.pad.tools.slider.setValue(150)
    window.pad.document.clear()
    mouse_stroke(window.pad.canvas, LINE)
    first, second = predictor.glyphs
    assert (first == second).all()


def test_settings_that_cannot_be_written_are_a_notice(make_window, tmp_path):
    window = make_window()
    (tmp_path / "settings.json").mkdir()
    window.settings.change(pen_width=77.0)
    window.settings.save()
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


class FakePages:
    """Three pages that note what is asked of them."""

    def __init__(self):
        self.log = []
        self.actions = {name: QAction(name) for name in ("open", "find", "zoom")}
        self.menu = QMenu("&More")
        self.pages = [
            Page("&One", "Ctrl+1", lambda: self.make("one"), **self.noting("one")),
            Page(
                "&Two",
                "Ctrl+2",
                lambda: self.make("two"),
                tip="What two is for",
                actions={
                    "file": [[self.actions["open"]]],
                    "view": [[self.actions["find"]], [self.actions["zoom"]]],
                },
                menus=[self.menu],
                **self.noting("two"),
            ),
            Page("T&hree", "Ctrl+3", lambda: self.make("three")),
        ]

    def make(self, name):
        self.log.append(f"make {name}")
        return QPushButton(name)

    def noting(self, name):
        return {
            "shown": lambda: self.log.append(f"{name} shown"),
            "hidden": lambda: self.log.append(f"{name} hidden"),
        }


@pytest.fixture
def fakes():
    return FakePages()


@pytest.fixture
def plain(qtbot, tmp_path, fakes):
    window = MainWindow(AppActions(), QIcon(), tmp_path / "window.ini")
    qtbot.addWidget(window)
    window.set_pages(fakes.pages)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    return window


def test_a_page_is_made_once_and_when_it_is_first_shown(plain, fakes):
    assert fakes.log == ["make one", "one shown"]
    plain.show_page(fakes.pages[1])
    plain.show_page(fakes.pages[0])
    plain.show_page(fakes.pages[0])
    plain.actions_.pages[1].trigger()
    assert fakes.log[2:] == [
        "make two",
        "one hidden",
        "two shown",
        "two hidden",
        "one shown",
        "one hidden",
        "two shown",
    ]


def test_tab_menu_and_key_show_the_same_page(qtbot, plain, fakes):
    assert [plain.tabs.tabText(number) for number in range(3)] == ["One", "Two", "Three"]
    assert plain.tabs.tabToolTip(1) == "What two is for"
    active(qtbot, plain)
    for show in (
        lambda: plain.tabs.setCurrentIndex(1),
        plain.actions_.pages[1].trigger,
        lambda: QTest.keyClick(plain, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier),
    ):
        show()
        assert plain.tabs.currentIndex() == 1
        assert [action.isChecked() for action in plain.actions_.pages] == [False, True, False]
        assert plain.focusWidget().text() == "two"
        plain.show_page(fakes.pages[2])
        assert plain.focusWidget().text() == "three"


def test_the_actions_of_a_page_stand_in_the_menus_of_the_window(plain, fakes):
    menus = {
        action.text(): [a.text() for a in action.menu().actions()]
        for action in plain.menuBar().actions()
    }
    assert list(menus) == ["&File", "&View", "&More", "&Help"]
    assert menus["&File"] == ["open", "", "&Quit"]
    assert menus["&View"] == [
        *("&One", "&Two", "T&hree", "", "find", "", "zoom", ""),
        *("&Colours", "&Full screen"),
    ]
    with_keys = [action.toolTip() for action in plain.actions_.pages]
    assert with_keys == ["One (Ctrl+1)", "Two (Ctrl+2)", "Three (Ctrl+3)"]


def test_a_dialog_in_front_is_told(qtbot, plain):
    with qtbot.waitSignal(plain.blocked):
        plain.actions_.about.trigger()
    plain.findChild(AboutDialog).close()
