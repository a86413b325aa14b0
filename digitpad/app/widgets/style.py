"""The style of the window's controls: Fusion, with outlines that can be seen.

Fusion's own outlines are darker than the ground: on a dark one, their contrast is only 1.1 : 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleOptionComplex

from digitpad.app.widgets.theme import theme_for

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOption, QWidget

_CORNER = 2.0

_FRAMES = {QStyle.PrimitiveElement.PE_FrameLineEdit, QStyle.PrimitiveElement.PE_IndicatorCheckBox}
_BOXES = {QStyle.ComplexControl.CC_ComboBox, QStyle.ComplexControl.CC_SpinBox}
_GROUNDS = {
    QStyle.ControlElement.CE_PushButtonBevel,
    QStyle.ControlElement.CE_ProgressBarGroove,
}


class OutlinedStyle(QProxyStyle):
    """Fusion with an outline around each control, with a contrast of at least 3 : 1."""

    def __init__(self) -> None:
        super().__init__("fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Outline text fields, check boxes and radio buttons."""
        super().drawPrimitive(element, option, painter, widget)
        if element in _FRAMES:
            _outline(painter, option, QRectF(option.rect))
        elif element == QStyle.PrimitiveElement.PE_IndicatorRadioButton:
            _outline(painter, option, QRectF(option.rect), is_round=True)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Outline buttons and progress bars."""
        super().drawControl(element, option, painter, widget)
        if element in _GROUNDS:
            _outline(painter, option, QRectF(option.rect))

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Outline lists of choices, number fields, and the handles of sliders."""
        super().drawComplexControl(control, option, painter, widget)
        if control in _BOXES:
            _outline(painter, option, QRectF(option.rect))
        elif control == QStyle.ComplexControl.CC_Slider and widget is not None:
            handle = QStyle.SubControl.SC_SliderHandle
            place = self.subControlRect(control, option, handle, widget)
            _outline(painter, option, QRectF(place).adjusted(1, 1, -1, -1))


def _outline(
    painter: QPainter, option: QStyleOption, place: QRectF, *, is_round: bool = False
) -> None:
    theme = theme_for(option.palette)
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent if focused else theme.muted, 1))
    place = place.adjusted(0.5, 0.5, -0.5, -0.5)
    if is_round:
        painter.drawEllipse(place)
    else:
        painter.drawRoundedRect(place, _CORNER, _CORNER)
    painter.restore()


def outline_controls() -> None:
    """Replace the style Fusion by this one. Any other style, such as a system's own, stays."""
    if QApplication.style().name() == "fusion":
        QApplication.setStyle(OutlinedStyle())
