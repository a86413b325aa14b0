"""A text that is there to be read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit


class ReadableText(QPlainTextEdit):
    """A text to read, mark and copy; the Tab key leaves it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        # A caret to move with the arrow keys, as in any text that can be marked.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
