"""Painting of glyphs, white ink on black: each of their pixels is a square of whole pixels."""

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
"""Least, preferred and largest scale of a glyph, in device-independent pixels."""


def grey_image(levels: NDArray[np.uint8]) -> QImage:
    """A copy of levels, uint8 (h, w), as an image of Qt's."""
    height, width = levels.shape
    grey = QImage.Format.Format_Grayscale8
    return QImage(levels.tobytes(), width, height, width, grey).copy()


def pixel_rect(count: int, area: QRectF, ratio: float, origin: QPointF) -> QRectF:
    """The largest square in an area that shows count x count pixels at an integer scale.

    It is centred, at the bottom of the area, near its caption. It begins on a whole device pixel of
    the window. Lengths are in device-independent pixels.

    Args:
        count: pixels along a side.
        area: of the widget.
        ratio: device pixels for each device-independent pixel.
        origin: of the widget in the window.
    """
    side = min(area.width(), area.height()) * ratio
    side = max(int(side) // count, 1) * count / ratio
    corner = QPointF(area.left() + (area.width() - side) / 2, area.bottom() - side)
    return _snapped(corner, side, ratio, origin)


def glyph_side(about: float, ratio: float) -> float:
    """The side nearest to a wanted one at which a glyph's pixels are whole device pixels.

    Args:
        about: the wanted side, in device-independent pixels, as the result.
        ratio: device pixels for each device-independent pixel.
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
    # The painters of lists enlarge smoothly.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(square, grey_image(glyph))


class GlyphView(QWidget):
    """Shows a glyph in a frame, or an empty frame."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: bytes | None = None
        self._image: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # At a smaller scale pixels could not be distinguished.
        self.setMinimumSize(FIELD * _SMALLEST + 2, FIELD * _SMALLEST + 2)
        self.setAccessibleName(self.tr("What the network sees"))

    def show_glyph(self, glyph: NDArray[np.uint8] | None) -> None:
        """Show a glyph, uint8 (28, 28), or an empty frame for None."""
        levels = None if glyph is None else glyph.tobytes()
        if levels == self._levels:
            return  # the last points of a stroke often change nothing
        self._levels = levels
        # In the format of the screen it is enlarged many times faster.
        self._image = (
            None if glyph is None else grey_image(glyph).convertToFormat(QImage.Format.Format_RGB32)
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the preferred scale."""
        return QSize(FIELD * _USUAL + 2, FIELD * _USUAL + 2)

    def heightForWidth(self, width: int) -> int:
        """Height of the glyph at the largest scale for this width."""
        scale = min(max((width - 2) // FIELD, _SMALLEST), _LARGEST)
        return FIELD * scale + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the glyph, if there is one, and its frame."""
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
