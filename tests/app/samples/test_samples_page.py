"""The page of the samples, with the program around it."""

import pytest
from handwriting import digit, drawn
from mnemonics import assert_each_once, letters
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from digitpad.app.pad.files.formats import onto_pad
from digitpad.app.samples.choice import Filter
from digitpad.ink.drawing import Drawing
from digitpad.samples.sample import Sample

KEY = Qt.Key
ACCEPT = QMessageBox.ButtonRole.AcceptRole


def shown_page(program):
    program.samples.show()
    return program.samples.page


def labels(program):
    return [sample.label for sample in program.samples.page.wall.samples]


def select(program, *rows):
    """Click on samples, the later ones with Ctrl."""
    wall = program.samples.page.wall
    keys = Qt.KeyboardModifier
    for number, row in enumerate(rows):
        place = wall.visualRect(wall.model().index(row, 0)).center()
        held = keys.ControlModifier if number else keys.NoModifier
        QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, held, place)


def activate(qtbot, program):
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    program.samples.page.wall.setFocus()


def test_the_page_is_made_when_it_is_first_wanted(qtbot, program):
    assert program.samples.page is None
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    QTest.keyClick(program.pad.canvas, KEY.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert program.samples.page.isVisible()
    assert not program.pad_actions.clear.isEnabled()


def test_without_samples_it_says_how_to_teach(program):
    page = shown_page(program)
    assert page.message.isVisible()
    assert "Draw page" in page.message.sentence.text()
    assert not page.filters.isVisible()
    collect, _ = page.message.buttons
    collect.click()
    assert page.is_collecting


def test_the_newest_samples_come_first_and_the_first_is_looked_at(taught):
    page = taught.samples.page
    assert labels(taught) == ["9", "9", "7", "7", "4", "4"]
    assert page.wall.selected == ()
    assert page.details.label.text() == "9"
    assert page.filters.count.text() == "6 drawings"
    assert "confirmed" in page.details.text.text()
    assert taught.samples.actions.play.isEnabled()


def test_buttons_act_on_what_is_looked_at_where_nothing_is_selected(qtbot, taught, store):
    activate(qtbot, taught)
    page, actions = taught.samples.page, taught.samples.actions
    for action in (actions.relabel, actions.flag, actions.delete):
        assert action.isEnabled()
    # A class is named by a key too easily.
    QTest.keyClick(page.wall, KEY.Key_1)
    assert not page.undo_line.isVisible()
    actions.flag.trigger()
    qtbot.waitUntil(lambda: [one.is_flagged for one in page.wall.samples][:2] == [True, False])
    assert actions.flag.isChecked()
    menu = taught.samples.controller.changes.menu_of_labels(page)
    menu.actions()[3].trigger()
    qtbot.waitUntil(lambda: labels(taught)[:2] == ["3", "9"])
    actions.delete.trigger()
    qtbot.waitUntil(lambda: labels(taught) == ["9", "7", "7", "4", "4"])
    assert page.undo_line.label.text() == "Deleted 1 drawing."
    assert len(store.list()) == 5


def test_marks_are_told_in_words(taught):
    model = taught.samples.page.wall.model()
    words = [model.index(row, 0).data() for row in range(6)]
    assert words == ["9", "9", "7, was read as 1, may be a slip", "7", "4, was read as 9", "4"]


def test_filters_and_the_way_back(taught):
    page, controller = taught.samples.page, taught.samples.controller
    page.filters.outcome.setCurrentIndex(2)
    assert labels(taught) == ["7", "4"]
    page.filters.flagged.setChecked(True)
    assert labels(taught) == ["7"]
    assert page.filters.count.text() == "1 of 6 drawings"
    page.counts.setCurrentRow(1 + list("0123456789").index("4"))
    assert page.message.isVisible()
    assert "None of your 6 drawings" in page.message.sentence.text()
    (button,) = page.message.buttons
    button.click()
    assert controller.filter == Filter()
    assert len(labels(taught)) == 6
    assert not page.filters.flagged.isChecked()
    assert page.counts.currentRow() == 0


def test_the_samples_of_one_label_are_shown_from_elsewhere(taught):
    taught.show_pad()
    taught.samples.show_label("4")
    assert labels(taught) == ["4", "4"]
    assert taught.samples.page.counts.currentRow() == 5
    assert taught.samples.actions.show_all.isEnabled()


def test_a_key_labels_what_is_selected_and_undo_takes_it_back(qtbot, taught, store):
    activate(qtbot, taught)
    page = taught.samples.page
    select(taught, 2, 3)
    QTest.keyClick(page.wall, KEY.Key_1)
    qtbot.waitUntil(page.undo_line.isVisible)
    assert page.undo_line.label.text() == "Labelled 2 drawings 1."
    assert sorted(one.label for one in store.list()) == ["1", "1", "4", "4", "9", "9"]
    qtbot.waitUntil(lambda: labels(taught)[2:4] == ["1", "1"])
    # The same drawings are still selected.
    assert [one.label for one in page.wall.selected] == ["1", "1"]
    taught.samples.actions.undo.trigger()
    qtbot.waitUntil(lambda: labels(taught)[2:4] == ["7", "7"])
    assert [one.is_flagged for one in store.list()] == [False, False, False, True, False, False]
    assert not page.undo_line.isVisible()
    taught.samples.actions.redo.trigger()
    qtbot.waitUntil(lambda: labels(taught)[2:4] == ["1", "1"])


def test_delete_and_undo(qtbot, taught, store):
    activate(qtbot, taught)
    page = taught.samples.page
    before = store.list()
    select(taught, 1, 2, 3)
    QTest.keyClick(page.wall, KEY.Key_Delete)
    qtbot.waitUntil(page.undo_line.isVisible)
    assert page.undo_line.label.text() == "Deleted 3 drawings."
    qtbot.waitUntil(lambda: labels(taught) == ["9", "4", "4"])
    # What took their place is selected, so that one can go on.
    assert [one.id for one in page.wall.selected] == [before[1].id]
    page.undo_line.button.click()
    qtbot.waitUntil(lambda: len(labels(taught)) == 6)
    assert [one.id for one in store.list()] == [one.id for one in before]
    assert not taught.teaching.can_undo
    assert not taught.samples.actions.undo.isEnabled()


def test_a_flag_is_set_and_removed_by_its_key(qtbot, taught, store):
    activate(qtbot, taught)
    select(taught, 0, 2)
    QTest.keyClick(taught.samples.page.wall, KEY.Key_F)
    shown = taught.samples.page.wall
    qtbot.waitUntil(lambda: all(one.is_flagged for one in shown.selected))
    assert sum(one.is_flagged for one in store.list()) == 2
    assert taught.samples.actions.flag.isChecked()
    QTest.keyClick(taught.samples.page.wall, KEY.Key_F)
    qtbot.waitUntil(lambda: not any(one.is_flagged for one in shown.selected))
    assert not taught.samples.actions.flag.isChecked()


def test_the_menu_of_labels_offers_the_classes(qtbot, taught, store):
    select(taught, 5)
    menu = taught.samples.controller.changes.menu_of_labels(taught.samples.page)
    names = [action.text() for action in menu.actions()]
    assert names == [f"&{name}" for name in "0123456789"]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["&4"]
    menu.actions()[9].trigger()
    qtbot.waitUntil(lambda: store.list()[0].label == "9")


def test_strokes_are_played(qtbot, taught):
    activate(qtbot, taught)
    player = taught.samples.page.details.player
    QTest.keyClick(taught.samples.page.wall, KEY.Key_Space)
    assert player.is_playing
    # Space has not selected it.
    assert taught.samples.page.wall.selected == ()
    qtbot.waitUntil(lambda: not player.is_playing)


def test_a_sample_is_put_on_the_pad(taught):
    drawing = taught.samples.page.wall.current.drawing
    taught.samples.actions.on_pad.trigger()
    assert taught.pad.isVisible()
    assert taught.pad.document.drawing == onto_pad(drawing)


def test_no_letter_means_two_things(taught):
    found = letters(taught.window)
    assert {"Alt+B", "Alt+D", "Alt+R", "Alt+W"} <= set(found)
    assert_each_once(found, "samples")


def test_undo_belongs_to_the_page_in_front(qtbot, taught, store):
    taught.show_pad()
    taught.pad.document.replace(drawn(digit("2")))
    taught.samples.show()
    assert not taught.samples.actions.undo.isEnabled()
    select(taught, 0)
    taught.samples.actions.delete.trigger()
    qtbot.waitUntil(taught.samples.actions.undo.isEnabled)
    taught.show_train()
    assert not taught.samples.actions.undo.isEnabled()
    taught.show_pad()
    taught.pad_actions.undo.trigger()
    assert taught.pad.document.drawing == Drawing()
    assert len(store.list()) == 5
    two = drawn(digit("2"))
    taught.pad.document.replace(two)
    taught.samples.show()
    taught.samples.actions.undo.trigger()
    qtbot.waitUntil(lambda: len(store.list()) == 6)
    assert taught.pad.document.drawing is two


def test_delete_everything_asks_once(qtbot, taught, store, tmp_path):
    action = taught.samples.actions.delete_everything

    def question():
        action.trigger()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
        return QApplication.activeModalWidget()

    box = question()
    assert "all 6 drawings" in box.text()
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    box.reject()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert len(store.list()) == 6
    box = question()
    adapted = tmp_path / "adapted"
    adapted.mkdir()
    (adapted / "mine.safetensors").touch()
    (delete,) = (one for one in box.buttons() if box.buttonRole(one) == ACCEPT)
    delete.click()
    qtbot.waitUntil(lambda: store.list() == ())
    qtbot.waitUntil(lambda: taught.samples.page.message.isVisible())
    qtbot.waitUntil(lambda: list(adapted.iterdir()) == [])
    assert not action.isEnabled()
    qtbot.waitUntil(lambda: not taught.teaching.can_undo)
    assert "Deleted everything" in taught.window.status.sentence


def test_what_others_add_is_shown_when_the_page_comes_to_the_front(qtbot, taught, store):
    taught.show_pad()
    store.add([Sample.of("2", drawn(digit("2")))])
    taught.samples.show()
    qtbot.waitUntil(lambda: labels(taught)[0] == "2")


def test_samples_that_cannot_be_read_leave_the_program_working(make_program, tmp_path, qtbot):
    (tmp_path / "samples.sqlite").mkdir()
    program = make_program()
    page = shown_page(program)
    qtbot.waitUntil(lambda: "cannot be shown" in page.message.sentence.text())
    assert page.message.isVisible()
    assert program.window.notices.text


def test_the_hint_names_what_was_misread_and_draws_it(qtbot, taught, store):
    page = taught.samples.page
    assert page.hint.text().startswith("More of these would help: 0, 1, 2, ")
    more = store.list()[1]
    store.add([Sample("4", more.drawing, more.glyph, more.answer) for _ in range(2)])
    taught.teaching.refresh()
    qtbot.waitUntil(lambda: "4 was misread most often" in page.hint.text())
    page.hint_button.click()
    assert page.is_collecting
    assert "4" in page.collect.round.plan


@pytest.mark.parametrize("size", [(1000, 720), (640, 480)])
def test_all_of_the_page_fits(taught, size):
    taught.window.resize(*size)
    page = taught.samples.page
    inside = page.rect()
    for widget in (page.wall, page.counts, page.details.player, page.filters.count):
        assert widget.isVisible()
        place = widget.mapTo(page, widget.rect().bottomRight())
        assert inside.contains(place)
    assert taught.window.width() == size[0]
