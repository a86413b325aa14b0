"""The curve of the cross-entropy: how the loss falls when the probability of the label rises."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.numbers import short_number
from digitpad.app.widgets.theme import quiet_text, smooth_painter, theme_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from PySide6.QtGui import QPainter, QPaintEvent

    Place: TypeAlias = Callable[[float, float], QPointF]

_HIGHEST = 5.0
"""The curve is shown up to this loss at least."""

_POINTS = 200


class LossCurve(QWidget):
    """Minus the logarithm of a probability, with a point for each step so far."""

    def __init__(self) -> None:
        super().__init__()
        self._losses: tuple[float, ...] = ()
        self.setFont(scaled(self.font(), 0.85))
        self.setMinimumSize(180, 110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Loss over probability"))

    def sizeHint(self) -> QSize:
        """Room to see its shape."""
        return QSize(260, 170)

    def show_losses(self, losses: Sequence[float]) -> None:
        """Show the losses before the first step and after each; the last one is that of now."""
        self._losses = tuple(one for one in losses if math.isfinite(one))
        if self._losses:
            self.setAccessibleDescription(
                self.tr("The loss is {loss} at a probability of {probability}").format(
                    loss=short_number(self._losses[-1]),
                    probability=short_number(math.exp(-self._losses[-1])),
                )
            )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axes, the curve and the points."""
        painter = smooth_painter(self)
        theme, metrics = theme_for(self.palette()), QFontMetricsF(self.font())
        highest = max(_HIGHEST, *(1.1 * one for one in self._losses[-1:]), 0.0)
        left = metrics.horizontalAdvance(short_number(highest)) + 8
        area = QRectF(left, 6, self.width() - left - 8, self.height() - 2 * metrics.height() - 10)

        def place(probability: float, loss: float) -> QPointF:
            return QPointF(
                area.left() + probability * area.width(),
                area.bottom() - min(loss / highest, 1.0) * area.height(),
            )

        painter.setPen(QPen(theme.outline, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topLeft())
        painter.setPen(quiet_text(self.palette()))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in (0.0, highest):
            row = QRectF(0, place(0, value).y() - 8, left - 5, 16)
            painter.drawText(row, right, short_number(value))
        below = area.bottom() + metrics.height()
        painter.drawText(QPointF(area.left(), below), short_number(0))
        one = short_number(1)
        painter.drawText(QPointF(area.right() - metrics.horizontalAdvance(one), below), one)
        caption = QRectF(area.left(), below + 2, area.width(), metrics.height() + 4)
        painter.drawText(
            caption, Qt.AlignmentFlag.AlignHCenter, self.tr("probability of what it should be")
        )
        painter.drawText(QPointF(area.left() + 6, area.top() + metrics.ascent()), self.tr("loss"))
        self._paint_curve(painter, place, highest)

    def _paint_curve(self, painter: QPainter, place: Place, highest: float) -> None:
        theme = theme_for(self.palette())
        path = QPainterPath()
        for number in range(_POINTS + 1):
            # Even in the loss: the curve is steepest where the probability is small.
            loss = highest * (1 - number / _POINTS)
            point = place(math.exp(-loss), loss)
            if number:
                path.lineTo(point)
            else:
                path.moveTo(point)
        painter.setPen(QPen(theme.muted, 1.5))
        painter.drawPath(path)
        *before, now = self._losses or (None,)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.muted)
        for loss in before:
            painter.drawEllipse(place(math.exp(-loss), loss), 3, 3)
        if now is not None:
            painter.setBrush(theme.accent)
            painter.drawEllipse(place(math.exp(-now), now), 5.5, 5.5)
