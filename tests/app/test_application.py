"""The program as its composition root builds it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import digitpad
from digitpad.app.about_dialog import AboutDialog
from digitpad.app.widgets.theme import is_dark
from digitpad.app.window_state import restore_geometry
from digitpad.ink.drawing import Drawing
from digitpad.paths import Profile
from digitpad.settings import load_settings


@pytest.fixture
def profile(tmp_path):
    return Profile(tmp_path)


def actions_of(menu):
    for action in menu.actions():
        if action.menu() is not None:
            yield from actions_of(action.menu())
        elif not action.isSeparator():
            yield action


def test_every_action_is_in_a_menu_and_shows_its_key(program):
    shown = list(actions_of(program.window.menuBar()))
    own = {
        action
        for owner in (
            program.actions,
            program.pad_actions,
            program.teach_actions,
            program.train_actions,
            program.samples.actions,
            program.inside.actions,
        )
        for action in owner.findChildren(QAction)
        if action.text()
    }
    assert own <= set(shown)
    without_key = {action for action in own if action.shortcut().isEmpty()}
    help_menu = {program.actions.problems, program.actions.about}
    assert without_key == help_menu | set(program.actions.themes.values())
    keys = [action.shortcut().toString() for action in own - without_key]
    assert len(set(keys)) == len(keys)
    for action in own - without_key:
        assert action.shortcut().toString() in action.toolTip()


def test_the_menus_and_their_order(program):
    titles = [action.text() for action in program.window.menuBar().actions()]
    assert titles == [
        *("&File", "&Edit", "&Tools", "&View", "&Model"),
        *("Tr&ain", "Samp&les", "&Inside", "&Help"),
    ]
    view = program.window.menuBar().actions()[3].menu()
    groups = " ".join("|" if a.isSeparator() else a.text() for a in view.actions())
    assert groups == (
        "&Draw &Train S&amples &Inside | &How it got there"
        " | Pre&vious part &Next part &Whole number | &Colours &Full screen"
    )


def test_light_and_dark_are_chosen_and_kept(qtbot, program, profile):
    canvas = program.pad.canvas
    assert program.actions.themes["light"].isChecked()
    program.actions.themes["dark"].trigger()
    qtbot.waitUntil(lambda: is_dark(canvas.palette()))
    program.actions.themes["light"].trigger()
    qtbot.waitUntil(lambda: not is_dark(canvas.palette()))
    program.actions.themes["dark"].trigger()
    program.shutdown()
    assert load_settings(profile.settings_path).settings.theme == "dark"
    assert program.actions.themes["dark"].isChecked()


def test_the_page_to_train_on_is_made_when_it_is_first_wanted(qtbot, program):
    assert program.train is None
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    QTest.keyClick(program.pad.canvas, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    train = program.train
    assert train.page.isVisible()
    assert not program.pad.isVisible()
    assert not program.pad_actions.clear.isEnabled()
    assert not program.window.progress.isVisible()
    program.show_pad()
    assert program.pad.canvas.hasFocus()
    assert program.window.progress.isVisible()
    assert program.show_train() is train


def test_a_picture_that_is_dropped_on_another_page_is_opened_all_the_same(program):
    program.show_train()
    program.pad.document.replace(Drawing.of([[(0, 0), (10, 100)]]))
    assert program.pad.isVisible()


def test_settings_that_cannot_be_written_are_a_notice(make_program, tmp_path):
    program = make_program()
    (tmp_path / "settings.json").unlink()
    (tmp_path / "settings.json").mkdir()
    program.settings.change(pen_width=77.0)
    program.settings.save()
    assert "could not be written" in program.window.notices.text


def test_full_screen_and_back(qtbot, program):
    program.actions.full_screen.trigger()
    qtbot.waitUntil(program.window.isFullScreen)
    program.actions.full_screen.trigger()
    qtbot.waitUntil(lambda: not program.window.isFullScreen())


def test_leaving_the_full_screen_otherwise_unticks_the_action(qtbot, program):
    program.actions.full_screen.trigger()
    qtbot.waitUntil(program.window.isFullScreen)
    program.window.showNormal()
    qtbot.waitUntil(lambda: not program.actions.full_screen.isChecked())
    assert program.actions.full_screen.shortcut().toString()


def test_about_names_the_version(qtbot, program):
    program.actions.about.trigger()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, AboutDialog)
    assert f"Digitpad {digitpad.__version__}" in box.versions.text.toPlainText()
    box.close()


def test_a_place_on_the_screen_is_kept(make_program, tmp_path):
    program = make_program(size=(777, 555))
    program.window.close()
    assert (tmp_path / "window.json").exists()
    again = make_program(start=False, size=(700, 500)).window
    assert restore_geometry(again, tmp_path / "window.json")
    assert (again.width(), again.height()) == (777, 555)


def test_icons_take_the_palettes_colour(program):
    image = program.pad_actions.undo.icon().pixmap(32, 32).toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {QGuiApplication.palette().buttonText().color().name()}
