"""The canvas of the pad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QGuiApplication,
    QHelpEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from digitpad.app.pad.canvas import eraser
from digitpad.app.pad.canvas.ink_shape import InkShape
from digitpad.app.pad.canvas.painting import InkLayer, pad_transform, picture_rect, to_pad
from digitpad.app.pad.canvas.part_marks import PartMarks
from digitpad.app.pad.canvas.pen_input import PenInput
from digitpad.app.pad.canvas.sheet import (
    extent,
    invitation,
    paint_edge,
    paint_invitation,
    pixels,
    ring,
)
from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.theme import theme_for
from digitpad.ink.drawing import DEFAULT_WIDTH, Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from digitpad.app.pad.canvas.part_marks import PartMark
    from digitpad.app.pad.canvas.sheet import Invitation
    from digitpad.app.pad.document import PadDocument


_WITH = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.MetaModifier
)
"""Keys that make another key of an arrow."""


class Canvas(QWidget):
    """Shows a document and lets a pen draw on it and erase from it.

    While a stroke is being drawn, only the rectangle that it changes is painted anew, over a
    pixmap of the finished strokes. Several parts have marks, whose tags take taps without ink.

    Attributes:
        pen_width: of new strokes at full pressure, in pad units, above 0.

    Signals:
        live_changed: the present stroke or erasing has changed `visible_drawing`.
        picture_gone: a picture has given way to a stroke (False) or to the eraser (True).
        picture_tapped: a picture stays, since the pen (False) or the eraser (True) hardly moved.
        part_tapped: the tag of the part with this number, from 0.
        part_stepped: to the next part (1) or the one before (-1), by key.
    """

    live_changed = Signal()
    picture_gone = Signal(bool)
    picture_tapped = Signal(bool)
    part_tapped = Signal(int)
    part_stepped = Signal(int)

    def __init__(self, document: PadDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._input = PenInput(self)
        self._layer = InkLayer()
        self._live: InkShape | None = None
        self._erasing: eraser.EraseGesture | None = None
        self._marks = PartMarks()
        self._shown_marks: tuple[PartMark, ...] = ()
        self._chosen: int | None = None
        self._pressed: tuple[int, float] | None = None
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
        self.setMouseTracking(True)
        self.invite(invitation("digits", as_one=False))
        document.changed.connect(self._on_changed)
        document.replaced.connect(self._on_replaced)
        self._update_cursor()

    def invite(self, invited: Invitation) -> None:
        """Say on the empty sheet what can be drawn."""
        self._invited = invited
        self.setAccessibleDescription(invited.description)
        self.update()

    def show_marks(
        self, marks: Sequence[PartMark], chosen: int | None, in_words: Sequence[str]
    ) -> None:
        """Show what has been read of each part.

        Args:
            marks: of the parts, in their order.
            chosen: number of the part that is highlighted, from 0, or None.
            in_words: sentences for screen readers; the last one says what is chosen.
        """
        was_chosen, self._chosen = self._chosen, chosen
        self._shown_marks = tuple(marks)
        self._place_marks()
        self.setAccessibleDescription(" ".join([self._invited.description, *in_words]))
        if chosen is not None and chosen != was_chosen and in_words:
            event = QAccessibleAnnouncementEvent(self, in_words[-1])
            QAccessible.updateAccessibility(event)

    def _place_marks(self) -> None:
        if not self._shown_marks and not self._marks.count:
            return
        changed = self._marks.show(
            self._shown_marks,
            self._chosen,
            self._transform,
            QSizeF(self.size()),
            self._tag_font(),
            may_move=not self.is_drawing,
        )
        self.update(changed)

    def _tag_font(self) -> QFont:
        return scaled(self.font(), 0.95)

    # What is on the sheet

    @property
    def is_drawing(self) -> bool:
        """Whether the user is drawing or erasing now."""
        return self._live is not None or self._erasing is not None

    @property
    def is_writing(self) -> bool:
        """Whether the user is drawing a stroke now."""
        return self._live is not None

    def visible_drawing(self) -> Drawing:
        """The document's drawing with the present stroke or erasing."""
        drawing, live = self._finished(), self._live
        if live is None or drawing.picture is not None:
            return drawing
        return drawing.with_stroke(live.stroke())

    def _finished(self) -> Drawing:
        if self._erasing is not None:
            return self._erasing.remaining
        drawing = self._document.drawing
        if self._live is None or drawing.picture is None:
            return drawing
        # A picture goes as soon as the user draws on it, but not for an accidental touch.
        return drawing if self._is_tap else self._blank

    # Tools

    @Slot(bool)
    def set_erases(self, erases: bool) -> None:
        """Use the eraser, or the pen."""
        self._erases = erases
        self._update_cursor()

    def abort(self) -> None:
        """Drop the present stroke or erasing."""
        self._input.abort()

    def clear(self) -> None:
        """Drop the present stroke or erasing; where there is none, empty the document."""
        if self.is_drawing:
            self.abort()
        else:
            self._document.clear()

    def finish(self) -> None:
        """End the present stroke or erasing, as if the pen were lifted."""
        self._input.finish()

    # PenTarget

    def pen_down(self, position: QPointF, pressure: float, *, erases: bool) -> None:
        """See `PenTarget`."""
        self._start, self._is_tap = position, True
        erases = erases or self._erases
        tapped = None if erases else self._marks.hit(position)
        if tapped is not None:
            # A stroke may begin on a tag as well: it does when the pen moves.
            self._pressed = tapped, pressure
            return
        self._begin(position, pressure, erases=erases)

    def _begin(self, position: QPointF, pressure: float, *, erases: bool) -> None:
        if erases:
            self._erasing = eraser.EraseGesture(self._document.drawing, self._is_on_picture)
        else:
            self._live = InkShape(self.pen_width)
            if self._document.drawing.is_empty:
                self.update()  # the invitation goes
        self.pen_move(position, pressure)

    def pen_move(self, position: QPointF, pressure: float) -> None:
        """See `PenTarget`."""
        moved = QLineF(self._start, position).length()
        if self._pressed is not None:
            if moved < QGuiApplication.styleHints().startDragDistance():
                return
            _, first = self._pressed
            self._pressed = None
            self._begin(self._start, first, erases=False)
        if self._is_tap and moved >= QGuiApplication.styleHints().startDragDistance():
            self._is_tap = False
            if self._document.drawing.picture is not None:
                self.update()  # it goes
        x, y = to_pad(self._transform, position)
        if self._live is not None:
            changed = self._live.add(x, y, pressure)
            if changed.isEmpty():
                return
            self.update(pixels(self._transform.mapRect(changed)))
        elif self._erasing is None or not self._erasing.move(x, y):
            return
        else:
            self.update()
        self.live_changed.emit()

    def pen_up(self) -> None:
        """See `PenTarget`."""
        if self._pressed is not None:
            number, _ = self._pressed
            self._pressed = None
            if number < self._marks.count:
                self.part_tapped.emit(number)
            return
        live, self._live = self._live, None
        erasing, self._erasing = self._erasing, None
        had_picture = self._document.drawing.picture is not None
        if had_picture and self._is_tap:
            self.update()
            self.picture_tapped.emit(erasing is not None)
        elif live is not None:
            stroke = live.stroke()
            self._layer.expect(stroke, live)
            self._settling = live.bounds()
            self._document.add_stroke(stroke)
            self._settling = None
            if not self.rect().toRectF().contains(self._transform.mapRect(extent(stroke))):
                # It is part of the drawing, so it must be in view.
                self._fit()
        elif erasing is not None:
            self._document.erase(erasing.remaining)
        if had_picture and self._document.drawing.picture is None:
            self.picture_gone.emit(erasing is not None)
        self._fit_if_stale()

    def pen_cancel(self) -> None:
        """See `PenTarget`."""
        self._live = self._erasing = self._pressed = None
        self._fit_if_stale()
        self.update()
        self.live_changed.emit()

    def _is_on_picture(self, x: float, y: float) -> bool:
        picture = self._document.drawing.picture
        return picture is not None and not self._is_tap and picture_rect(picture).contains(x, y)

    # Events

    def event(self, event: QEvent) -> bool:
        """Pass pointer events to the pen, and show what a tap on a tag does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        if isinstance(event, QMouseEvent) and self._marks.count:
            self._update_cursor(event.position())
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
        elif event.type() == QEvent.Type.FontChange:
            self._marks = PartMarks()
            self._place_marks()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose a part."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._marks.count or event.modifiers() & _WITH:
            super().keyPressEvent(event)
            return
        self.part_stepped.emit(step)

    def _show_tip(self, event: QHelpEvent) -> None:
        if self._erases or self.is_drawing or self._marks.hit(QPointF(event.pos())) is None:
            QToolTip.hideText()
            return
        QToolTip.showText(event.globalPos(), self.tr("Click to see how this was read"), self)

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
            self.update(pixels(self._transform.mapRect(self._settling)))

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
        self._place_marks()
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
        self._marks.paint(painter, event.rect(), self._theme, self.palette(), self._tag_font())
        if self._live is not None:
            inverse, _ = self._transform.inverted()
            near = inverse.mapRect(QRectF(event.rect()).adjusted(-1, -1, 1, 1))
            painter.save()
            painter.setTransform(self._transform, combine=True)
            self._live.paint(painter, self._theme.ink, near)
            painter.restore()
        elif finished.is_empty:
            paint_invitation(painter, self, self._invited)
        paint_edge(painter, self, event.rect(), self._theme)

    def _update_cursor(self, position: QPointF | None = None) -> None:
        if self._erases:
            radius = eraser.RADIUS * self._transform.m11()
            self.setCursor(ring(radius, self.devicePixelRatioF(), self._theme.ink))
            return
        shape = Qt.CursorShape.CrossCursor
        if position is not None and not self.is_drawing and self._marks.hit(position) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)
