"""The canvas of the pad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QCursor,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.pad.canvas import eraser
from digitpad.app.pad.canvas.ink_shape import InkShape
from digitpad.app.pad.canvas.painting import InkLayer, pad_transform, picture_rect, to_pad
from digitpad.app.pad.canvas.pen_input import PenInput
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.theme import CORNER, quiet_text, theme_for
from digitpad.ink.drawing import DEFAULT_WIDTH, Drawing, Stroke

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from digitpad.app.answer.class_kind import ClassKind
    from digitpad.app.pad.document import PadDocument


class Canvas(QWidget):
    """Shows a document and lets a pen draw on it and erase from it.

    While a stroke is being drawn, only the rectangle that it changes is painted anew, over a
    pixmap of the finished strokes.

    Attributes:
        pen_width: of new strokes at full pressure, in pad units, above 0.

    Signals:
        live_changed: the present stroke or erasing has changed `visible_drawing`.
        picture_gone: a picture has given way to a stroke (False) or to the eraser (True).
        picture_tapped: a picture stays, since the pen (False) or the eraser (True) hardly moved.
    """

    live_changed = Signal()
    picture_gone = Signal(bool)
    picture_tapped = Signal(bool)

    def __init__(self, document: PadDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._input = PenInput(self)
        self._layer = InkLayer()
        self._live: InkShape | None = None
        self._erasing: eraser.EraseGesture | None = None
        self._start = QPointF()
        self._is_tap = False
        self.pen_width = DEFAULT_WIDTH
        self._erases = False
        self._blank = Drawing()
        self._settling: QRectF | None = None
        self._transform = pad_transform(QSizeF(1, 1), Drawing())
        self._theme = theme_for(self.palette())
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Pad"))
        self._invitation = ""
        self.invite_to_draw("digits")
        document.changed.connect(self._on_changed)
        document.replaced.connect(self._on_replaced)
        self._update_cursor()

    def invite_to_draw(self, kind: ClassKind) -> None:
        """Say on the empty sheet what the model reads."""
        # A whole sentence for each: other languages have other forms.
        self._invitation, description = {
            "digits": (
                self.tr("Draw a digit here"),
                self.tr("Draw a digit here with the mouse, a finger or a pen."),
            ),
            "letters": (
                self.tr("Draw a letter here"),
                self.tr("Draw a letter here with the mouse, a finger or a pen."),
            ),
            "characters": (
                self.tr("Draw a digit or a letter here"),
                self.tr("Draw a digit or a letter here with the mouse, a finger or a pen."),
            ),
            "others": (
                self.tr("Draw here"),
                self.tr("Draw here with the mouse, a finger or a pen."),
            ),
        }[kind]
        self.setAccessibleDescription(description)
        self.update()

    # What is on the sheet

    @property
    def is_drawing(self) -> bool:
        """Whether the user is drawing or erasing now."""
        return self._live is not None or self._erasing is not None

    def visible_drawing(self) -> Drawing:
        """The document's drawing with the present stroke or erasing."""
        drawing, live = self._finished(), self._live
        if live is None or drawing.picture is not None:
            return drawing
        return drawing.with_stroke(self._stroke(live))

    def _finished(self) -> Drawing:
        if self._erasing is not None:
            return self._erasing.remaining
        drawing = self._document.drawing
        if self._live is None or drawing.picture is None:
            return drawing
        # A picture goes as soon as the user draws on it, but not for an accidental touch.
        return drawing if self._is_tap else self._blank

    @staticmethod
    def _stroke(shape: InkShape) -> Stroke:
        return Stroke(np.array(shape.points), np.array(shape.pressures), shape.width)

    # Tools

    @Slot(bool)
    def set_erases(self, erases: bool) -> None:
        """Use the eraser, or the pen."""
        self._erases = erases
        self._update_cursor()

    def abort(self) -> None:
        """Drop the present stroke or erasing."""
        self._input.abort()

    def finish(self) -> None:
        """End the present stroke or erasing, as if the pen were lifted."""
        self._input.finish()

    # PenTarget

    def pen_down(self, position: QPointF, pressure: float, *, erases: bool) -> None:
        """See `PenTarget`."""
        self._start, self._is_tap = position, True
        if erases or self._erases:
            self._erasing = eraser.EraseGesture(self._document.drawing, self._is_on_picture)
        else:
            self._live = InkShape(self.pen_width)
            if self._document.drawing.is_empty:
                self.update()  # the invitation goes
        self.pen_move(position, pressure)

    def pen_move(self, position: QPointF, pressure: float) -> None:
        """See `PenTarget`."""
        moved = QLineF(self._start, position).length()
        if self._is_tap and moved >= QGuiApplication.styleHints().startDragDistance():
            self._is_tap = False
            if self._document.drawing.picture is not None:
                self.update()  # it goes
        x, y = to_pad(self._transform, position)
        if self._live is not None:
            changed = self._live.add(x, y, pressure)
            if changed.isEmpty():
                return
            self.update(_pixels(self._transform.mapRect(changed)))
        elif self._erasing is None or not self._erasing.move(x, y):
            return
        else:
            self.update()
        self.live_changed.emit()

    def pen_up(self) -> None:
        """See `PenTarget`."""
        live, self._live = self._live, None
        erasing, self._erasing = self._erasing, None
        had_picture = self._document.drawing.picture is not None
        if had_picture and self._is_tap:
            self.update()
            self.picture_tapped.emit(erasing is not None)
        elif live is not None:
            stroke = self._stroke(live)
            self._layer.expect(stroke, live)
            self._settling = live.bounds()
            self._document.add_stroke(stroke)
            self._settling = None
            if not self.rect().toRectF().contains(self._transform.mapRect(_extent(stroke))):
                # It is part of the drawing, so it must be in view.
                self._fit()
        elif erasing is not None:
            self._document.erase(erasing.remaining)
        if had_picture and self._document.drawing.picture is None:
            self.picture_gone.emit(erasing is not None)
        self._fit_if_stale()

    def pen_cancel(self) -> None:
        """See `PenTarget`."""
        self._live = self._erasing = None
        self._fit_if_stale()
        self.update()
        self.live_changed.emit()

    def _is_on_picture(self, x: float, y: float) -> bool:
        picture = self._document.drawing.picture
        if picture is None or self._is_tap:
            return False
        return picture_rect(picture).contains(x, y)

    # Events

    def event(self, event: QEvent) -> bool:
        """Pass pointer events to the pen."""
        if self._input.handle(event):
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._layer.invalidate()
            self.update()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._theme = theme_for(self.palette())
            self._layer.invalidate()
            self._update_cursor()
            self.update()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all ink in sight; never change the scale under a pen that is down."""
        super().resizeEvent(event)
        if not self.is_drawing:
            self._fit()

    @Slot()
    def _on_changed(self) -> None:
        if self._settling is None:
            self.update()
        else:  # all else is on the screen already
            self.update(_pixels(self._transform.mapRect(self._settling)))

    @Slot()
    def _on_replaced(self) -> None:
        self._input.abort()
        self._fit()

    def _fit_if_stale(self) -> None:
        """Fit the drawing if the canvas was resized during a stroke."""
        if self._transform.map(QPointF(0, 0)) != QPointF(self.width() / 2, self.height() / 2):
            self._fit()

    def _fit(self) -> None:
        if self.size().isEmpty():
            return
        self._transform = pad_transform(QSizeF(self.size()), self._document.drawing)
        self._update_cursor()
        self.update()

    # Looks

    def sizeHint(self) -> QSize:
        """Generous."""
        return QSize(560, 560)

    def minimumSizeHint(self) -> QSize:
        """Small, but enough to draw on."""
        return QSize(180, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Finished ink from the pixmap, live ink over it where it changed."""
        painter = QPainter(self)
        finished = self._finished()
        pixmap = self._layer.pixmap(
            finished, self.size(), self.devicePixelRatioF(), self._transform, self._theme
        )
        painter.drawPixmap(0, 0, pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._live is not None:
            inverse, _ = self._transform.inverted()
            near = inverse.mapRect(QRectF(event.rect()).adjusted(-1, -1, 1, 1))
            painter.save()
            painter.setTransform(self._transform, combine=True)
            self._live.paint(painter, self._theme.ink, near)
            painter.restore()
        elif finished.is_empty:
            self._paint_invitation(painter)
        self._paint_edge(painter, event.rect())

    def _paint_invitation(self, painter: QPainter) -> None:
        """What to do, and below in smaller letters what else can be done."""
        painter.setPen(quiet_text(self.palette()))
        area = QRectF(self.rect()).adjusted(16, 16, -16, -16)
        across = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(scaled(self.font(), 1.7))
        flags = int(across | Qt.AlignmentFlag.AlignVCenter)
        below = painter.boundingRect(area, flags, self._invitation).bottom() + 8
        painter.drawText(area, flags, self._invitation)
        painter.setFont(self.font())
        area.setTop(below)
        flags = int(across | Qt.AlignmentFlag.AlignTop)
        painter.drawText(area, flags, self.tr("or open, drop or paste a picture"))

    def _paint_edge(self, painter: QPainter, dirty: QRect) -> None:
        """Round the sheet's corners and draw its outline, where that part is painted at all."""
        inset = int(CORNER)
        if self.rect().adjusted(inset, inset, -inset, -inset).contains(dirty):
            return
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(self.rect().toRectF())
        inside.addRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        ground = self.palette().color(QPalette.ColorRole.Window)
        painter.fillPath(outside.subtracted(inside), ground)
        focused = self.hasFocus() and self.window().isActiveWindow()
        painter.setPen(QPen(self._theme.accent if focused else self._theme.outline, 1.0))
        painter.drawPath(inside)

    def _update_cursor(self) -> None:
        if not self._erases:
            self.setCursor(Qt.CursorShape.CrossCursor)
            return
        self.setCursor(
            _ring(eraser.RADIUS * self._transform.m11(), self.devicePixelRatioF(), self._theme.ink)
        )


def _extent(stroke: Stroke) -> QRectF:
    """The rectangle around the points of a stroke, in pad units."""
    (left, top), (right, bottom) = stroke.points.min(axis=0), stroke.points.max(axis=0)
    # A dot has an extent, too: Qt takes an empty rectangle to be nowhere.
    return QRectF(left, top, right - left, bottom - top).adjusted(-0.5, -0.5, 0.5, 0.5)


def _pixels(area: QRectF) -> QRect:
    """The whole pixels that antialiased ink in a rectangle can touch."""
    return area.adjusted(-1.5, -1.5, 1.5, 1.5).toAlignedRect()


def _ring(radius: float, ratio: float, colour: QColor) -> QCursor:
    """A cursor as large as the eraser, its radius in device-independent pixels."""
    radius = min(max(radius, 4.0), 30.0)
    side = int(2 * radius + 4)
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5))
    painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
    painter.end()
    return QCursor(pixmap, side // 2, side // 2)
