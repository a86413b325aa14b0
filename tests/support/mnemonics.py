"""The letters that choose something with Alt."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget


def letters(window: QWidget) -> list[str]:
    """What each letter with Alt does in the window as it is now, once for each that has it."""
    texts = [action.text() for action in window.menuBar().actions()]
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QAbstractButton) or (
            isinstance(widget, QLabel) and widget.buddy() is not None
        ):
            texts.append(widget.text())
        elif isinstance(widget, QTabBar):
            numbers = range(widget.count())
            texts += [widget.tabText(number) for number in numbers if widget.isTabVisible(number)]
    keys = [QKeySequence.mnemonic(text).toString() for text in texts]
    return sorted(key for key in keys if key)


def assert_each_once(keys: list[str], what: str) -> None:
    assert [key for key in keys if keys.count(key) > 1] == [], what
