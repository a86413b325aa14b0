"""The line that says what was learned, and asks about what may be a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from digitpad.app.widgets.controls import key_text
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.theme import notice_painter

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QPaintEvent

_CORNER = 6.0
_AROUND = 24
"""Room beside the text of a button, in device-independent pixels."""


class LessonLine(QWidget):
    """Says what was learned, or asks whether it was meant; hidden otherwise.

    Args:
        take_back: takes the lesson back.
        confirm: the answer is right; its key says so of a lesson that is asked about, too.

    Attributes:
        is_waiting: whether it says that something will be learned.

    Signals:
        followed: the user wants to see the lessons.
        meant: the lesson that was asked about is right.
        shown: whether it says something has changed.
    """

    followed = Signal()
    meant = Signal()
    shown = Signal(bool)

    def __init__(self, take_back: QAction, confirm: QAction) -> None:
        super().__init__()
        self._is_question = False
        self.is_waiting = False
        self.label = plain_label(wrap=True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_lessons = QPushButton(self.tr("&Show"))
        self.show_lessons.setToolTip(self.tr("Show these lessons"))
        # The style makes short buttons wide, and the sentence needs the room.
        text = self.show_lessons.fontMetrics().horizontalAdvance(self.show_lessons.text())
        self.show_lessons.setMaximumWidth(text + _AROUND)
        self.show_lessons.clicked.connect(self.followed)
        self.back = QPushButton(self.tr("Take &back"))
        self.back.setToolTip(take_back.toolTip())
        self.yes = QPushButton(self.tr("&Yes, learn it"))
        self.yes.setToolTip(
            self.tr("It is meant so: learn it like any other lesson ({key})").format(
                key=key_text(confirm)
            )
        )
        self.yes.clicked.connect(self.meant)
        self.no = QPushButton(self.tr("&No, take it back"))
        self.no.setToolTip(take_back.toolTip())
        for button in (self.back, self.no):
            button.clicked.connect(take_back.trigger)
        row = fill(QHBoxLayout(), (self.label, 1), self.show_lessons, self.back, spacing=8)
        self._choices = fill(QHBoxLayout(), None, self.yes, self.no, spacing=8)
        self._column = fill(QVBoxLayout(self), row, self._choices, spacing=6)
        self.setMaximumWidth(420)
        self._show(is_question=False)
        self.hide()

    @property
    def is_question(self) -> bool:
        """Whether it asks about a lesson now."""
        return self._is_question and not self.isHidden()

    def say(self, sentence: str, *, can_take_back: bool = False, is_done: bool = True) -> None:
        """Say what was learned, or that something will be."""
        self._show(is_question=False)
        self.is_waiting = not is_done
        self.show_lessons.setVisible(is_done)
        self.back.setVisible(can_take_back)
        self._set_text(sentence)

    def ask(self, question: str) -> None:
        """Ask whether a lesson was meant."""
        self.is_waiting = False
        self._show(is_question=True)
        self._set_text(question)

    def _show(self, *, is_question: bool) -> None:
        self._is_question = is_question
        for button in (self.yes, self.no):
            button.setVisible(is_question)
        for button in (self.show_lessons, self.back):
            button.setVisible(not is_question)
        self._column.setContentsMargins(*((10, 8, 10, 8) if is_question else (4, 0, 0, 0)))
        self.update()

    def _set_text(self, text: str) -> None:
        self.label.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.shown.emit(True)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    @Slot()
    def withdraw(self) -> None:
        """Say nothing any more."""
        self.is_waiting = False
        if not self.isHidden():
            self.hide()
            self.shown.emit(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of a notice under a question."""
        if self._is_question:
            notice_painter(self, _CORNER).end()
