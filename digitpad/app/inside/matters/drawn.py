"""One's own strokes, coloured by what they speak for, and a change drawn over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QTransform

from digitpad.app.inside.matters.along import along_strokes, box_in_drawing
from digitpad.app.inside.matters.pixels import SquarePicture
from digitpad.app.inside.scale import colours
from digitpad.app.pad.canvas.ink_shape import InkShape, round_pen
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.theme import smooth_painter, theme_for

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from digitpad.app.inside.matters.along import ColouredStroke
    from digitpad.ink.drawing import Stroke
    from digitpad.ink.glyph import StrokeStages
    from digitpad.recognition.inside.smallest_change import Change

_MARGIN = 0.14
"""Around the box that the ink fills, as a share of its side."""

_RIM = 1.6
"""Of the ink around its colours, in device-independent pixels."""


class DrawnPicture(SquarePicture):
    """The strokes of a part as they were drawn, each piece in the colour of its value."""

    def __init__(self) -> None:
        super().__init__()
        self._strokes: tuple[Stroke, ...] = ()
        self._pieces: list[ColouredStroke] = []
        self._frame = QRectF(0, 0, 1, 1)
        self._limit = 1.0
        self._chosen: int | None = None
        self._tag = ""
        self._change: Change | None = None
        self.setAccessibleName(self.tr("Your strokes, coloured by what they speak for"))

    def show_values(
        self,
        strokes: tuple[Stroke, ...],
        stages: StrokeStages,
        values: NDArray[np.float64],
        limit: float,
    ) -> None:
        """Show strokes, at least one.

        Args:
            strokes: of a part.
            stages: of their preprocessing.
            values: float64 (28, 28), of the pixels of the glyph.
            limit: the size of a value, above 0, that has the strongest colour.
        """
        self._strokes, self._limit = strokes, limit
        self._pieces = along_strokes(strokes, stages, values)
        left, top, side = box_in_drawing(strokes, stages)
        margin = _MARGIN * side
        self._frame = QRectF(left - margin, top - margin, side + 2 * margin, side + 2 * margin)
        self.update()

    def choose(self, number: int | None, tag: str = "") -> None:
        """Show one of the strokes as left out, with a few words beside it; None for none."""
        self._chosen, self._tag = number, tag
        self.setAccessibleDescription(tag)
        self.update()

    def show_change(self, change: Change | None) -> None:
        """Show a stroke to add, or what is erased of one, dashed."""
        self._change = change
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strokes on paper."""
        painter = smooth_painter(self)
        theme = theme_for(self.palette())
        square = self.field
        painter.fillRect(square, theme.paper)
        painter.setPen(QPen(theme.outline, 1))
        painter.drawRect(square)
        painter.setClipRect(square)
        scale = square.width() / self._frame.width()
        transform = QTransform(
            scale,
            0,
            0,
            scale,
            square.left() - self._frame.left() * scale,
            square.top() - self._frame.top() * scale,
        )
        painter.setTransform(transform, combine=True)
        for number, (stroke, pieces) in enumerate(zip(self._strokes, self._pieces, strict=True)):
            if number != self._chosen:
                InkShape.of(stroke).paint(painter, theme.ink)
                self._paint_colours(painter, pieces, scale)
        if self._chosen is not None and self._chosen < len(self._strokes):
            _paint_dashed(painter, self._strokes[self._chosen], theme.muted, scale)
        if self._change is not None:
            self._paint_change(painter, self._change, scale)
        painter.resetTransform()
        if len(self._strokes) > 1:
            self._paint_numbers(painter, transform, square)

    def _paint_colours(self, painter: QPainter, pieces: ColouredStroke, scale: float) -> None:
        widths = np.maximum(pieces.widths - 2 * _RIM / scale, 1.0 / scale)
        if len(pieces.points) == 1:
            painter.setPen(round_pen(self._colours(pieces.values)[0], float(widths[0])))
            painter.drawPoint(QPointF(*pieces.points[0].tolist()))
            return
        means = (pieces.values[1:] + pieces.values[:-1]) / 2
        points = [QPointF(x, y) for x, y in pieces.points.tolist()]
        every = zip(points[:-1], points[1:], self._colours(means), widths.tolist(), strict=False)
        for start, end, colour, width in every:
            painter.setPen(round_pen(colour, width))
            painter.drawLine(start, end)

    def _colours(self, values: NDArray[np.float64]) -> list[QColor]:
        return [QColor(*rgb) for rgb in colours(values, self._limit, self.palette()).tolist()]

    def _paint_change(self, painter: QPainter, change: Change, scale: float) -> None:
        theme = theme_for(self.palette())
        if change.kind == "erase":
            # The paper covers what would be erased; around it runs a dashed line.
            InkShape.of(change.stroke).paint(painter, theme.paper)
        _paint_dashed(painter, change.stroke, theme.accent, scale)

    def _paint_numbers(self, painter: QPainter, transform: QTransform, square: QRectF) -> None:
        """Paint a number at the beginning of each stroke, and below all what is left out."""
        for number, stroke in enumerate(self._strokes):
            beginning = transform.map(QPointF(*stroke.points[0].tolist()))
            self._paint_tag(painter, str(number + 1), beginning, square)
        if self._chosen is not None:
            # In the margin, where there is no ink.
            self._paint_tag(
                painter, self._tag, QPointF(square.center().x(), square.bottom()), square
            )

    def _paint_tag(self, painter: QPainter, text: str, at: QPointF, square: QRectF) -> None:
        theme = theme_for(self.palette())
        painter.setFont(scaled(self.font(), 0.85, bold=True))
        metrics = painter.fontMetrics()
        height = metrics.height()
        width = max(metrics.horizontalAdvance(text) + 10, height)
        tag = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
        tag.moveLeft(min(max(tag.left(), square.left() + 2), square.right() - width - 2))
        tag.moveTop(min(max(tag.top(), square.top() + 2), square.bottom() - height - 2))
        painter.setPen(QPen(theme.muted, 1))
        painter.setBrush(theme.paper)
        painter.drawRoundedRect(tag, height / 2, height / 2)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def _paint_dashed(painter: QPainter, stroke: Stroke, colour: QColor, scale: float) -> None:
    """The outline of a stroke, dashed, with a painter that works in the units of the drawing."""
    path = QPainterPath()
    points = [QPointF(x, y) for x, y in stroke.points.tolist()]
    path.moveTo(points[0])
    for point in points[1:]:
        path.lineTo(point)
    if len(points) == 1:
        # A dot: a line of hardly any length has round ends all the same.
        path.lineTo(points[0] + QPointF(0.01 / scale, 0))
    stroker = QPainterPathStroker(round_pen(colour, float(stroke.widths.mean())))
    pen = QPen(colour, 2.0 / scale, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3.0, 2.0])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    painter.drawPath(stroker.createStroke(path).simplified())
