"""What lies over the plots: the legend, and the values beside the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QLabel, QWidget

from digitpad.app.train.curves.style import style_for
from digitpad.app.widgets.theme import ground_painter, quiet_text, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent

    from digitpad.app.train.curves.style import CurveStyle

_SWATCH = 22.0
_GAP = 6.0
_APART = 18.0
_MARKER = 3.2
_BAND = 8.0
_CORNER = 6.0
_MARGIN = 7
_FROM_POINTER = 16
_EDGE = 4


class CurveLegend(QWidget):
    """A row with the line and the name of each curve."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names = {
            "training": self.tr("Training"),
            "faint": self.tr("Batches"),
            "validation": self.tr("Validation"),
            # The loss on training drawings, found as on validation data.
            "plain": self.tr("As drawn"),
            "best": self.tr("Best"),
        }
        self._colours = self.palette()
        names = ", ".join(self._names.values())
        self.setAccessibleName(self.tr("Legend: {names}").format(names=names))
        self.setToolTip(
            self.tr(
                "Training: averages over the batches, with everything that makes learning harder"
                " (augmentation, dropout, label smoothing)\n"
                "Batches: the values of the batches themselves\n"
                "Validation: drawings that are not learned from\n"
                "As drawn: the loss on training drawings without what makes learning harder, to"
                " compare with validation\n"
                "Best: the epoch whose network is kept"
            )
        )

    def dress(self, palette: QPalette, font: QFont) -> None:
        """Take the colours for a palette, of the window or of a saved picture, and a font."""
        self._colours = palette
        self.setFont(font)
        self.update()

    def _width(self, name: str) -> float:
        return _SWATCH + _GAP + QFontMetricsF(self.font()).horizontalAdvance(name)

    def sizeHint(self) -> QSize:
        """Room for all entries in a row."""
        width = sum(map(self._width, self._names.values())) + _APART * (len(self._names) - 1)
        return QSize(round(width) + 2, round(QFontMetricsF(self.font()).height()) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entries that fit, from the left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = style_for(self._colours)
        left = 1.0
        for kind, name in self._names.items():
            width = self._width(name)
            if left + width > self.width():
                # No name is cut.
                break
            self._paint_swatch(painter, kind, left, style)
            place = QRectF(left + _SWATCH + _GAP, 0, width, self.height())
            painter.setPen(quiet_text(self._colours))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), name)
            left += width + _APART

    def _paint_swatch(self, painter: QPainter, kind: str, left: float, style: CurveStyle) -> None:
        middle = QPointF(left + _SWATCH / 2, self.height() / 2)
        if kind == "faint":
            ground = QRectF(left, middle.y() - _BAND / 2, _SWATCH, _BAND)
            painter.fillRect(ground, style.band)
        pens = {
            "training": QPen(style.training, 2.0),
            "faint": QPen(style.faint, 1.2),
            "validation": QPen(style.validation, 2.0),
            "plain": QPen(style.training, 2.0, Qt.PenStyle.DashLine),
            "best": QPen(style.best, 1.2, Qt.PenStyle.DashLine),
        }
        painter.setPen(pens[kind])
        painter.drawLine(QPointF(left, middle.y()), QPointF(left + _SWATCH, middle.y()))
        if kind == "validation":
            painter.setPen(QPen(style.ground, 1.0))
            painter.setBrush(style.validation)
            painter.drawEllipse(middle, _MARKER, _MARKER)
        elif kind == "best":
            painter.setPen(QPen(style.validation, 1.6))
            painter.setBrush(style.ground)
            painter.drawEllipse(middle, _MARKER + 1.2, _MARKER + 1.2)


class ValuesBox(QLabel):
    """A box for a rich text, which lets mouse events through to what is below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet = parent
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMargin(_MARGIN)
        self.hide()

    def show_at(self, pointer: QPoint, text: str) -> None:
        """Show a rich text beside the pointer, on the side with room.

        Args:
            pointer: in the coordinates of the parent.
            text: rich text.
        """
        self.setText(text)
        self.adjustSize()
        size, room = self.size(), self._sheet.size()
        x = pointer.x() + _FROM_POINTER
        if x + size.width() > room.width() - _EDGE:
            x = pointer.x() - _FROM_POINTER - size.width()
        y = min(pointer.y() + _FROM_POINTER, room.height() - size.height() - _EDGE)
        self.move(max(x, _EDGE), max(y, _EDGE))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground with a hairline around it, and the text."""
        ground = self.palette().color(QPalette.ColorRole.Base)
        ground_painter(self, QPen(theme_for(self.palette()).muted, 1), ground, _CORNER).end()
        super().paintEvent(event)
