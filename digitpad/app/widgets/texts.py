"""Text to read: quiet text that explains, sentences that stand out, long reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from digitpad.app.widgets.controls import FlatButton
from digitpad.app.widgets.layout import fill, plain_label, scaled
from digitpad.app.widgets.theme import QuietLabel, notice_painter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QIcon, QPaintEvent

_ICON = 16
_LONGEST = 5
"""Texts among which the highest is looked for."""

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class RoomyLabel(QuietLabel):
    """Quiet, small text that has room for the longest of the texts that may come."""

    def __init__(self) -> None:
        super().__init__("")
        self._texts: tuple[str, ...] = ()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setFont(scaled(self.font(), 0.9))

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
    """An icon and a sentence on the ground of a notice; hidden while there is none."""

    def __init__(self, icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._label = plain_label(wrap=True, scale=0.9)
        fill(QHBoxLayout(self), self._label, margins=(8 + _ICON + 6, 5, 8, 5))
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


class NoticeBar(QWidget):
    """A line for what the user should know and need not answer; hidden while there is nothing.

    Signals:
        dismissed: it was closed; the user does not want to know.
    """

    dismissed = Signal()

    def __init__(self, close_icon: QIcon) -> None:
        super().__init__()
        self._sentences: list[str] = []
        self._label = plain_label(wrap=True)
        self._label.setTextInteractionFlags(_SELECTABLE)
        close = FlatButton(close_icon, self.tr("Close this notice"))
        close.clicked.connect(self.dismiss)
        self._row = fill(QHBoxLayout(self), (self._label, 1), margins=(14, 6, 6, 6))
        self._row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(self.tr("Notice"))
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty while the bar is hidden."""
        return "\n".join(self._sentences)

    def add_button(self, text: str) -> QPushButton:
        """Put a button behind the sentences."""
        button = QPushButton(text)
        self._row.insertWidget(1, button)
        return button

    @Slot(str)
    def show_notice(self, sentence: str) -> None:
        """Show a sentence below those that are shown already."""
        if sentence not in self._sentences:
            # The last two: an older notice has been read, or is of no more use.
            self._sentences = [*self._sentences[-1:], sentence]
        self._update()

    @Slot(str)
    def withdraw(self, sentence: str) -> None:
        """Take a sentence away that is no longer of use; others stay."""
        if sentence in self._sentences:
            self._sentences.remove(sentence)
            self._update()

    @Slot()
    def dismiss(self) -> None:
        """Hide the bar."""
        self._sentences.clear()
        self._update()
        self.dismissed.emit()

    def _update(self) -> None:
        self._label.setText(self.text)
        self.setAccessibleDescription(self.text)
        self.setVisible(bool(self._sentences))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded ground that stands out."""
        notice_painter(self, 8).end()


class ReadableText(QPlainTextEdit):
    """A text to read, mark and copy; the Tab key leaves it."""

    def __init__(self, name: str, text: str = "", *, fixed: bool = False) -> None:
        super().__init__(text)
        self.setReadOnly(True)
        # A caret to move with the arrow keys, as in any text that can be marked.
        self.setTextInteractionFlags(_SELECTABLE)
        self.setTabChangesFocus(True)
        if fixed:
            self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName(name)
