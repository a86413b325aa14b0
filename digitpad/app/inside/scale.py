"""Colours for values: a scale for what may be negative, one for what is not, and their legend.

Zero has the colour of the paper, so that only what is there is seen. Positive values are orange and
negative ones blue, which people who cannot tell red from green can tell apart; in a dark window the
strong colours are light.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.widgets.layout import scaled
from digitpad.app.widgets.numbers import short_number
from digitpad.app.widgets.theme import is_dark, quiet_text, smooth_painter, theme_for

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent, QPalette

_COLOURS = 256
_PLUS = {
    False: ("#ffffff", "#fdb366", "#d9690f", "#7a2f00"),
    True: ("#1a1c21", "#7a3c0c", "#e8862a", "#ffe0b8"),
}
_MINUS = {
    False: ("#ffffff", "#86b5ea", "#2465b8", "#0a2a5c"),
    True: ("#1a1c21", "#14416f", "#4a90e0", "#cfe5ff"),
}


def colours(values: NDArray[np.floating], limit: float, palette: QPalette) -> NDArray[np.uint8]:
    """Colours of values.

    Args:
        values: of any shape.
        limit: the size, above 0, that has the strongest colour, as larger ones have.
        palette: of the widget.

    Returns:
        Red, green and blue, uint8, of the same shape with a last axis of 3.
    """
    scale = (_COLOURS - 1) / limit if limit > 0 else 0.0
    # Of a network with enormous weights values are infinite, or overflow here.
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.clip(np.nan_to_num(values * scale), 1 - _COLOURS, _COLOURS - 1)
    numbers = np.rint(steps).astype(np.intp) + _COLOURS - 1
    found: NDArray[np.uint8] = _table(dark=is_dark(palette))[numbers]
    return found


def limit_of(values: NDArray[np.floating]) -> float:
    """The limit for `colours`: the size of the largest finite value, or 1 where all are 0."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0)) or 1.0


def image_of(rgb: NDArray[np.uint8]) -> QImage:
    """Red, green and blue, uint8 (height, width, 3), as an image of Qt's; it is a copy."""
    height, width, _ = rgb.shape
    whole = np.ascontiguousarray(rgb)
    image = QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    # In the format of the screen it is painted many times faster.
    return image.convertToFormat(QImage.Format.Format_RGB32)


@cache
def _table(*, dark: bool) -> NDArray[np.uint8]:
    """Colours from -1 to 1, (511, 3); the middle one is that of 0."""
    plus, minus = (_ramp(stops[dark]) for stops in (_PLUS, _MINUS))
    return np.concatenate([minus[:0:-1], plus])


def _ramp(stops: tuple[str, ...]) -> NDArray[np.uint8]:
    """From the first colour to the last, (256, 3)."""
    known = np.array([list(bytes.fromhex(stop[1:])) for stop in stops], float)
    places = np.linspace(0, 1, len(known))
    wanted = np.linspace(0, 1, _COLOURS)
    channels = [np.interp(wanted, places, known[:, channel]) for channel in range(3)]
    ramp: NDArray[np.uint8] = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    return ramp


class ScaleLegend(QWidget):
    """A strip with the colours from the smallest to the largest value."""

    def __init__(self) -> None:
        super().__init__()
        self._limit = 1.0
        self._signed = True
        self.setFont(scaled(self.font(), 0.9))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Colours of the values"))
        self.show_limit(1.0, signed=True)

    def show_limit(self, limit: float, *, signed: bool) -> None:
        """Show the scale up to a value, from 0 or from its negative."""
        self._limit, self._signed = limit, signed
        low = -limit if signed else 0.0
        self.setToolTip(
            self.tr("From {low} to {high}").format(low=short_number(low), high=short_number(limit))
        )
        self.setAccessibleDescription(self.toolTip())
        self.updateGeometry()
        self.update()

    def _ends(self) -> tuple[str, str]:
        return short_number(-self._limit if self._signed else 0.0), short_number(self._limit)

    def sizeHint(self) -> QSize:
        """Room for both numbers and a strip between them."""
        metrics = QFontMetricsF(self.font())
        texts = sum(metrics.horizontalAdvance(text) for text in self._ends())
        return QSize(round(texts) + 12 + 80, round(metrics.height()) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the numbers at both ends and the strip."""
        painter = smooth_painter(self)
        metrics = QFontMetricsF(self.font())
        low, high = self._ends()
        left, right = metrics.horizontalAdvance(low) + 6, metrics.horizontalAdvance(high) + 6
        painter.setPen(quiet_text(self.palette()))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | middle, low)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | middle, high)
        strip = QRectF(left, 3, self.width() - left - right, self.height() - 6)
        values = np.linspace(-1.0 if self._signed else 0.0, 1.0, _COLOURS)[None]
        painter.drawImage(strip, image_of(colours(values, 1.0, self.palette())))
        painter.setPen(theme_for(self.palette()).outline)
        painter.drawRect(strip)
