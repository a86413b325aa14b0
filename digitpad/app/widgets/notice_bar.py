"""A line above the pad for what the user should know and need not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from digitpad.app.widgets.controls import FlatButton
from digitpad.app.widgets.theme import notice_painter

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QPaintEvent


class NoticeBar(QWidget):
    """Shows sentences until they are closed; hidden while there is none.

    Args:
        close_icon: for the button that closes it.
    """

    def __init__(self, close_icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentences: list[str] = []
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        close = FlatButton()
        close.setIcon(close_icon)
        close.setToolTip(self.tr("Close this notice"))
        close.setAccessibleName(self.tr("Close this notice"))
        close.clicked.connect(self.dismiss)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 6, 6, 6)
        self._row.addWidget(self._label, 1)
        self._row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(self.tr("Notice"))
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty while the bar is hidden."""
        return "\n".join(self._sentences)

    def add_button(self, button: QWidget) -> None:
        """Put a button behind the sentences."""
        self._row.insertWidget(1, button)

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

    def _update(self) -> None:
        self._label.setText(self.text)
        self.setAccessibleDescription(self.text)
        self.setVisible(bool(self._sentences))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded ground that stands out."""
        notice_painter(self, 8).end()
