"""The row of tools under the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QWidget

from digitpad.app.widgets.controls import flat_button, key_text
from digitpad.settings import PEN_WIDTHS

if TYPE_CHECKING:
    from digitpad.app.pad.actions import PadActions

_STEP = 10
_ICON = 22


class ToolRow(QWidget):
    """Buttons for the actions that are needed most, and the width of the pen.

    Signals:
        pen_width_changed: chosen with the slider or the keys, in pad units.
    """

    pen_width_changed = Signal(float)

    def __init__(self, actions: PadActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for action in (actions.pen, actions.eraser):
            row.addWidget(flat_button(action, _ICON))
        row.addWidget(_line())
        label = QLabel(self.tr("&Width"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        low, high = PEN_WIDTHS
        self.slider.setRange(int(low), int(high))
        self.slider.setSingleStep(_STEP // 2)
        self.slider.setPageStep(2 * _STEP)
        self.slider.setMinimumWidth(60)
        self.slider.setMaximumWidth(180)
        self.slider.setAccessibleName(self.tr("Width of the pen"))
        self.slider.setToolTip(
            self.tr(
                "Width of the pen ({thinner} and {thicker}); the answer does not depend on it"
            ).format(thinner=key_text(actions.thinner), thicker=key_text(actions.thicker))
        )
        self.slider.valueChanged.connect(lambda value: self.pen_width_changed.emit(float(value)))
        label.setBuddy(self.slider)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addStretch(1)
        for action in (actions.undo, actions.redo, actions.clear):
            row.addWidget(flat_button(action, _ICON))
        row.addWidget(_line())
        row.addWidget(flat_button(actions.stages, _ICON))
        actions.thinner.triggered.connect(lambda: self.set_pen_width(self.slider.value() - _STEP))
        actions.thicker.triggered.connect(lambda: self.set_pen_width(self.slider.value() + _STEP))

    def set_pen_width(self, width: float) -> None:
        """Show a width in pad units."""
        self.slider.setValue(round(width))


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line
