"""The dialog that names a set of symbols."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from digitpad.app.symbols.dialog import SymbolsDialog


@pytest.fixture
def make_dialog(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(name="", counts=None):
        def why_not(wanted):
            return "" if wanted not in {"", "taken"} else f"not {wanted!r}"

        dialog = SymbolsDialog(why_not, QIcon(), parent, name, counts)
        dialog.kept = []
        dialog.chosen.connect(lambda *chosen: dialog.kept.append(chosen))
        return dialog

    return make


def type_in(widget, text, *keys):
    widget.insert(text)
    for key in keys:
        QTest.keyClick(widget, key)


def test_symbols_are_typed_one_after_another(make_dialog):
    dialog = make_dialog()
    type_in(dialog.name, "Runes")
    for one in ("ᚠ", "ᚢ", ","):
        type_in(dialog.field, one, Qt.Key.Key_Return)
    assert dialog.classes == ("ᚠ", "ᚢ", ",")
    assert dialog.field.text() == ""
    assert dialog.count.text() == "3 symbols"
    # An empty field has nothing to add: Enter is done.
    dialog.show()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.kept == [("Runes", ("ᚠ", "ᚢ", ","))]
    dialog.close()


def test_several_are_pasted_and_what_is_still_in_the_field_counts(make_dialog, clipboard):
    dialog = make_dialog()
    type_in(dialog.name, " Marks ")
    clipboard.setText("tick, cross\nstar")
    dialog.field.paste()
    dialog.accept_button.click()
    assert dialog.kept == [("Marks", ("tick", "cross", "star"))]


def test_what_is_there_already_stays_in_the_field_and_is_said(make_dialog):
    dialog = make_dialog()
    type_in(dialog.field, "a b a c", Qt.Key.Key_Return)
    assert dialog.classes == ("a", "b", "c")
    assert dialog.field.text() == "a"
    assert dialog.problem.text == "a is among the symbols already."
    type_in(dialog.field, "x")
    assert dialog.problem.text == ""


def test_a_long_name_is_said(make_dialog):
    dialog = make_dialog()
    dialog.field.setText("x" * 300)
    dialog.add_button.click()
    assert dialog.classes == ()
    assert dialog.problem.text.startswith("A symbol cannot be called")


@pytest.mark.parametrize("name", ["", "taken"])
def test_a_bad_name_is_said_beside_it(make_dialog, name):
    dialog = make_dialog()
    type_in(dialog.name, name)
    type_in(dialog.field, "a b")
    dialog.accept_button.click()
    assert dialog.kept == []
    assert dialog.name_problem.text == f"not {name!r}"
    assert dialog.classes == ("a", "b")
    dialog.name.setText("free")
    assert dialog.name_problem.text == ""
    dialog.accept_button.click()
    assert dialog.kept == [("free", ("a", "b"))]


def test_one_symbol_is_too_few(make_dialog):
    dialog = make_dialog()
    type_in(dialog.name, "One")
    type_in(dialog.field, "a")
    dialog.accept_button.click()
    assert dialog.kept == []
    assert dialog.problem.text.startswith("A set needs")


def test_a_set_is_changed(make_dialog):
    dialog = make_dialog("Runes", {"ᚠ": 3, "ᚢ": 1, "ᚦ": 0})
    assert dialog.name.text() == "Runes"
    assert dialog.classes == ("ᚠ", "ᚢ", "ᚦ")
    assert dialog.list.item(0).toolTip() == "ᚠ: 3 drawings"
    dialog.list.item(0).setSelected(True)
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert dialog.classes == ("ᚢ", "ᚦ")
    assert dialog.count.text().startswith("3 drawings of symbols that you have removed are kept")
    type_in(dialog.field, "ᚨ", Qt.Key.Key_Enter)
    dialog.accept_button.click()
    assert dialog.kept == [("Runes", ("ᚢ", "ᚦ", "ᚨ"))]


def test_it_says_that_it_could_not_be_saved_and_keeps_what_was_typed(make_dialog):
    dialog = make_dialog("Runes", {"a": 0, "b": 0})
    dialog.open()
    dialog.accept_button.click()
    dialog.show_failure("The disk is full.")
    assert dialog.isVisible()
    assert (dialog.problem.text, dialog.classes) == ("The disk is full.", ("a", "b"))
    dialog.reject()


def test_only_a_set_that_there_is_can_be_deleted(make_dialog, qtbot):
    assert make_dialog().delete_button.parent() is None
    dialog = make_dialog("Runes", {"a": 0, "b": 0})
    with qtbot.waitSignal(dialog.unwanted):
        dialog.delete_button.click()


def test_all_controls_have_names_and_tips(make_dialog):
    dialog = make_dialog("Runes", {"a": 0, "b": 0})
    for control in (dialog.name, dialog.field, dialog.list):
        assert control.accessibleName()
    for control in (dialog.name, dialog.field, dialog.add_button, dialog.remove_button):
        assert control.toolTip()


def test_names_that_look_like_markup_are_shown_as_they_are(make_dialog):
    dialog = make_dialog("<b>", {"<img>": 1, "b": 0})
    assert dialog.list.item(0).text() == "<img>"
    assert "&lt;img" in dialog.list.item(0).toolTip()
