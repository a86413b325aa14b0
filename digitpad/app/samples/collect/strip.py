"""The row of drawings that are asked for: those that are done, the present one, those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.samples.wall.pictures import paint_fitted
from digitpad.app.widgets.layout import elided, scaled
from digitpad.app.widgets.theme import quiet_text, smooth_painter, theme_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QPaintEvent

    from digitpad.ink.drawing import Drawing

_SIDE, _GAP = 44.0, 6.0
_CORNER = 6.0


class DrawStrip(QWidget):
    """Shows a plan: a drawing where there is one, else the label that is asked for.

    The present place is in the middle.
    """

    def __init__(self) -> None:
        super().__init__()
        self._plan: Sequence[str] = ()
        self._drawings: Sequence[Drawing | None] = ()
        self._place = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What to draw"))

    def show_plan(
        self, plan: Sequence[str], drawings: Sequence[Drawing | None], place: int
    ) -> None:
        """Show a plan.

        Args:
            plan: labels, one after another.
            drawings: of the places before the present one; None where one was skipped.
            place: the present one.
        """
        self._plan, self._drawings, self._place = plan, drawings, place
        self.setAccessibleDescription(" ".join(plan[place : place + 5]))
        self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(round(7 * (_SIDE + _GAP)), round(_SIDE) + 4)

    def minimumSizeHint(self) -> QSize:
        """Three places."""
        return QSize(round(3 * (_SIDE + _GAP)), round(_SIDE) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the places that fit, each whole."""
        painter = smooth_painter(self)
        step = _SIDE + _GAP
        reach = max(int((self.width() / step - 1) // 2), 0)
        left = (self.width() - _SIDE) / 2
        for place in range(
            max(self._place - reach, 0), min(self._place + reach + 1, len(self._plan))
        ):
            room = QRectF(left + (place - self._place) * step, 2, _SIDE, _SIDE)
            self._paint_place(painter, room, place)

    def _paint_place(self, painter: QPainter, room: QRectF, place: int) -> None:
        palette = self.palette()
        theme = theme_for(palette)
        drawing = self._drawings[place] if place < len(self._drawings) else None
        is_present = place == self._place
        painter.setPen(QPen(theme.accent, 2.5) if is_present else QPen(theme.outline, 1))
        painter.setBrush(theme.paper if drawing is not None else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), _CORNER, _CORNER)
        if drawing is not None:
            paint_fitted(painter, room, drawing, theme)
            return
        font = scaled(self.font(), 1.4, bold=is_present)
        painter.setFont(font)
        # What was skipped is as quiet as what is to come, and has a line through it.
        painter.setPen(
            palette.color(QPalette.ColorRole.Text) if is_present else quiet_text(palette)
        )
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(room, centre, elided(self._plan[place], font, room.width() - 6))
        if place < self._place:
            cut = room.adjusted(12, 12, -12, -12)
            painter.drawLine(cut.bottomLeft(), cut.topRight())
