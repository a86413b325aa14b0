"""Text to read: quiet text that explains, the sentence that says what is wrong, long reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from digitpad.app.widgets.theme import QuietLabel, notice_painter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont, QIcon, QPaintEvent

_ICON = 16
_LONGEST = 5
"""Texts among which the highest is looked for."""


def small(font: QFont) -> QFont:
    """The font of what explains."""
    font.setPointSizeF(font.pointSizeF() * 0.9)
    return font


class RoomyLabel(QuietLabel):
    """Quiet, small text that has room for the longest of the texts that may come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._texts: tuple[str, ...] = ()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setFont(small(self.font()))

    def make_room(self, texts: Iterable[str]) -> None:
        """Be high enough for any of these."""
        # Which of the longest needs the most lines depends on the width.
        self._texts = tuple(sorted(texts, key=len, reverse=True)[:_LONGEST])
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        """For the longest text."""
        metrics = self.fontMetrics()
        room = QRect(0, 0, max(width, 1), 10_000)
        heights = [
            metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
            for text in self._texts
        ]
        return max([super().heightForWidth(width), *heights])


class ProblemLine(QWidget):
    """A sentence on the ground of a notice; hidden while there is none.

    Args:
        icon: stands before the sentence.
    """

    def __init__(self, icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setFont(small(self._label.font()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8 + _ICON + 6, 5, 8, 5)
        layout.addWidget(self._label)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence; empty while there is none."""
        return self._label.text()

    def show_problem(self, sentence: str) -> None:
        """Show a sentence, or nothing for an empty one."""
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded ground, and the icon at the first line."""
        painter = notice_painter(self, 6)
        top = 5 + (self._label.fontMetrics().height() - _ICON) // 2
        self._icon.paint(painter, 8, top, _ICON, _ICON)


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
