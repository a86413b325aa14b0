"""A card of paper around a list that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QVBoxLayout, QWidget

from digitpad.app.widgets.theme import smooth_painter, theme_for

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

_CORNER = 8.0
_MARGIN = 4
"""Just so that the square corners of the content do not touch the round ones."""


class Card(QWidget):
    """Has round corners, and shows by its outline that its content has the focus."""

    def __init__(self, content: QAbstractScrollArea) -> None:
        super().__init__()
        self._content = content
        content.setFrameShape(QFrame.Shape.NoFrame)
        content.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.addWidget(content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The outline follows the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Of the same colour as lists are, with a hairline around it."""
        painter = smooth_painter(self)
        theme = theme_for(self.palette())
        focused = self._content.hasFocus() and self.isActiveWindow()
        painter.setPen(QPen(theme.accent, 1.5) if focused else QPen(theme.outline, 1))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        area = self.rect().toRectF().adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(area, _CORNER, _CORNER)
