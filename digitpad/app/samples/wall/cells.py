"""Painting of one sample on the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from digitpad.app.samples.wall.pictures import Pictures
from digitpad.app.widgets.layout import elided, scaled
from digitpad.app.widgets.theme import quiet_text, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from digitpad.app.samples.wall.wall import SampleWall
    from digitpad.samples.sample import Sample

_Index = QModelIndex | QPersistentModelIndex

SIDE = 68.0
"""Side of a drawing on the wall, in device-independent pixels."""

PAD = 5.0
SPACE = 2.0
"""Gap between a drawing and its label, in device-independent pixels."""

_CORNER = 6.0
_BADGE = 18.0
_CROSS = 7.0


class CellDelegate(QStyledItemDelegate):
    """Paints a drawing, its label, what it was misread as, and a flag.

    What all cells share is computed once for each repaint: a wide window has hundreds of cells.

    Attributes:
        is_unfinished: whether the last repaint left out drawings, because it took long.
    """

    def __init__(self, view: SampleWall) -> None:
        super().__init__(view)
        self._view = view
        self._pictures = Pictures()
        self.is_unfinished = False

    def prepare(self) -> None:
        """Compute fonts and colours before a repaint."""
        view = self._view
        palette = view.palette()
        self._theme = theme_for(palette)
        self._fonts = scaled(view.font()), scaled(view.font(), bold=True)
        self._small = scaled(view.font(), 0.9)
        self._text, self._quiet = palette.color(QPalette.ColorRole.Text), quiet_text(palette)
        self._pictures.prepare(SIDE, view.devicePixelRatioF(), self._theme)
        self.is_unfinished = False

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The whole cell, so that all of it can be pointed at and clicked."""
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a cell. A ring marks one that is selected, pointed at, or looked at."""
        sample = self._view.samples[index.row()]
        cell, theme = QRectF(option.rect), self._theme
        corner = QPointF(round(cell.center().x() - SIDE / 2), cell.top() + PAD)
        square = QRectF(corner, QSize(round(SIDE), round(SIDE)).toSizeF())
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._ring(option, is_selected=is_selected))
        painter.setBrush(theme.paper)
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        picture = self._pictures.picture(sample)
        if picture is None:
            self.is_unfinished = True
        else:
            painter.drawPixmap(square.topLeft(), picture)
        if sample.is_flagged:
            self._paint_flag(painter, square)
        self._paint_label(painter, cell, square, sample, is_bold=is_selected)
        painter.restore()

    def _ring(self, option: QStyleOptionViewItem, *, is_selected: bool) -> QPen:
        states, theme = QStyle.StateFlag, self._theme
        if is_selected:
            return QPen(theme.accent, 2.5)
        if option.state & states.State_HasFocus:
            return QPen(theme.accent, 1.5, Qt.PenStyle.DotLine)
        return QPen(theme.muted if option.state & states.State_MouseOver else theme.outline, 1)

    def _paint_flag(self, painter: QPainter, square: QRectF) -> None:
        """A flag in the upper right corner."""
        badge = QRectF(square.right() - _BADGE - 2, square.top() + 2, _BADGE, _BADGE)
        painter.setPen(QPen(self._theme.outline, 1))
        painter.setBrush(self._theme.warning)
        painter.drawEllipse(badge)
        paint_flag(painter, badge, self._text)

    def _paint_label(
        self, painter: QPainter, cell: QRectF, square: QRectF, sample: Sample, *, is_bold: bool
    ) -> None:
        """The label in the middle, and after it what the drawing was misread as."""
        top = square.bottom() + SPACE
        room = QRectF(cell.left() + 2, top, cell.width() - 4, cell.bottom() - top)
        font, vertical = self._fonts[is_bold], Qt.AlignmentFlag.AlignVCenter
        misread = sample.answer.text if sample.answer and not sample.was_right else None
        if misread is None:
            painter.setFont(font)
            painter.setPen(self._text)
            text = elided(sample.label, font, room.width())
            painter.drawText(room, int(vertical | Qt.AlignmentFlag.AlignHCenter), text)
            return
        gap = _CROSS + 10
        half = (room.width() - gap) / 2
        label, answer = elided(sample.label, font, half), elided(misread, self._small, half)
        width = QFontMetricsF(font).horizontalAdvance(label)
        whole = width + gap + QFontMetricsF(self._small).horizontalAdvance(answer)
        room.setLeft(room.center().x() - whole / 2)
        painter.setFont(font)
        painter.setPen(self._text)
        left = int(vertical | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(room, left, label)
        middle = room.center().y()
        paint_cross(painter, QPointF(room.left() + width + gap / 2, middle), self._quiet)
        room.setLeft(room.left() + width + gap)
        painter.setFont(self._small)
        painter.setPen(self._quiet)
        painter.drawText(room, left, answer)


def paint_cross(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """Paint a small cross: the answer that follows was wrong."""
    painter.setPen(QPen(colour, 1.6, c=Qt.PenCapStyle.RoundCap))
    reach = _CROSS / 2
    for way in (1, -1):
        painter.drawLine(
            centre + QPointF(-reach, -way * reach), centre + QPointF(reach, way * reach)
        )


def paint_flag(painter: QPainter, room: QRectF, colour: QColor) -> None:
    """Paint a flag in the middle of some room."""
    unit = room.width() / 18
    painter.save()
    painter.translate(room.topLeft())
    painter.scale(unit, unit)
    painter.setPen(QPen(colour, 1.5, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(6.2, 4.5), QPointF(6.2, 14))
    cloth = QPainterPath(QPointF(6.5, 4.8))
    cloth.lineTo(13.2, 7.2)
    cloth.lineTo(6.5, 9.8)
    cloth.closeSubpath()
    painter.fillPath(cloth, colour)
    painter.restore()
