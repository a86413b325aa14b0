"""Where the pad's units lie in a widget, and the finished ink painted there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform

from digitpad.app.pad.canvas.ink_shape import InkShape
from digitpad.ink.curve import curve_bounds

if TYPE_CHECKING:
    from digitpad.app.widgets.theme import Theme
    from digitpad.ink.drawing import Drawing, Stroke
    from digitpad.ink.picture import Picture

SIDE = 1000.0
"""The shorter side of the pad in pad units; the origin is the pad's centre."""

MARGIN = 12.0
"""Paper around ink for which the scale is made smaller, in pad units."""

PICTURE_SIDE = 880.0
"""Longer side of a picture on the pad, in pad units."""


def pad_transform(size: QSizeF, drawing: Drawing) -> QTransform:
    """From pad units to a widget's device-independent pixels, so that all of the drawing is seen.

    Where its ink would lie outside of the size, not empty, the scale is smaller.
    """
    scale = min(size.width(), size.height()) / SIDE
    bounds = ink_bounds(drawing)
    if not bounds.isEmpty():
        reach_x = max(-bounds.left(), bounds.right())
        reach_y = max(-bounds.top(), bounds.bottom())
        if size.width() / 2 < scale * reach_x or size.height() / 2 < scale * reach_y:
            fit_x = size.width() / 2 / (reach_x + MARGIN)
            scale = min(scale, fit_x, size.height() / 2 / (reach_y + MARGIN))
    return QTransform(scale, 0, 0, scale, size.width() / 2, size.height() / 2)


def ink_bounds(drawing: Drawing) -> QRectF:
    """The rectangle in pad units that holds all ink or the picture; empty without either."""
    bounds = QRectF() if drawing.picture is None else picture_rect(drawing.picture)
    for stroke in drawing.strokes:
        low, high = curve_bounds(stroke.points)
        reach = stroke.width / 2
        bounds |= QRectF(QPointF(*(low - reach).tolist()), QPointF(*(high + reach).tolist()))
    return bounds


def picture_rect(picture: Picture) -> QRectF:
    """Where a picture lies on the pad, in pad units."""
    height, width = picture.pixels.shape[:2]
    scale = PICTURE_SIDE / max(width, height)
    return QRectF(-width * scale / 2, -height * scale / 2, width * scale, height * scale)


def picture_image(picture: Picture) -> QImage:
    """A picture as Qt's image, a copy."""
    pixels = picture.pixels
    height, width = pixels.shape[:2]
    rgba = QImage.Format.Format_RGBA8888
    return QImage(pixels.tobytes(), width, height, 4 * width, rgba).copy()


def _picture_ground(picture: Picture) -> QColor | None:
    """What to lay behind a picture with transparent parts, so that its ink is seen; else None."""
    opaque = picture.pixels[..., 3] > 127
    if opaque.all():
        return None
    ink = picture.pixels[..., :3][opaque]
    return QColor("black" if len(ink) and np.median(ink, axis=0).mean() >= 128 else "white")


def paint_drawing(painter: QPainter, drawing: Drawing, theme: Theme) -> None:
    """Paint a drawing with a painter that works in pad units."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if drawing.picture is not None:
        target = picture_rect(drawing.picture)
        ground = _picture_ground(drawing.picture)
        if ground is not None:
            painter.fillRect(target, ground)
        # Painting shrinks by two-tap interpolation: shrink well first, to the pixels needed.
        image = picture_image(drawing.picture)
        needed = painter.combinedTransform().mapRect(target).size().toSize()
        if 0 < needed.width() < image.width():
            image = image.scaled(
                needed,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        painter.drawImage(target, image)
    for stroke in drawing.strokes:
        InkShape.of(stroke).paint(painter, theme.ink)


class InkLayer:
    """The finished part of a drawing as pixels, at the screen's own resolution."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._transform = QTransform()
        self._drawing: Drawing | None = None
        self._expected: tuple[Stroke, InkShape] | None = None

    def expect(self, stroke: Stroke, shape: InkShape) -> None:
        """Know the shape of a stroke that will be added: it was just made under the pen."""
        self._expected = stroke, shape

    def invalidate(self) -> None:
        """Forget the pixels: size, resolution or colours are others."""
        self._drawing = None

    def pixmap(
        self, drawing: Drawing, size: QSize, ratio: float, transform: QTransform, theme: Theme
    ) -> QPixmap:
        """The drawing on paper.

        Args:
            drawing: painted anew only as far as it differs from the last one.
            size: in device-independent pixels.
            ratio: device pixels for each of them.
            transform: from pad units to device-independent pixels.
            theme: for paper and ink.
        """
        device_size = QSize(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        known, old = self._drawing, self._pixmap
        form = device_size, ratio, transform
        if known is None or form != (old.size(), old.devicePixelRatio(), self._transform):
            self._pixmap = QPixmap(device_size)
            self._pixmap.setDevicePixelRatio(ratio)
            self._transform = QTransform(transform)
            known = None
        if drawing is known:
            return self._pixmap
        added = None if known is None else _added(known, drawing)
        if added is None:
            self._pixmap.fill(theme.paper)
        painter = QPainter(self._pixmap)
        painter.setTransform(transform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if added is None:
            paint_drawing(painter, drawing, theme)
        elif self._expected is not None and self._expected[0] is added:
            self._expected[1].paint(painter, theme.ink)
        else:
            InkShape.of(added).paint(painter, theme.ink)
        painter.end()
        self._drawing, self._expected = drawing, None
        return self._pixmap


def _added(old: Drawing, new: Drawing) -> Stroke | None:
    """The one stroke by which a drawing grew, else None."""
    grew = old.picture is None and len(new.strokes) == len(old.strokes) + 1
    same = all(a is b for a, b in zip(old.strokes, new.strokes, strict=False))
    return new.strokes[-1] if grew and same else None


def to_pad(transform: QTransform, position: QPointF) -> tuple[float, float]:
    """A position of the widget in pad units."""
    inverse, _ = transform.inverted()
    point = inverse.map(position)
    return point.x(), point.y()
