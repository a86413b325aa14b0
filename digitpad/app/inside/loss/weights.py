"""The weights of a layer as one picture, and the gradient of the loss beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from digitpad.app.inside.scale import colours, image_of, limit_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QImage, QPaintEvent

    from digitpad.app.inside.scale import ScaleLegend

_NOTHING = 1e-9

_WIDEST_ROW = 64
"""Weights of a fully connected layer that stand in one row of the block of an output."""


def tiled(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of a layer in one rectangle, with NaN in the gaps.

    Args:
        weights: of a convolution, (out, in, rows, columns): a row of kernels for each output map
            and a column for each input map, or where there is one input a grid of kernels. Of a
            fully connected layer, (out, in): a block for each output, in a grid.

    Returns:
        float64 (height, width), each weight once.
    """
    if weights.ndim == 2:
        outputs, inputs = weights.shape
        width = min(_WIDEST_ROW, math.ceil(math.sqrt(inputs)))
        height = math.ceil(inputs / width)
        blocks = np.full((outputs, height * width), np.nan)
        blocks[:, :inputs] = weights
        return _grid(blocks.reshape(outputs, height, width))
    outputs, inputs, height, width = weights.shape
    if inputs == 1:
        return _grid(weights[:, 0])
    spaced = np.full((outputs, inputs, height + 1, width + 1), np.nan)
    spaced[:, :, :height, :width] = weights
    rows = spaced.transpose(0, 2, 1, 3)
    return rows.reshape(outputs * (height + 1), inputs * (width + 1))[:-1, :-1]


def _grid(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Blocks (n, height, width) in rows, with gaps of one cell."""
    count, height, width = blocks.shape
    across = math.ceil(math.sqrt(count * height / width))
    down = math.ceil(count / across)
    spaced = np.full((down * across, height + 1, width + 1), np.nan)
    spaced[:count, :height, :width] = blocks
    rows = spaced.reshape(down, across, height + 1, width + 1).transpose(0, 2, 1, 3)
    return rows.reshape(down * (height + 1), across * (width + 1))[:-1, :-1]


class WeightsPicture(QWidget):
    """A picture of weights, or of what belongs to each of them, as large as it fits."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._tiles: NDArray[np.float64] | None = None
        self._limit = 1.0
        self._image: QImage | None = None
        self.setMinimumSize(110, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def show_weights(self, weights: NDArray[np.float64], limit: float) -> None:
        """Show weights as `tiled` takes them; this size has the strongest colour."""
        self._tiles, self._limit, self._image = tiled(weights), limit, None
        self.update()

    def sizeHint(self) -> QSize:
        """Room for small kernels."""
        return QSize(180, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the weights; each is a square where there is room for that."""
        if self._tiles is None:
            return
        if self._image is None:
            rgb = colours(self._tiles, self._limit, self.palette())
            ground = self.palette().color(QPalette.ColorRole.Window)
            rgb[np.isnan(self._tiles)] = ground.red(), ground.green(), ground.blue()
            self._image = image_of(rgb)
        painter = QPainter(self)
        height, width = self._tiles.shape
        scale = min(self.width() / width, self.height() / height)
        if scale > 1:
            scale = min(math.floor(scale), 12)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=scale < 1)
        painter.drawImage(QRectF(0, 0, width * scale, height * scale), self._image)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another palette."""
        super().changeEvent(event)
        self._image = None


def show_with_scale(
    picture: WeightsPicture, legend: ScaleLegend, values: NDArray[np.float64]
) -> None:
    """Show weights, and how large they are. What is next to nothing is shown as nothing."""
    limit = limit_of(values) if limit_of(values) > _NOTHING else 1.0
    picture.show_weights(values, limit)
    legend.show_limit(limit, signed=True)
