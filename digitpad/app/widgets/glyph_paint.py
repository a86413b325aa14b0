"""Glyphs of one size in rows: each at the same integer scale of device pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from digitpad.app.widgets.glyph_view import grey_image
from digitpad.ink.glyph import FIELD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget


def glyph_side(about: float, ratio: float) -> float:
    """Side of a glyph whose pixels are whole device pixels, in device-independent pixels.

    Args:
        about: the side wished for, in device-independent pixels; at least one device pixel for
            each of the glyph's is given.
        ratio: device pixels for each of those.
    """
    return max(round(about * ratio / FIELD), 1) * FIELD / ratio


def glyph_rect(corner: QPointF, side: float, widget: QWidget) -> QRectF:
    """A square of this side that begins on a whole device pixel of the widget's window."""
    ratio = widget.devicePixelRatioF()
    origin = widget.mapTo(widget.window(), QPointF(0, 0))
    left = round((corner.x() + origin.x()) * ratio) / ratio - origin.x()
    top = round((corner.y() + origin.y()) * ratio) / ratio - origin.y()
    return QRectF(left, top, side, side)


def paint_glyph(painter: QPainter, square: QRectF, glyph: NDArray[np.uint8]) -> None:
    """Paint a glyph, uint8 (28, 28), pixel by pixel: white ink on black, as it is."""
    # Lists paint with smooth enlargement.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(square, grey_image(glyph))
