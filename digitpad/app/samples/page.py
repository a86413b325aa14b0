"""The Samples page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.samples.collect.view import CollectView
from digitpad.app.samples.details import SampleDetails
from digitpad.app.samples.filter_row import FilterRow
from digitpad.app.samples.wall.wall import SampleWall
from digitpad.app.widgets.class_counts import ClassCounts
from digitpad.app.widgets.controls import ActionButton, Card
from digitpad.app.widgets.layout import fill, plain_label
from digitpad.app.widgets.theme import notice_painter

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QPaintEvent

    from digitpad.app.samples.actions import SamplesActions

_WIDEST = 440
"""Largest width of a message, in device-independent pixels."""


class SamplesPage(QWidget):
    """The wall with what belongs to it, or the pad that asks for drawings.

    Signals:
        hint_taken: the user wants to draw what the hint names.
        work_cancelled: the user wants what is being read to be given up.
    """

    hint_taken = Signal()
    work_cancelled = Signal()

    def __init__(self, actions: SamplesActions) -> None:
        super().__init__()
        self.filters = FilterRow(actions)
        self.counts = ClassCounts()
        self.hint = plain_label(wrap=True, quiet=True)
        self.hint_button = QPushButton(self.tr("D&raw them"))
        self.hint_button.setToolTip(self.tr("Draw what the hint names, one after another"))
        self.hint_button.clicked.connect(self.hint_taken)
        self.wall = SampleWall()
        for action in actions.of_wall:
            self.wall.addAction(action)
        self.message = Message()
        self.details = SampleDetails(actions)
        self.undo_line = UndoLine(actions.undo)
        self.work_line = NoteLine(self.tr("Cancel"))
        self.work_line.button.setToolTip(self.tr("Stop reading; nothing is added"))
        self.work_line.button.clicked.connect(self.work_cancelled)
        self.collect = CollectView()
        self._in_middle = QWidget()
        self._middle = QStackedLayout(self._in_middle)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._arrange())
        self._pages.addWidget(self.collect)
        self.setFocusProxy(self.wall)
        self.show_hint("", can_draw=False)

    def _arrange(self) -> QWidget:
        self._middle.addWidget(Card(self.wall))
        self._middle.addWidget(self.message)
        self._side = QWidget()
        hint = (self.hint, self.hint_button)
        fill(QVBoxLayout(self._side), (Card(self.counts), 1), *hint, spacing=6)
        self._side.setMaximumWidth(230)
        self.details.setMaximumWidth(260)
        middle = fill(
            QVBoxLayout(), (self._in_middle, 1), self.work_line, self.undo_line, spacing=6
        )
        columns = fill(QHBoxLayout(), (self._side, 3), (middle, 9), (self.details, 4), spacing=10)
        page = QWidget()
        fill(QVBoxLayout(page), self.filters, (columns, 1), spacing=8)
        return page

    @property
    def is_collecting(self) -> bool:
        """Whether the pad that asks for drawings is shown."""
        return self._pages.currentIndex() == 1

    def show_collecting(self, *, collecting: bool) -> None:
        """Show the pad that asks for drawings, or the wall."""
        self._pages.setCurrentIndex(int(collecting))
        self.setFocusProxy(self.collect if collecting else self.wall)
        if self.isVisible():
            self.setFocus()

    def show_wall(self) -> None:
        """Show the wall in the middle, with all that belongs to it."""
        self._show_middle(0)

    def show_message(self, sentence: str, *actions: QAction, has_samples: bool) -> None:
        """Show a sentence with buttons in place of the wall."""
        self.message.show_sentence(sentence, actions)
        self._show_middle(1, has_samples=has_samples)

    def _show_middle(self, index: int, *, has_samples: bool = True) -> None:
        self._middle.setCurrentIndex(index)
        self._side.setVisible(has_samples)
        self.filters.setVisible(has_samples)
        self.details.setVisible(index == 0)

    @Slot(str)
    def show_work(self, text: str) -> None:
        """Show what is being read or written; "" hides it."""
        self.work_line.say(text)

    def show_hint(self, sentence: str, *, can_draw: bool) -> None:
        """Show what to draw next; "" shows nothing."""
        self.hint.setText(sentence)
        self.hint.setVisible(bool(sentence))
        self.hint_button.setVisible(bool(sentence) and can_draw)


class Message(QWidget):
    """A sentence in the middle, with a button for each of some actions."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = plain_label(wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMaximumWidth(_WIDEST)
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        text = fill(QHBoxLayout(), None, (self.sentence, 100), None)
        column = fill(QVBoxLayout(self), None, text, self._row, spacing=14, margins=None)
        column.addStretch(2)

    def show_sentence(self, sentence: str, actions: tuple[QAction, ...]) -> None:
        """Show a sentence and these actions as buttons."""
        self.sentence.setText(sentence)
        for button in self.buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        self.buttons = [ActionButton(action) for action in actions]
        fill(self._row, None, *self.buttons, None, spacing=8)


class NoteLine(QWidget):
    """A sentence with a button, on the ground of a notice; hidden without a sentence.

    Args:
        text: of the button.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.label = plain_label(wrap=True)
        self.button = QPushButton(text)
        fill(QHBoxLayout(self), (self.label, 1), self.button, spacing=12, margins=(12, 4, 6, 4))
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence; "" hides the line."""
        self.label.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a rounded ground that stands out."""
        notice_painter(self, 8).end()


class UndoLine(NoteLine):
    """Says what has just been done with the samples, with a button to undo it."""

    def __init__(self, undo: QAction) -> None:
        super().__init__(self.tr("Undo"))
        self._undo = undo
        self.button.clicked.connect(undo.trigger)
        undo.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.button.setToolTip(self._undo.toolTip())
