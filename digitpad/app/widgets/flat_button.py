"""A flat button with an icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class FlatButton(QToolButton):
    """Has no frame of its own, but its focus is as plain to see as that of the pad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a ring around it while it has the focus."""
        super().paintEvent(event)
        if self.hasFocus() and self.isActiveWindow():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme_for(self.palette()).accent, 1.5))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 4, 4)
