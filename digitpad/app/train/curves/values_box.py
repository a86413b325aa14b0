"""The box beside the pointer with the values that stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QLabel, QWidget

from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_CORNER = 6.0
_MARGIN = 7
_GAP = 16
"""Between the pointer and the box, in device-independent pixels."""

_EDGE = 4


class ValuesBox(QLabel):
    """A label in rich text on a ground of its own that lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet = parent
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMargin(_MARGIN)
        self.hide()

    def show_at(self, pointer: QPoint, text: str) -> None:
        """Show a text beside the pointer, on the side where there is room.

        Args:
            pointer: in the parent's pixels.
            text: in rich text.
        """
        self.setText(text)
        self.adjustSize()
        size, room = self.size(), self._sheet.size()
        x = pointer.x() + _GAP
        if x + size.width() > room.width() - _EDGE:
            x = pointer.x() - _GAP - size.width()
        y = min(pointer.y() + _GAP, room.height() - size.height() - _EDGE)
        self.move(max(x, _EDGE), max(y, _EDGE))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground with a hairline around it, and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme_for(self.palette()).muted, 1))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(
            self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER
        )
        painter.end()
        super().paintEvent(event)
