"""How one column is painted: its name, its wall of maps, and bars for classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from digitpad.app.inside.cell.blocks.words import kind_name
from digitpad.app.inside.scale import colours, image_of
from digitpad.app.widgets.layout import elided, scaled, widest
from digitpad.app.widgets.numbers import probability, short_number
from digitpad.app.widgets.theme import mixed, quiet_text, theme_for
from digitpad.recognition.inside.layers import PROBABILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QWidget

    from digitpad.app.inside.layers.plan import Column
    from digitpad.recognition.inside.layers import Layer

_WIDEST_NAME = 40
"""Of a class beside its bar, in device-independent pixels."""


def small_font(widget: QWidget) -> QFont:
    """The font of sizes and names."""
    return scaled(widget.font(), 0.9)


def size_text(layer: Layer) -> str:
    """The size of a layer's output: "48 × 14 × 14", or "128"."""
    return " × ".join(map(str, layer.shape))


def wall_of(
    column: Column, values: NDArray[np.floating], limit: float, palette: QPalette
) -> QImage:
    """All maps of a layer side by side, a pixel for a cell, and one pixel between them.

    Args:
        column: of the layer.
        values: its output, in its shape.
        limit: the size that has the strongest colour.
        palette: of the widget.
    """
    window = palette.color(QPalette.ColorRole.Window)
    ground = window.red(), window.green(), window.blue()
    rgb = colours(values, limit, palette)
    count = column.rows * column.columns
    if not column.layer.has_maps:
        wall = np.empty((count, 3), np.uint8)
        wall[:] = ground
        wall[: len(rgb)] = rgb
        return image_of(wall.reshape(column.rows, column.columns, 3))
    channels, height, width = column.layer.shape
    wall = np.empty((count, height + 1, width + 1, 3), np.uint8)
    wall[:] = ground
    wall[:channels, :height, :width] = rgb
    tiled = wall.reshape(column.rows, column.columns, height + 1, width + 1, 3)
    tiled = tiled.transpose(0, 2, 1, 3, 4)
    return image_of(tiled.reshape(column.rows * (height + 1), column.columns * (width + 1), 3))


def paint_title(painter: QPainter, column: Column, widget: QWidget, room: float) -> None:
    """Paint the name and the size of a layer, or the strip of one that is folded."""
    layer, small, palette = column.layer, small_font(widget), widget.palette()
    text = palette.color(QPalette.ColorRole.WindowText)
    if column.is_folded:
        painter.save()
        painter.setPen(quiet_text(palette))
        painter.setFont(small)
        strip = QRectF(column.left, 0, column.width, room - 4)
        painter.fillRect(strip, mixed(text, palette.color(QPalette.ColorRole.Window), 0.94))
        painter.translate(strip.left(), strip.bottom())
        painter.rotate(-90)
        name = widget.tr("{layer}: {kind}").format(layer=layer.name, kind=kind_name(layer.kind))
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(0, 0, strip.height(), strip.width()), middle, name)
        painter.restore()
        return
    line = QFontMetricsF(small).height()
    painter.setFont(scaled(widget.font(), 0.95, bold=True))
    painter.setPen(text)
    painter.drawText(QPointF(column.left, line), layer.name)
    painter.setFont(small)
    painter.setPen(quiet_text(palette))
    size = elided(size_text(layer), small, column.width + 10)
    painter.drawText(QPointF(column.left, 2 * line), size)


def paint_bars(
    painter: QPainter,
    column: Column,
    widget: QWidget,
    values: NDArray[np.floating],
    limit: float,
    classes: tuple[str, ...],
) -> None:
    """Paint logits or probabilities as bars with the names of the classes."""
    values = np.nan_to_num(values)
    theme, small = theme_for(widget.palette()), small_font(widget)
    best = int(np.argmax(values))
    is_signed = column.layer.name != PROBABILITIES
    names = min(widest(classes, scaled(small, bold=True)), _WIDEST_NAME)
    texts = widest(["> 99.9 %"], scaled(small, bold=True)) + 4
    middle = Qt.AlignmentFlag.AlignVCenter
    for number, name in enumerate(classes):
        row = column.map_rect(number)
        font = scaled(small, bold=number == best)
        painter.setFont(font)
        painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText))
        text = elided(name, font, _WIDEST_NAME + 1)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, text)
        value = float(values[number])
        said = short_number(value) if is_signed else probability(value)
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, said)
        track = row.adjusted(names + 6, row.height() / 3, -texts - 4, -row.height() / 3)
        painter.fillRect(track, theme.track)
        zero = track.center().x() if is_signed else track.left()
        reach = track.width() / (2 if is_signed else 1) * min(max(value / limit, -1), 1)
        bar = QRectF(zero, track.top(), reach, track.height()).normalized()
        levels = colours(np.array([value]), limit, widget.palette())[0]
        strong = QColor(*map(int, levels)) if is_signed else theme.accent
        painter.fillRect(bar, strong)
