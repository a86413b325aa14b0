"""Glyphs, pixel by pixel: white ink on black, at an integer scale of device pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.theme import theme_for
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

_SMALLEST, _USUAL, _LARGEST = 3, 5, 7
"""Scale of the glyph in device-independent pixels: at least, by preference, and at most."""


def grey_image(levels: NDArray[np.uint8]) -> QImage:
    """Levels, uint8 (h, w), as Qt's image, a copy."""
    height, width = levels.shape
    grey = QImage.Format.Format_Grayscale8
    return QImage(levels.tobytes(), width, height, width, grey).copy()


def pixel_rect(count: int, area: QRectF, ratio: float, origin: QPointF) -> QRectF:
    """The largest square in an area that shows count x count pixels at an integer scale.

    It is at the bottom of the area, next to its caption, in the middle of its width, and begins on
    a whole device pixel of the window, where the widget has its origin. Lengths are in
    device-independent pixels, with so many (`ratio`) device pixels for each.
    """
    side = min(area.width(), area.height()) * ratio
    side = max(int(side) // count, 1) * count / ratio
    corner = QPointF(area.left() + (area.width() - side) / 2, area.bottom() - side)
    return _snapped(corner, side, ratio, origin)


def glyph_side(about: float, ratio: float) -> float:
    """Side of a glyph about as large as wished for, whose pixels are whole device pixels.

    Both sides are in device-independent pixels, with so many (`ratio`) device pixels for each.
    """
    return max(round(about * ratio / FIELD), 1) * FIELD / ratio


def glyph_rect(corner: QPointF, side: float, widget: QWidget) -> QRectF:
    """A square of this side that begins on a whole device pixel of the widget's window."""
    origin = widget.mapTo(widget.window(), QPointF(0, 0))
    return _snapped(corner, side, widget.devicePixelRatioF(), origin)


def _snapped(corner: QPointF, side: float, ratio: float, origin: QPointF) -> QRectF:
    left = round((corner.x() + origin.x()) * ratio) / ratio - origin.x()
    top = round((corner.y() + origin.y()) * ratio) / ratio - origin.y()
    return QRectF(left, top, side, side)


def paint_glyph(painter: QPainter, square: QRectF, glyph: NDArray[np.uint8]) -> None:
    """Paint a glyph, uint8 (28, 28), pixel by pixel."""
    # Lists paint with smooth enlargement.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(square, grey_image(glyph))


class GlyphView(QWidget):
    """Shows one glyph, or an empty frame of its size."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: bytes | None = None
        self._image: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # The smallest scale at which pixels can be distinguished.
        self.setMinimumSize(FIELD * _SMALLEST + 2, FIELD * _SMALLEST + 2)
        self.setAccessibleName(self.tr("What the network sees"))

    def show_glyph(self, glyph: NDArray[np.uint8] | None) -> None:
        """Show a glyph, uint8 (28, 28), or that there is none."""
        levels = None if glyph is None else glyph.tobytes()
        if levels == self._levels:
            return  # the last points of a stroke often change nothing
        self._levels = levels
        # Enlarged many times faster in the screen's own format.
        self._image = (
            None if glyph is None else grey_image(glyph).convertToFormat(QImage.Format.Format_RGB32)
        )
        self.update()

    def sizeHint(self) -> QSize:
        """The usual scale."""
        return QSize(FIELD * _USUAL + 2, FIELD * _USUAL + 2)

    def heightForWidth(self, width: int) -> int:
        """Just the height of the glyph at the largest scale that the width allows."""
        scale = min(max((width - 2) // FIELD, _SMALLEST), _LARGEST)
        return FIELD * scale + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """The glyph or nothing, in its frame."""
        painter = QPainter(self)
        theme = theme_for(self.palette())
        origin = self.mapTo(self.window(), QPointF(0, 0))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        field = pixel_rect(FIELD, area, self.devicePixelRatioF(), origin)
        if self._image is None:
            painter.fillRect(field, theme.track)
        else:
            painter.drawImage(field, self._image)
        painter.setPen(QPen(theme.outline, 1))
        painter.drawRect(field.adjusted(-0.5, -0.5, 0.5, 0.5))
