"""Widgets for texts: quiet explanations, problems, notices, long reports."""

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
"""Number of longest texts among which the one with the most lines is searched."""

_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class RoomyLabel(QuietLabel):
    """A quiet, small text, with room for the longest of the texts that may follow."""

    def __init__(self) -> None:
        super().__init__("")
        self._texts: tuple[str, ...] = ()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setFont(scaled(self.font(), 0.9))

    def make_room(self, texts: Iterable[str]) -> None:
        """Become high enough for any of these texts."""
        # Which of the long ones needs the most lines depends on the width.
        self._texts = tuple(sorted(texts, key=len, reverse=True)[:_LONGEST])
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        """Height of the longest text at this width."""
        metrics = self.fontMetrics()
        room = QRect(0, 0, max(width, 1), 10_000)
        heights = [
            metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
            for text in self._texts
        ]
        return max([super().heightForWidth(width), *heights])


class ProblemLine(QWidget):
    """An icon and a sentence on the ground of a warning; hidden without a sentence."""

    def __init__(self, icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._label = plain_label(wrap=True, scale=0.9)
        fill(QHBoxLayout(self), self._label, margins=(8 + _ICON + 6, 5, 8, 5))
        self.hide()

    @property
    def text(self) -> str:
        """The sentence; "" if there is none."""
        return self._label.text()

    def show_problem(self, sentence: str) -> None:
        """Show a sentence; "" hides the line."""
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a rounded ground, and the icon beside the first line."""
        painter = notice_painter(self, 6)
        top = 5 + (self._label.fontMetrics().height() - _ICON) // 2
        self._icon.paint(painter, 8, top, _ICON, _ICON)


class NoticeBar(QWidget):
    """A bar for sentences that the user should know; hidden without any.

    Signals:
        dismissed: the user has closed the bar.
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
        """The sentences, a line for each; "" if there are none."""
        return "\n".join(self._sentences)

    def add_button(self, text: str) -> QPushButton:
        """Add a button beside the sentences."""
        button = QPushButton(text)
        self._row.insertWidget(1, button)
        return button

    @Slot(str)
    def show_notice(self, sentence: str) -> None:
        """Show a sentence below the one before it."""
        if sentence not in self._sentences:
            # Only the last two: older ones have been read by now.
            self._sentences = [*self._sentences[-1:], sentence]
        self._update()

    @Slot(str)
    def withdraw(self, sentence: str) -> None:
        """Remove a sentence that no longer matters. Others stay."""
        if sentence in self._sentences:
            self._sentences.remove(sentence)
            self._update()

    @Slot()
    def dismiss(self) -> None:
        """Remove all sentences, and so hide the bar."""
        self._sentences.clear()
        self._update()
        self.dismissed.emit()

    def _update(self) -> None:
        self._label.setText(self.text)
        self.setAccessibleDescription(self.text)
        self.setVisible(bool(self._sentences))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a rounded ground that stands out."""
        notice_painter(self, 8).end()


class ReadableText(QPlainTextEdit):
    """A text to read, select and copy. The Tab key leaves it.

    Args:
        name: its accessible name.
        text: the text.
        fixed: whether all letters have the same width.
    """

    def __init__(self, name: str, text: str = "", *, fixed: bool = False) -> None:
        super().__init__(text)
        self.setReadOnly(True)
        # The text has a caret for the arrow keys, so that it can be selected by keys.
        self.setTextInteractionFlags(_SELECTABLE)
        self.setTabChangesFocus(True)
        if fixed:
            self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName(name)
