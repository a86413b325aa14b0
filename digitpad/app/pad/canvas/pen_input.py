"""Mouse, touch and tablet events as one thing: a pen that goes down, moves, and is lifted.

Platforms send the same stroke of a tablet or a finger a second time, as mouse events, before,
amidst or after the real ones. The device that says more wins: while a pen or a finger is down,
and for a moment after, mouse events are the echo of it.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)

ECHO_MS = 300
"""How long after the last event of a pen or a finger a mouse button counts as its echo."""

_Type = QEvent.Type
_PRESSES = {_Type.MouseButtonPress, _Type.MouseButtonDblClick}
_MOUSE = {*_PRESSES, _Type.MouseMove, _Type.MouseButtonRelease}
_TABLET = {_Type.TabletPress, _Type.TabletMove, _Type.TabletRelease}
_TOUCH = {_Type.TouchBegin, _Type.TouchUpdate, _Type.TouchEnd, _Type.TouchCancel}
_ECHOING = {
    QInputDevice.DeviceType.TouchScreen,
    QInputDevice.DeviceType.Stylus,
    QInputDevice.DeviceType.Puck,
    QInputDevice.DeviceType.Airbrush,
}


class PenTarget(Protocol):
    """Who draws. Positions are in the widget's own pixels, pressures in [0, 1]."""

    def pen_down(self, position: QPointF, pressure: float, *, erases: bool) -> None:
        """A stroke begins; `erases` for an eraser's tip or the second mouse button."""

    def pen_move(self, position: QPointF, pressure: float) -> None:
        """The stroke continues."""

    def pen_up(self) -> None:
        """The stroke is finished."""

    def pen_cancel(self) -> None:
        """The stroke is dropped."""


class PenInput:
    """Turns pointer events into calls of a `PenTarget`, one stroke for one gesture."""

    def __init__(self, target: PenTarget) -> None:
        self._target = target
        self._device: str | None = None
        self._button = Qt.MouseButton.NoButton
        self._finger = -1
        self._pen_time_ms: int | None = None

    def handle(self, event: QEvent) -> bool:
        """Take an event of the widget; says whether it was a pointer's, and accepts it then."""
        kind = event.type()
        if kind in _TABLET and isinstance(event, QTabletEvent):
            self._tablet(event)
        elif kind in _TOUCH and isinstance(event, QTouchEvent):
            if event.pointingDevice().type() == QInputDevice.DeviceType.TouchPad:
                return False  # fingers on a touch pad move the pointer: that is a mouse
            self._touch(event)
        elif kind in _MOUSE and isinstance(event, QMouseEvent):
            self._mouse(event)
        else:
            return False
        event.accept()
        return True

    def abort(self) -> None:
        """Forget the stroke that is being drawn; the rest of its gesture draws nothing."""
        if self._device is not None:
            self._device = None
            self._target.pen_cancel()

    def finish(self) -> None:
        """End the stroke that is being drawn as it is; the rest of its gesture draws nothing."""
        if self._device is not None:
            self._device = None
            self._target.pen_up()

    def _begin(
        self, device: str, position: QPointF, pressure: float = 1.0, *, erases: bool = False
    ) -> None:
        self.abort()
        self._device = device
        self._target.pen_down(position, pressure, erases=erases)

    def _tablet(self, event: QTabletEvent) -> None:
        self._pen_time_ms = event.timestamp()
        device = event.pointingDevice()
        measures = device.hasCapability(QInputDevice.Capability.Pressure)
        pressure = min(max(event.pressure(), 0.0), 1.0) if measures else 1.0
        position = event.position()
        if event.type() == _Type.TabletPress:
            if self._device == "tablet" and event.button() != self._button:
                return  # a button of the pen, pressed while its tip is down
            self._finish_lost("tablet")
            erases = device.pointerType() == QPointingDevice.PointerType.Eraser
            erases = erases or event.button() == Qt.MouseButton.RightButton
            self._button = event.button()
            self._begin("tablet", position, pressure, erases=erases)
        elif self._device == "tablet":
            if event.type() == _Type.TabletMove:
                self._target.pen_move(position, pressure)
            elif event.button() == self._button:
                # The pressure of a lifted pen is 0: the stroke ends as strong as it was.
                self.finish()

    def _touch(self, event: QTouchEvent) -> None:
        self._pen_time_ms = event.timestamp()
        if event.type() == _Type.TouchCancel:
            if self._device == "touch":
                self.abort()
            return
        for point in event.points():
            if point.state() == QEventPoint.State.Pressed and self._device in {None, "mouse"}:
                self._finger = point.id()
                self._begin("touch", point.position())
            elif self._device != "touch" or point.id() != self._finger:
                continue  # a second finger, or a palm
            else:
                self._target.pen_move(point.position(), 1.0)
                if point.state() == QEventPoint.State.Released:
                    self.finish()

    def _mouse(self, event: QMouseEvent) -> None:
        if event.type() in _PRESSES:
            button = event.button()
            if button == self._button:
                self._finish_lost("mouse")
            known = button in {Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton}
            if self._device is None and known and not self._is_echo(event):
                self._button = button
                erases = button == Qt.MouseButton.RightButton
                self._begin("mouse", event.position(), erases=erases)
        elif self._device == "mouse" and (
            event.type() == _Type.MouseMove or event.button() == self._button
        ):
            self._target.pen_move(event.position(), 1.0)
            if event.type() == _Type.MouseButtonRelease:
                self.finish()

    def _finish_lost(self, device: str) -> None:
        """Before a device is pressed again: it was lifted over a menu or a dialog, unseen here."""
        if self._device == device:
            self.finish()

    def _is_echo(self, event: QMouseEvent) -> bool:
        device = event.pointingDevice().type()
        if device != QInputDevice.DeviceType.Mouse or self._pen_time_ms is None:
            return device in _ECHOING
        return abs(event.timestamp() - self._pen_time_ms) < ECHO_MS
