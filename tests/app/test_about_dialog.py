import json

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from digitpad import about
from digitpad.app.about_dialog import AboutDialog


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Resources of a bundle with two components, of which one has lost its text."""
    folder = tmp_path / "licences"
    folder.mkdir()
    (folder / "one.txt").write_text("Text of one")
    index = [
        {"name": name, "version": "1", "licence": "MIT", "texts": [f"{name}.txt"]}
        for name in ("one", "two")
    ]
    (folder / "index.json").write_text(json.dumps(index))
    monkeypatch.setattr(about, "resources_dir", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def dialog(qtbot, bundle):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = AboutDialog(parent)
    with qtbot.waitExposed(dialog):
        dialog.open()
    yield dialog
    if shiboken6.isValid(dialog):
        dialog.close()


def names(dialog):
    tree = dialog.licences.names
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def test_versions_can_be_copied(dialog, clipboard):
    assert "torch 2." in dialog.versions.text.toPlainText()
    dialog.versions.copy_button.click()
    assert QGuiApplication.clipboard().text() == about.summary()
    assert dialog.versions.copy_button.text() == "&Copied"


def test_whose_data_it_is(dialog):
    text = dialog.versions.data.toPlainText()
    assert all(credit.sentence in text for credit in about.DATA)
    assert text.index("was trained on") < text.index("MNIST") < text.index("can download")


def test_licences_are_read_when_they_are_first_seen(dialog, bundle):
    assert names(dialog) == []
    dialog.pages.setCurrentWidget(dialog.licences)
    assert names(dialog) == ["one 1", "two 1"]
    assert dialog.licences.text.toPlainText() == "Text of one\n"
    assert dialog.licences.title.text() == "one 1: MIT"
    # Not read before it is wanted.
    (bundle / "licences" / "two.txt").write_text("Text of two")
    QTest.keyClick(dialog.licences.names, Qt.Key.Key_Down)
    assert dialog.licences.text.toPlainText() == "Text of two\n"
    assert dialog.licences.text.accessibleDescription() == "two 1"


def test_a_text_that_is_gone_is_told_in_its_place(dialog):
    dialog.pages.setCurrentWidget(dialog.licences)
    QTest.keyClick(dialog.licences.names, Qt.Key.Key_Down)
    assert "two.txt cannot be read" in dialog.licences.text.toPlainText()


def test_a_damaged_list_is_told_in_its_place(dialog, bundle):
    (bundle / "licences" / "index.json").write_text("[")
    dialog.pages.setCurrentWidget(dialog.licences)
    assert "install it again" in dialog.licences.text.toPlainText()


def test_the_keyboard_reaches_everything_and_closes_it(qtbot, dialog):
    dialog.pages.setCurrentWidget(dialog.licences)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    reached = set()
    for _ in range(8):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {dialog.licences.names, dialog.licences.text, dialog.pages.tabBar()} <= reached
    assert all(widget.accessibleName() or widget.text() for widget in reached)
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
