"""Small pictures of drawings, as the pad shows its ink."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap

from digitpad.app.pad.canvas.painting import ink_bounds, paint_drawing

if TYPE_CHECKING:
    from digitpad.app.widgets.theme import Theme
    from digitpad.ink.drawing import Drawing
    from digitpad.samples.sample import Sample

_MARGIN = 0.1
"""Room left free on each side, as a share of the side."""

_WIDEST_INK = 0.14
"""Ink is enlarged to at most this share of the side: a dot stays a dot."""

_MOST = 4000
"""Number of pictures that are kept: about 64 MB where they are 64 pixels wide."""

_BUDGET_S = 0.008
"""Seconds that painting new pictures may take at once: half of a frame."""


def paint_fitted(
    painter: QPainter, room: QRectF, drawing: Drawing, theme: Theme, whole: Drawing | None = None
) -> None:
    """Paint a drawing in the middle of some room, as large as it fits.

    Args:
        painter: in device-independent pixels.
        room: a square.
        drawing: its strokes or its picture.
        theme: gives the colour of the ink.
        whole: what it is a part of, so that it lies where it lies in the whole.
    """
    whole = drawing if whole is None else whole
    bounds = ink_bounds(whole)
    if bounds.isEmpty():
        return
    free = room.width() * (1 - 2 * _MARGIN)
    scale = free / max(bounds.width(), bounds.height())
    if whole.strokes:
        ink = max(stroke.width for stroke in whole.strokes)
        scale = min(scale, _WIDEST_INK * room.width() / ink)
    painter.save()
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.translate(-bounds.center())
    paint_drawing(painter, drawing, theme)
    painter.restore()


class Pictures:
    """Pictures of samples, each painted when it is first needed and then kept.

    A drawing is never changed, so a sample's number is enough to know its picture.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Drawing, QPixmap]] = {}
        self._form: object = None
        self._until = math.inf

    def prepare(self, side: float, ratio: float, theme: Theme) -> None:
        """Begin a repaint with pictures of this side; others are forgotten.

        Args:
            side: in device-independent pixels.
            ratio: device pixels for each of them.
            theme: gives the colour of the ink.
        """
        form = side, ratio, theme
        if form != self._form:
            self._form = form
            self._kept.clear()
        self._side, self._ratio, self._theme = side, ratio, theme
        self._until = time.perf_counter() + _BUDGET_S

    def picture(self, sample: Sample) -> QPixmap | None:
        """The picture of a sample; None where the time for this repaint is used up."""
        kept = self._kept.get(sample.id)
        if kept is not None and kept[0] is sample.drawing:
            return kept[1]
        if time.perf_counter() > self._until:
            return None
        side = math.ceil(self._side * self._ratio)
        pixmap = QPixmap(QSize(side, side))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        room = QRectF(0, 0, side / self._ratio, side / self._ratio)
        if sample.drawing.picture is not None:
            corners = QPainterPath()
            corners.addRoundedRect(room, 6, 6)
            painter.setClipPath(corners)
        paint_fitted(painter, room, sample.drawing, self._theme)
        painter.end()
        while len(self._kept) >= _MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[sample.id] = sample.drawing, pixmap
        return pixmap
