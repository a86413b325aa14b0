"""The sheet of paper under the ink: its edge, what it says while it is empty, and cursors."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPainterPath, QPalette, QPen, QPixmap

from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.theme import CORNER, quiet_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from digitpad.app.answer.class_kind import ClassKind
    from digitpad.app.widgets.theme import Theme
    from digitpad.ink.drawing import Stroke

translate = QCoreApplication.translate


class Invitation(NamedTuple):
    """What can be drawn.

    Attributes:
        text: a few words.
        description: a sentence for screen readers.
        takes_pictures: whether a picture can be opened, dropped or pasted instead.
    """

    text: str
    description: str
    takes_pictures: bool = True


def invitation(kind: ClassKind, *, as_one: bool) -> Invitation:
    """What to draw for a model of this kind of classes; `as_one` if it is one symbol only."""
    # A whole sentence for each: other languages have other forms.
    one = {
        "digits": Invitation(
            translate("Canvas", "Draw a digit here"),
            translate("Canvas", "Draw a digit here with the mouse, a finger or a pen."),
        ),
        "letters": Invitation(
            translate("Canvas", "Draw a letter here"),
            translate("Canvas", "Draw a letter here with the mouse, a finger or a pen."),
        ),
        "characters": Invitation(
            translate("Canvas", "Draw a digit or a letter here"),
            translate("Canvas", "Draw a digit or a letter here with the mouse, a finger or a pen."),
        ),
    }
    several = {
        "digits": Invitation(
            translate("Canvas", "Draw a digit or a number here"),
            translate("Canvas", "Draw a digit or a number here with the mouse, a finger or a pen."),
        ),
        "letters": Invitation(
            translate("Canvas", "Draw a letter or a word here"),
            translate("Canvas", "Draw a letter or a word here with the mouse, a finger or a pen."),
        ),
        "characters": Invitation(
            translate("Canvas", "Draw digits or letters here"),
            translate("Canvas", "Draw digits or letters here with the mouse, a finger or a pen."),
        ),
    }
    anything = Invitation(
        translate("Canvas", "Draw here"),
        translate("Canvas", "Draw here with the mouse, a finger or a pen."),
    )
    return (one if as_one else several).get(kind, anything)


def paint_invitation(painter: QPainter, sheet: QWidget, invited: Invitation) -> None:
    """What to do, and below in smaller letters what else can be done."""
    painter.setPen(quiet_text(sheet.palette()))
    area = QRectF(sheet.rect()).adjusted(16, 16, -16, -16)
    across = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.setFont(scaled(sheet.font(), 1.7))
    flags = int(across | Qt.AlignmentFlag.AlignVCenter)
    below = painter.boundingRect(area, flags, invited.text).bottom() + 8
    painter.drawText(area, flags, invited.text)
    if not invited.takes_pictures:
        return
    painter.setFont(sheet.font())
    area.setTop(below)
    flags = int(across | Qt.AlignmentFlag.AlignTop)
    painter.drawText(area, flags, translate("Canvas", "or open, drop or paste a picture"))


def paint_edge(painter: QPainter, sheet: QWidget, dirty: QRect, theme: Theme) -> None:
    """Round the sheet's corners and draw its outline, where that part is painted at all."""
    inset = int(CORNER)
    if sheet.rect().adjusted(inset, inset, -inset, -inset).contains(dirty):
        return
    outside, inside = QPainterPath(), QPainterPath()
    outside.addRect(sheet.rect().toRectF())
    inside.addRoundedRect(sheet.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
    ground = sheet.palette().color(QPalette.ColorRole.Window)
    painter.fillPath(outside.subtracted(inside), ground)
    focused = sheet.hasFocus() and sheet.window().isActiveWindow()
    painter.setPen(QPen(theme.accent if focused else theme.outline, 1.0))
    painter.drawPath(inside)


def extent(stroke: Stroke) -> QRectF:
    """The rectangle around the points of a stroke, in pad units."""
    (left, top), (right, bottom) = stroke.points.min(axis=0), stroke.points.max(axis=0)
    # A dot has an extent, too: Qt takes an empty rectangle to be nowhere.
    return QRectF(left, top, right - left, bottom - top).adjusted(-0.5, -0.5, 0.5, 0.5)


def pixels(area: QRectF) -> QRect:
    """The whole pixels that antialiased ink in a rectangle can touch."""
    return area.adjusted(-1.5, -1.5, 1.5, 1.5).toAlignedRect()


def ring(radius: float, ratio: float, colour: QColor) -> QCursor:
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
