"""One drawing, large, and how it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.samples.strokes import Playback
from digitpad.app.samples.wall.pictures import paint_fitted
from digitpad.app.widgets.theme import CORNER, ground_painter, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from digitpad.ink.drawing import Drawing

_SMALLEST, _USUAL = 84, 208
"""Sides in device-independent pixels."""


class Player(QWidget):
    """A sheet with a drawing as large as it fits; a click plays its strokes.

    Attributes:
        drawing: what is shown; None for an empty sheet.

    Signals:
        played: to the end.
    """

    played = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.drawing: Drawing | None = None
        self._part: Drawing | None = None
        self._playback: Playback | None = None
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_value)
        self._animation.finished.connect(self._on_finished)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(_SMALLEST, _SMALLEST)
        self.setAccessibleName(self.tr("The drawing, enlarged"))

    @property
    def is_playing(self) -> bool:
        """Whether strokes are being played."""
        return self._animation.state() == QVariantAnimation.State.Running

    @property
    def can_play(self) -> bool:
        """Whether there are strokes: a picture has none."""
        return self.drawing is not None and bool(self.drawing.strokes)

    def show_drawing(self, drawing: Drawing | None) -> None:
        """Show a drawing; None empties the sheet. The same one goes on playing."""
        if drawing is self.drawing:
            return
        self._animation.stop()
        self.drawing, self._part, self._playback = drawing, drawing, None
        self.update()

    @Slot()
    def play(self) -> None:
        """Play the strokes from the beginning."""
        if self.drawing is None or not self.can_play:
            return
        self._animation.stop()
        self._playback = Playback(self.drawing)
        self._animation.setDuration(self._playback.duration_ms)
        self._animation.start()

    @Slot(object)
    def _on_value(self, share: float) -> None:
        if self._playback is not None:
            self._part = self._playback.at(share)
            self.update()

    @Slot()
    def _on_finished(self) -> None:
        self._part = self.drawing
        self.update()
        self.played.emit()

    def sizeHint(self) -> QSize:
        """Generous."""
        return QSize(_USUAL, _USUAL)

    def heightForWidth(self, width: int) -> int:
        """As high as wide."""
        return max(width, _SMALLEST)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play."""
        self.play()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet and what of the drawing has been played."""
        theme = theme_for(self.palette())
        painter = ground_painter(self, QPen(theme.outline, 1), theme.paper, CORNER)
        if self.drawing is None or self._part is None:
            return
        side = min(self.width(), self.height())
        corner = QPointF((self.width() - side) / 2, (self.height() - side) / 2)
        room = QRectF(corner.x(), corner.y(), side, side).adjusted(2, 2, -2, -2)
        paint_fitted(painter, room, self._part, theme, self.drawing)
