"""Actions and their texts."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from digitpad.app.widgets.controls import make_action, plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("&Open…", "Open"),
        ("C&lear", "Clear"),
        ("Copy", "Copy"),
        ("打开(&O)…", "打开"),
    ],
)
def test_the_text_of_an_action_without_its_letter(text, plain):
    assert plain_text(text) == plain


def test_a_tip_names_the_key_where_there_is_one(qapp):
    owner = QObject()
    assert make_action(owner, "&Thinner pen", "[").toolTip() == "Thinner pen ([)"
    assert make_action(owner, "&About…").toolTip() == "About"


def test_a_standard_key_that_a_system_lacks_is_replaced(qapp, monkeypatch):
    owner = QObject()
    quit_key = QKeySequence.StandardKey.Quit
    monkeypatch.setattr(QKeySequence, "keyBindings", lambda _key: [])
    action = make_action(owner, "&Quit", quit_key, otherwise="Ctrl+Q")
    assert action.shortcut() == QKeySequence("Ctrl+Q")
