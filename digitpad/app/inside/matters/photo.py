"""The symbol in a picture, with the colours of what its pixels speak for over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from digitpad.app.inside.matters.pixels import SquarePicture
from digitpad.app.inside.scale import colours
from digitpad.app.widgets.theme import theme_for
from digitpad.ink.glyph import BOX, FIELD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent

    from digitpad.ink.photo.preprocessing import PictureStages

_OPAQUE = 217
"""How opaque, of 255, the strongest colour is: the ink beneath is still to be seen."""


class PhotoPicture(SquarePicture):
    """What of a picture became the glyph, and over it the colours."""

    def __init__(self) -> None:
        super().__init__()
        self._picture, self._over = QImage(), QImage()
        self._source = QRectF()
        self.setAccessibleName(self.tr("Your picture, coloured by what its pixels speak for"))

    def show_values(self, stages: PictureStages, values: NDArray[np.float64], limit: float) -> None:
        """Show a picture.

        Args:
            stages: of its preprocessing.
            values: float64 (28, 28), of the pixels of the glyph.
            limit: the size of a value, above 0, that has the strongest colour.
        """
        height, width = stages.original.shape[:2]
        rgb = QImage.Format.Format_RGB888
        self._picture = QImage(stages.original.tobytes(), width, height, 3 * width, rgb).copy()
        self._source = field_in_picture(stages)
        strength = np.clip(np.abs(values) / limit, 0.0, 1.0) * _OPAQUE
        rgba = np.dstack((colours(values, limit, self.palette()), strength.astype(np.uint8)))
        form = QImage.Format.Format_RGBA8888
        self._over = QImage(rgba.tobytes(), FIELD, FIELD, 4 * FIELD, form).copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and the colours."""
        painter = QPainter(self)
        theme = theme_for(self.palette())
        field = self.field
        painter.fillRect(field, theme.track)
        painter.save()
        painter.setClipRect(field)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = field.width() / max(self._source.width(), 1.0)
        whole = QRectF(
            field.left() - self._source.left() * scale,
            field.top() - self._source.top() * scale,
            self._picture.width() * scale,
            self._picture.height() * scale,
        )
        painter.drawImage(whole, self._picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(field, self._over)
        painter.restore()
        painter.setPen(QPen(theme.outline, 1))
        painter.drawRect(field)


def field_in_picture(stages: PictureStages) -> QRectF:
    """Where the 28 by 28 pixels of the glyph lie in a picture, in its pixels."""
    left, top, right, bottom = stages.bounds
    longer = max(right - left, bottom - top)
    pixel = longer / BOX
    columns, rows = (max(round(side / pixel), 1) for side in (right - left, bottom - top))
    # The box holds a whole number of columns and rows, centred.
    shift_x, shift_y = stages.boxed.shift
    return QRectF(
        left - ((BOX - columns) // 2 + shift_x) * pixel,
        top - ((BOX - rows) // 2 + shift_y) * pixel,
        FIELD * pixel,
        FIELD * pixel,
    )
