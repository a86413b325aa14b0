"""Rings and frames around numbers and pixels, tips for them, and scrolling to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QScrollArea, QToolTip

from digitpad.app.widgets.layout import plain_tip
from digitpad.app.widgets.theme import contrast, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QHelpEvent, QPainter
    from PySide6.QtWidgets import QWidget

MARK = QColor("#ff9f1c")
"""Colour of frames on a glyph: visible on ink and on its ground."""

_DARK, _LIGHT = QColor("#000000"), QColor("#ffffff")


def text_on(ground: QColor) -> QColor:
    """Black or white, whichever can be read better; one of them has at least 4.5 : 1."""
    return max((_DARK, _LIGHT), key=lambda colour: contrast(colour, ground))


def paint_ring(painter: QPainter, area: QRectF, widget: QWidget) -> None:
    """A ring that can be seen on any ground: one in the colour of the paper, one in the accent."""
    theme = theme_for(widget.palette())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width, inset in ((theme.paper, 4.0, 0.5), (theme.accent, 2.0, 0.5)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(area.adjusted(inset, inset, -inset, -inset))


def show_tip(widget: QWidget, event: QHelpEvent, text: str) -> None:
    """Show a tip at the pointer; "" hides it."""
    if text:
        QToolTip.showText(event.globalPos(), plain_tip(text), widget)
    else:
        QToolTip.hideText()


def reveal(widget: QWidget, area: QRect) -> None:
    """Scroll all that is around a widget so that a part of it can be seen."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            content = above.widget()
            if content is None:
                return
            centre = widget.mapTo(content, area.center())
            above.ensureVisible(
                centre.x(), centre.y(), area.width() // 2 + 2, area.height() // 2 + 2
            )
        above = above.parentWidget()
