"""The glyph, coloured by what each of its pixels speaks for; arrow keys walk over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.inside.arrows import ARROWS
from digitpad.app.inside.scale import colours, image_of
from digitpad.app.widgets.glyph import pixel_rect
from digitpad.app.widgets.theme import paint_focus_ring, theme_for
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

SMALLEST, USUAL, LARGEST = 150, 230, 440
"""Least, preferred and largest sides of a picture, in device-independent pixels."""

_HALF = 128
"""Level from which on a pixel lies within the outline of the ink."""


class SquarePicture(QWidget):
    """A picture whose pixels are those of a glyph: a square, of a size at which it can be read."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Room for pixels that can be told apart, and pointed at."""
        return QSize(USUAL, USUAL)

    def minimumSizeHint(self) -> QSize:
        """Room for the smallest picture that can be read."""
        return QSize(SMALLEST, SMALLEST)

    def heightForWidth(self, width: int) -> int:
        """It is a square, up to a size."""
        return min(width, LARGEST)

    @property
    def field(self) -> QRectF:
        """The largest square at its top in which pixels of a glyph are whole pixels."""
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        area.setHeight(min(area.width(), area.height()))
        origin = self.mapTo(self.window(), QPointF(0, 0))
        return pixel_rect(FIELD, area, self.devicePixelRatioF(), origin)


class PixelPicture(SquarePicture):
    """The 28 by 28 pixels of a glyph in the colours of their values, and the outline of the ink.

    Signals:
        pointed: row and column of the pixel that is pointed at, or None.
    """

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._glyph: NDArray[np.uint8] | None = None
        self._values = np.zeros((FIELD, FIELD))
        self._limit = 1.0
        self._place: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The glyph, coloured by what its pixels speak for"))
        self.setToolTip(self.tr("Point at a pixel, or walk with the arrow keys, to read its value"))

    @property
    def place(self) -> tuple[int, int] | None:
        """Row and column of the pixel that is pointed at."""
        return self._place

    def show_values(
        self, glyph: NDArray[np.uint8], values: NDArray[np.float64], limit: float
    ) -> None:
        """Show a glyph.

        Args:
            glyph: uint8 (28, 28).
            values: float64 (28, 28), of its pixels.
            limit: the size of a value, above 0, that has the strongest colour.
        """
        self._glyph, self._values, self._limit = glyph, values, limit
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pixels, the outline of the ink, and the pixel that is pointed at."""
        painter = QPainter(self)
        theme = theme_for(self.palette())
        field = self.field
        painter.drawImage(field, image_of(colours(self._values, self._limit, self.palette())))
        cell = field.width() / FIELD
        painter.setPen(QPen(theme.ink, 1))
        if self._glyph is not None:
            painter.drawLines(_outline(self._glyph >= _HALF, field.topLeft(), cell))
        painter.setPen(QPen(theme.outline, 1))
        painter.drawRect(field)
        if self._place is not None:
            row, column = self._place
            corner = field.topLeft() + QPointF(column, row) * cell
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRect(QRectF(corner.x(), corner.y(), cell, cell))
        paint_focus_ring(painter, self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the pixel beneath the mouse."""
        field = self.field
        place = (event.position() - field.topLeft()) * FIELD / field.width()
        row, column = int(np.floor(place.y())), int(np.floor(place.x()))
        is_within = 0 <= row < FIELD and 0 <= column < FIELD
        self._point((row, column) if is_within else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from pixel to pixel."""
        way = ARROWS.get(Qt.Key(event.key()))
        if way is None:
            if event.key() == Qt.Key.Key_Escape and self._place is not None:
                self._point(None)
            else:
                super().keyPressEvent(event)
            return
        row, column = self._place or (FIELD // 2, FIELD // 2)
        self._point(
            (
                min(max(row + way[0], 0), FIELD - 1),
                min(max(column + way[1], 0), FIELD - 1),
            )
        )

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing."""
        super().focusOutEvent(event)
        self._point(None)

    def _point(self, place: tuple[int, int] | None) -> None:
        if place != self._place:
            self._place = place
            self.pointed.emit(place)
            self.update()


def _outline(inside: NDArray[np.bool_], corner: QPointF, cell: float) -> list[QPointF]:
    """The edges between what is inside and what is not, as pairs of points."""
    padded = np.pad(inside, 1)
    points: list[QPointF] = []
    for row, column in np.argwhere(padded[:, 1:] != padded[:, :-1]).tolist():
        # Between two pixels of a row: an upright edge.
        x, y = column * cell, (row - 1) * cell
        points += [corner + QPointF(x, y), corner + QPointF(x, y + cell)]
    for row, column in np.argwhere(padded[1:] != padded[:-1]).tolist():
        x, y = (column - 1) * cell, row * cell
        points += [corner + QPointF(x, y), corner + QPointF(x + cell, y)]
    return points
