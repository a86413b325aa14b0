"""Where each layer, each map and each cell is painted: columns from left to right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from digitpad.recognition.inside.fields import Region
    from digitpad.recognition.inside.layers import Layer

FOLDED_AT_FIRST = frozenset({"dropout", "flatten", "crop"})
"""Kinds of layers that only let values pass while a network is used."""

GAP = 14.0
"""Between two columns, in device-independent pixels, as all lengths here."""

_FOLDED_WIDTH = 22.0
_LEAST_WIDTH = 84.0
_BARS_WIDTH = 150.0
_MAP_SIDE, _ONE_MAP_SIDE = 34.0, 112.0
"""About how large a map is painted among many, and where it is the only one."""

_FEATURE_SIDE = 9.0
_MOST_ROWS = 60
_BAR = 20.0


@dataclass(frozen=True, slots=True)
class Column:
    """A layer with its place.

    Attributes:
        layer: the layer.
        left: where it begins.
        width: of all that belongs to it.
        top: where its maps begin, below its name.
        scale: side of a cell.
        rows: of the wall of maps, or of features.
        columns: likewise.
        is_folded: whether only its name is shown.
        has_bars: whether its features have names, and are shown as bars.
    """

    layer: Layer
    left: float
    width: float
    top: float
    scale: float
    rows: int
    columns: int
    is_folded: bool = False
    has_bars: bool = False

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    @property
    def step(self) -> tuple[float, float]:
        """From one map, or feature, to the one below it and the one beside it."""
        if self.has_bars:
            return self.scale, self.width
        if not self.layer.has_maps:
            return self.scale, self.scale
        _, height, width = self.layer.shape
        return (height + 1) * self.scale, (width + 1) * self.scale

    @property
    def bottom(self) -> float:
        """Where its maps end."""
        return self.top + self.rows * self.step[0]

    def map_rect(self, channel: int) -> QRectF:
        """The place of a map, or of a feature."""
        down, across = self.step
        row, column = divmod(channel, self.columns)
        corner = QPointF(self.left + column * across, self.top + row * down)
        if self.has_bars:
            return QRectF(corner.x(), corner.y(), self.width, self.scale - 2)
        if not self.layer.has_maps:
            return QRectF(corner.x(), corner.y(), self.scale - 1, self.scale - 1)
        _, height, width = self.layer.shape
        return QRectF(corner.x(), corner.y(), width * self.scale, height * self.scale)

    def cell_rect(self, place: Sequence[int]) -> QRectF:
        """The place of a cell."""
        whole = self.map_rect(place[0])
        if not self.layer.has_maps:
            return whole
        side = self.scale
        return QRectF(whole.left() + place[2] * side, whole.top() + place[1] * side, side, side)

    def region_rects(self, region: Region) -> list[QRectF]:
        """Frames around a region: in each of its maps one, or around all of its features."""
        if not self.layer.has_maps:
            if len(region.channels) == 1:
                return [self.map_rect(region.channels[0])]
            rects = [self.map_rect(channel) for channel in region.channels]
            frame = rects[0]
            for rect in rects[1:]:
                frame = frame.united(rect)
            return [frame]
        first, last = (
            (region.rows[0], region.columns[0]),
            (region.rows[-1], region.columns[-1]),
        )
        return [
            self.cell_rect((channel, *first)).united(self.cell_rect((channel, *last)))
            for channel in region.channels
        ]

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell at a point; None where there is none."""
        if self.is_folded or not self.left <= point.x() < self.right:
            return None
        down, across = self.step
        row, y = divmod(point.y() - self.top, down)
        column, x = divmod(point.x() - self.left, across)
        channel = int(row) * self.columns + int(column)
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return None
        place: tuple[int, ...] = (channel,)
        if self.layer.has_maps:
            place = (channel, int(y // self.scale), int(x // self.scale))
        return Cell(self.layer.name, place) if self.layer.contains(place) else None


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of all layers, by their names, and the room that they take."""

    columns: Mapping[str, Column]
    width: float
    height: float

    def column_at(self, x: float) -> Column | None:
        """The column at this distance from the left."""
        found = (one for one in self.columns.values() if one.left <= x < one.right)
        return next(found, None)

    def cell_at(self, point: QPointF) -> Cell | None:
        """The cell at a point; None where there is none."""
        column = self.column_at(point.x())
        return None if column is None else column.cell_at(point)


def make_plan(
    layers: Sequence[Layer], height: float, title: float, folded: Collection[str], named: int
) -> Plan:
    """Place the layers.

    Args:
        layers: from left to right.
        height: there is about so much room; columns of many maps are as high at most.
        title: height of the names above the maps.
        folded: names of layers that are not opened.
        named: number of classes: as many features are shown as bars, if they are the last ones.
    """
    columns: dict[str, Column] = {}
    left = 2.0
    room = max(height - title, 2 * _MAP_SIDE)
    for number, layer in enumerate(layers):
        is_last = number >= len(layers) - 2 or layer.kind == "lessons" or _is_logit(layers, number)
        if layer.name in folded:
            column = Column(layer, left, _FOLDED_WIDTH, title, 1.0, 0, 1, is_folded=True)
        elif layer.has_maps:
            column = _of_maps(layer, left, title, room)
        elif is_last and layer.shape == (named,):
            column = Column(layer, left, _BARS_WIDTH, title, _BAR, named, 1, has_bars=True)
        else:
            column = _of_features(layer, left, title, room)
        columns[layer.name] = column
        left = column.right + GAP
    bottom = max(one.bottom for one in columns.values())
    return Plan(columns, left, max(bottom + 4, height))


def _is_logit(layers: Sequence[Layer], number: int) -> bool:
    """Whether the next layer has lessons, which are added to the logits."""
    return number + 1 < len(layers) and layers[number + 1].kind == "lessons"


def _of_maps(layer: Layer, left: float, top: float, room: float) -> Column:
    count, height, width = layer.shape
    side = max(height, width)
    wanted = _ONE_MAP_SIDE if count == 1 else _MAP_SIDE
    scale = float(min(max(round(wanted / side), 1), 8))
    rows = max(int(room // ((height + 1) * scale)), 1)
    columns = math.ceil(count / rows)
    # Even columns look better than a full one and a rest.
    rows = math.ceil(count / columns)
    return Column(
        layer, left, max(columns * (width + 1) * scale, _LEAST_WIDTH), top, scale, rows, columns
    )


def _of_features(layer: Layer, left: float, top: float, room: float) -> Column:
    (count,) = layer.shape
    rows = min(max(int(room // _FEATURE_SIDE), 1), _MOST_ROWS)
    columns = math.ceil(count / rows)
    rows = math.ceil(count / columns)
    width = max(columns * _FEATURE_SIDE, _LEAST_WIDTH)
    return Column(layer, left, width, top, _FEATURE_SIDE, rows, columns)
