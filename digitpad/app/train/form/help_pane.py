"""What the setting under the pointer does to training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from digitpad.app.widgets.texts import RoomyLabel, small
from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent

    from digitpad.fields import FieldInfo


class HelpPane(QWidget):
    """Shows the help of one setting at a time, in one place: the form does not move for it.

    Whichever came last: the setting that the pointer went to, or that the focus went to. A pointer
    that leaves its setting gives way to the focus.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered: FieldInfo | None = None
        self._focused: FieldInfo | None = None
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        font = small(self._title.font())
        font.setBold(True)
        self._title.setFont(font)
        self._text = RoomyLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 8, 2, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        self.setAccessibleName(self.tr("What the setting does"))
        self._show()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def make_room(self, infos: Iterable[FieldInfo]) -> None:
        """Be as high as the longest help of these needs."""
        self._text.make_room(info.help for info in infos)

    @Slot(object)
    def set_hovered(self, info: FieldInfo | None) -> None:
        """The pointer is over a setting, or over none."""
        self._hovered = info
        self._show()

    @Slot(object)
    def set_focused(self, info: FieldInfo | None) -> None:
        """A setting has the focus, or none has."""
        self._focused = info
        if info is not None:
            # A pointer that only rests there is no longer looked at.
            self._hovered = None
        self._show()

    def _show(self) -> None:
        info = self._hovered or self._focused
        self._title.setText(self.tr("What a setting does") if info is None else info.title)
        self._text.setText(
            self.tr("Point at a setting, or go to it with the Tab key, and it is explained here.")
            if info is None
            else info.help
        )
        self.setAccessibleDescription(self._text.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline between the form and its help."""
        painter = QPainter(self)
        painter.setPen(QPen(theme_for(self.palette()).outline, 1))
        painter.drawLine(0, 0, self.width(), 0)
