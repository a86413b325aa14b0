"""The panel that shows a chapter beside a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from digitpad.app.i18n import translated
from digitpad.app.inside.chapters.texts import CHAPTERS, FormulaOf
from digitpad.app.inside.formula import Formula
from digitpad.app.widgets.controls import FlatButton, key_button
from digitpad.app.widgets.layout import fill, fill_scroll, plain_label
from digitpad.app.widgets.theme import notice_painter

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtGui import QIcon, QPaintEvent

    from digitpad.app.inside.chapters.texts import Chapter

_WIDTH = 264
_TICK = "\N{CHECK MARK}"


class ChapterPanel(QWidget):
    """Shows one chapter, and which of them are done.

    Args:
        done: the names of the chapters whose tasks were done before.
        close_icon: for the button that ends the tour.

    Attributes:
        number: of the chapter that is shown.

    Signals:
        view_wanted: the number of the view that a chapter stands beside, and the kind of layer that
            it is about, or "".
        was_done: the task of the chapter with this name has been done for the first time.
        closed: the user wants no more of it now.
    """

    view_wanted = Signal(int, str)
    was_done = Signal(str)
    closed = Signal()

    def __init__(self, done: Collection[str], close_icon: QIcon) -> None:
        super().__init__()
        self._done = set(done)
        self.number = 0
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Chapter"))
        self.choice.setToolTip(self.tr("Chapters of the tour; those that are done have a tick"))
        self.choice.addItems([""] * len(CHAPTERS))
        self.choice.activated.connect(self.show_chapter)
        self.close_ = FlatButton(close_icon, self.tr("End the tour"))
        self.close_.clicked.connect(self.closed)
        self.task = Task()
        self.before = key_button(self, self.tr("‹ Back"), self.tr("The chapter before"), "Alt+Left")
        self.after = key_button(self, self.tr("Next ›"), self.tr("The next chapter"), "Alt+Right")
        self.before.clicked.connect(lambda: self.show_chapter(self.number - 1))
        self.after.clicked.connect(lambda: self.show_chapter(self.number + 1))
        self._body = QScrollArea()
        self._body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        top = fill(QHBoxLayout(), (self.choice, 1), self.close_, spacing=4)
        steps = fill(QHBoxLayout(), self.before, None, self.after)
        fill(QVBoxLayout(self), top, (self._body, 1), self.task, steps, spacing=8)
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("Guided tour"))
        self._name_chapters()

    @property
    def chapter(self) -> Chapter:
        """The one that is shown."""
        return CHAPTERS[self.number]

    @Slot()
    def resume(self) -> None:
        """Show the first chapter whose task was not done; the first one, if all were."""
        left = (n for n, chapter in enumerate(CHAPTERS) if chapter.name not in self._done)
        self.show_chapter(next(left, 0))

    @Slot(int)
    def show_chapter(self, number: int) -> None:
        """Show a chapter, and ask for its view."""
        self.number = min(max(number, 0), len(CHAPTERS) - 1)
        chapter = self.chapter
        self.choice.setCurrentIndex(self.number)
        self.before.setEnabled(self.number > 0)
        self.after.setEnabled(self.number < len(CHAPTERS) - 1)
        content = QWidget()
        parts: list[QWidget] = [plain_label(translated(chapter.title), bold=True, wrap=True)]
        for piece in chapter.body:
            if isinstance(piece, FormulaOf):
                parts.append(Formula(piece.name, translated(piece.words)))
            else:
                parts.append(plain_label(translated(piece), wrap=True))
        fill(QVBoxLayout(content), *parts, None, spacing=8, margins=(0, 0, 8, 0))
        fill_scroll(self._body, content)
        self._body.setAccessibleName(translated(chapter.title))
        self._show_task()
        self.view_wanted.emit(chapter.view, chapter.layer)

    @Slot(str)
    def take(self, event: str) -> None:
        """Something has happened in a view: it may be what the task asks for."""
        if self.isVisible() and event in self.chapter.events:
            name = self.chapter.name
            if name not in self._done:
                self._done.add(name)
                self._name_chapters()
                self.was_done.emit(name)
            self.task.show_task(translated(self.chapter.task), done=True)

    def _show_task(self) -> None:
        done = self.chapter.name in self._done
        self.task.show_task(translated(self.chapter.task), done=done)

    def _name_chapters(self) -> None:
        for number, chapter in enumerate(CHAPTERS):
            title = self.tr("{number}. {title}").format(
                number=number + 1, title=translated(chapter.title)
            )
            if chapter.name in self._done:
                title = self.tr("{title} {tick}").format(title=title, tick=_TICK)
            self.choice.setItemText(number, title)


class Task(QWidget):
    """What to do in a chapter, and whether it was done."""

    def __init__(self) -> None:
        super().__init__()
        self._head = plain_label(bold=True)
        self._text = plain_label(wrap=True)
        fill(QVBoxLayout(self), self._head, self._text, spacing=3, margins=(10, 8, 10, 8))

    def show_task(self, text: str, *, done: bool) -> None:
        """Show a task."""
        self._head.setText(self.tr("Done {tick}").format(tick=_TICK) if done else self.tr("To do"))
        self._text.setText(text)
        self.setAccessibleName(self._head.text())
        self.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground of a notice."""
        notice_painter(self, 8).end()
