"""Pointer events as devices send them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest

NO_KEYS = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
NONE = Qt.MouseButton.NoButton


def mouse_down(canvas, x, y, button=LEFT):
    QTest.mousePress(canvas, button, NO_KEYS, QPointF(x, y).toPoint())


def mouse_move(canvas, x, y):
    QTest.mouseMove(canvas, QPointF(x, y).toPoint())


def mouse_up(canvas, x, y, button=LEFT):
    QTest.mouseRelease(canvas, button, NO_KEYS, QPointF(x, y).toPoint())


def mouse_stroke(canvas, points, button=LEFT):
    mouse_down(canvas, *points[0], button)
    for point in points[1:]:
        mouse_move(canvas, *point)
    mouse_up(canvas, *points[-1], button)


class Mouse:
    """A mouse whose events carry chosen times and device."""

    def __init__(self, canvas, device=None):
        self.canvas = canvas
        self.device = device or QPointingDevice.primaryPointingDevice()

    def send(self, kind, x, y, time_ms, button=LEFT):
        pressed = NONE if kind == QEvent.Type.MouseButtonRelease else button
        changed = NONE if kind == QEvent.Type.MouseMove else button
        local = QPointF(x, y)
        place = self.canvas.mapToGlobal(local)
        event = QMouseEvent(kind, local, place, changed, pressed, NO_KEYS, self.device)
        event.setTimestamp(time_ms)
        QCoreApplication.sendEvent(self.canvas, event)

    def stroke(self, points, time_ms):
        self.send(QEvent.Type.MouseButtonPress, *points[0], time_ms)
        for point in points[1:]:
            self.send(QEvent.Type.MouseMove, *point, time_ms)
        self.send(QEvent.Type.MouseButtonRelease, *points[-1], time_ms)


class Tablet:
    """A pen tablet; the tip can be the eraser's."""

    def __init__(self, canvas, *, eraser=False, pressure=True):
        self.canvas = canvas
        capabilities = QInputDevice.Capability.Position
        if pressure:
            capabilities |= QInputDevice.Capability.Pressure
        tip = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
        self.device = QPointingDevice(
            "test tablet", 4711 + eraser, QInputDevice.DeviceType.Stylus, tip, capabilities, 1, 3
        )

    def send(self, kind, x, y, pressure=0.5, time_ms=0):
        pressed = NONE if kind == QEvent.Type.TabletRelease else LEFT
        changed = NONE if kind == QEvent.Type.TabletMove else LEFT
        local = QPointF(x, y)
        place = self.canvas.mapToGlobal(local)
        event = QTabletEvent(
            kind, self.device, local, place, pressure, 0, 0, 0, 0, 0, NO_KEYS, changed, pressed
        )
        event.setTimestamp(time_ms)
        QCoreApplication.sendEvent(self.canvas, event)
        return event

    def down(self, x, y, pressure=0.5, time_ms=0):
        return self.send(QEvent.Type.TabletPress, x, y, pressure, time_ms)

    def move(self, x, y, pressure=0.5, time_ms=0):
        return self.send(QEvent.Type.TabletMove, x, y, pressure, time_ms)

    def up(self, x, y, time_ms=0):
        return self.send(QEvent.Type.TabletRelease, x, y, 0.0, time_ms)

    def stroke(self, points, pressures, time_ms=0):
        self.down(*points[0], pressures[0], time_ms)
        for point, pressure in zip(points[1:], pressures[1:], strict=True):
            self.move(*point, pressure, time_ms)
        self.up(*points[-1], time_ms)
