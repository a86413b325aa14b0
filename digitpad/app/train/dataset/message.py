"""What stands in place of a dataset that is not shown: a sentence, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

_STEPS = 1000
"""Of the progress bar: bytes may be more than it counts."""

_WIDEST = 440


class DataMessage(QWidget):
    """A sentence with a button, or a bar of progress with a way to cancel.

    Signals:
        wanted: the button below the sentence was pressed.
        cancelled: Cancel was pressed.
    """

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = _sentence()
        self.button = QPushButton()
        self.button.clicked.connect(self.wanted)
        self.stage = _sentence()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress of loading"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop loading; what has been downloaded is kept"))
        self.cancel.clicked.connect(self.cancelled)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(_page(self.sentence, self.button))
        self._pages.addWidget(_page(self.stage, self.bar, self.cancel))

    def show_sentence(self, sentence: str, button: str) -> None:
        """Show a sentence and the button's text; "" leaves the button out."""
        self.sentence.setText(sentence)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._turn_to(0, self.button)

    def show_progress(self, text: str, done: int, total: int | None) -> None:
        """Show how far something is; a total that is not known gives a bar without an end."""
        self.stage.setText(text)
        if total:
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(min(done * _STEPS // total, _STEPS))
        else:
            self.bar.setRange(0, 0)
        self._turn_to(1, self.cancel)

    def _turn_to(self, page: int, button: QPushButton) -> None:
        if self._pages.currentIndex() == page:
            return
        # Who pressed a button by a key finds the next one under the same key. Of the program: the
        # widget's own is the one that had the focus last, maybe long ago.
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self._pages.setCurrentIndex(page)
        if had_focus:
            button.setFocus()


def _sentence() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMaximumWidth(_WIDEST)
    return label


def _page(*widgets: QWidget) -> QWidget:
    """Widgets below each other in the middle of a page."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setSpacing(12)
    column.addStretch(1)
    for widget in widgets:
        row = QHBoxLayout()
        if isinstance(widget, QPushButton):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            widget.setMaximumWidth(_WIDEST)
            row.addStretch(1)
            row.addWidget(widget, 100)
            row.addStretch(1)
        column.addLayout(row)
    column.addStretch(2)
    return page
