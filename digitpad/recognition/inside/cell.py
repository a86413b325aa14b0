"""One cell of a layer, exactly: the numbers that it is computed from, in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import nn

from digitpad.recognition.inside.cell_kinds import (
    Added,
    Applied,
    BatchNormalised,
    Convolved,
    Level,
    Moved,
    Normalised,
    Pooled,
    Silenced,
    Softmaxed,
    Weighted,
    WithLessons,
)
from digitpad.recognition.inside.fields import Cell, place_before_flatten, window
from digitpad.recognition.inside.inside import NONE_SILENT
from digitpad.recognition.inside.layers import GLYPH, INPUT, LESSONS, PROBABILITIES
from digitpad.recognition.layers import Crop, FlattenMaps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from digitpad.recognition.inside.cell_kinds import Explanation
    from digitpad.recognition.inside.inside import Inside, Silent
    from digitpad.recognition.inside.layers import Layer


def explain(
    inside: Inside,
    values: Mapping[str, NDArray[np.float64]],
    cell: Cell,
    silent: Silent = NONE_SILENT,
) -> Explanation:
    """How a cell is computed.

    Args:
        inside: the network.
        values: of all layers, by `Inside.exact`.
        cell: the cell.
        silent: the channels that were switched off there.

    Raises:
        KeyError: there is no such layer.
        IndexError: the layer has no such cell.
    """
    layer = inside.layer(cell.layer)
    if not layer.contains(cell.place):
        raise IndexError("there is no such cell")
    if (cell.layer, cell.place[0]) in silent:
        return Silenced(cell)
    return _Explained(inside, values, layer, cell).explanation()


class _Explained:
    """What is known about a cell, and the explanation by the kind of its layer."""

    def __init__(
        self,
        inside: Inside,
        values: Mapping[str, NDArray[np.float64]],
        layer: Layer,
        cell: Cell,
    ) -> None:
        self._inside = inside
        self._values = values
        self._layer = layer
        self._cell = cell
        self._module = inside.module(layer.name)

    def explanation(self) -> Explanation:
        special: Mapping[str, Callable[[], Explanation]] = {
            GLYPH: self._level,
            INPUT: self._normalised,
            LESSONS: self._with_lessons,
            PROBABILITIES: self._softmaxed,
        }
        if self._layer.name in special:
            return special[self._layer.name]()
        module = self._module
        if module is None:
            return self._added()
        if isinstance(module, nn.Conv2d):
            return self._convolved(module)
        if isinstance(module, nn.BatchNorm2d):
            return self._batch_normalised(module)
        if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
            return self._pooled(is_mean=isinstance(module, nn.AvgPool2d))
        if isinstance(module, nn.Linear):
            return self._weighted(module)
        if isinstance(module, Crop | nn.Flatten | FlattenMaps | nn.Dropout | nn.Dropout2d):
            return self._moved(module)
        return self._applied()

    @property
    def _source(self) -> str:
        return self._layer.inputs[0]

    def _at(self, cell: Cell) -> float:
        return float(self._values[cell.layer][cell.place])

    def _same_place(self, number: int = 0) -> Cell:
        """The cell in the same place of an input."""
        return Cell(self._layer.inputs[number], self._cell.place)

    def _level(self) -> Level:
        return Level(self._cell, self._at(self._cell))

    def _normalised(self) -> Normalised:
        source, normalisation = self._same_place(), self._inside.info.normalisation
        level, mean, deviation = self._at(source), normalisation.mean, normalisation.std
        value = (level / 255 - mean) / deviation
        return Normalised(self._cell, source, level, mean, deviation, value)

    def _convolved(self, module: nn.Conv2d) -> Convolved:
        region = window(self._inside, self._cell, self._source)
        maps = self._values[self._source]
        patch = np.zeros((len(region.channels), len(region.rows), len(region.columns)))
        inner_rows, rows = _within(region.rows, maps.shape[1])
        inner_columns, columns = _within(region.columns, maps.shape[2])
        patch[:, inner_rows, inner_columns] = maps[:, rows, columns]
        kernel = module.weight[self._cell.place[0]].detach().numpy()
        bias = 0.0 if module.bias is None else module.bias[self._cell.place[0]].item()
        value = float((patch * kernel).sum()) + bias
        has_bias = module.bias is not None
        return Convolved(self._cell, self._source, region, patch, kernel, bias, has_bias, value)

    def _batch_normalised(self, module: nn.BatchNorm2d) -> BatchNormalised:
        source, channel = self._same_place(), self._cell.place[0]
        taken = self._at(source)
        mean, variance = (
            module.get_buffer(name)[channel].item() for name in ("running_mean", "running_var")
        )
        weight, bias = module.weight[channel].item(), module.bias[channel].item()
        scaled = (taken - mean) / float(np.sqrt(variance + module.eps))
        value = scaled * weight + bias
        return BatchNormalised(
            self._cell, source, taken, mean, variance, module.eps, weight, bias, value
        )

    def _pooled(self, *, is_mean: bool) -> Pooled:
        region = window(self._inside, self._cell, self._source)
        maps = self._values[self._source][self._cell.place[0]]
        # The windows of all networks lie within the maps.
        values = maps[
            region.rows.start : region.rows.stop, region.columns.start : region.columns.stop
        ]
        if is_mean:
            return Pooled(self._cell, self._source, region, values, None, float(values.mean()))
        row, column = divmod(int(values.argmax()), values.shape[1])
        largest = float(values[row, column])
        return Pooled(self._cell, self._source, region, values, (row, column), largest)

    def _added(self) -> Added:
        kept, change = self._same_place(0), self._same_place(1)
        values = self._at(kept), self._at(change)
        return Added(self._cell, kept, change, *values, sum(values))

    def _moved(self, module: nn.Module) -> Moved:
        if isinstance(module, nn.Flatten | FlattenMaps):
            maps = self._inside.layer(self._source)
            place = place_before_flatten(module, maps, self._cell.place[0])
        elif isinstance(module, Crop):
            channel, row, column = self._cell.place
            place = channel, row + module.border, column + module.border
        else:
            place = self._cell.place
        source = Cell(self._source, place)
        return Moved(self._cell, source, self._layer.kind, self._at(source))

    def _weighted(self, module: nn.Linear) -> Weighted:
        (number,) = self._cell.place
        features, weights = self._values[self._source], module.weight[number].detach().numpy()
        bias = 0.0 if module.bias is None else module.bias[number].item()
        maps, places = self._maps_of_features()
        return Weighted(
            self._cell,
            self._source,
            features,
            weights,
            bias,
            module.bias is not None,
            maps,
            places,
            float((features * weights).sum()) + bias,
        )

    def _maps_of_features(self) -> tuple[str | None, NDArray[np.intp] | None]:
        """The layer with maps that the features are of, and where each of them lies in it."""
        layer = self._inside.layer(self._source)
        while isinstance(self._inside.module(layer.name), nn.Dropout):
            layer = self._inside.layer(layer.inputs[0])
        module = self._inside.module(layer.name)
        if not isinstance(module, nn.Flatten | FlattenMaps):
            return None, None
        maps = self._inside.layer(layer.inputs[0])
        numbers = range(layer.shape[0])
        places = np.array([place_before_flatten(module, maps, number) for number in numbers])
        while isinstance(self._inside.module(maps.name), nn.Dropout2d):
            maps = self._inside.layer(maps.inputs[0])
        return maps.name, places

    def _with_lessons(self) -> WithLessons:
        source = self._same_place()
        nearness, effects = self._inside.lesson_effects(self._values)
        of_class = effects[:, self._cell.place[0]]
        taken = self._at(source)
        value = taken + float((nearness * of_class).sum())
        return WithLessons(self._cell, source, taken, nearness, of_class, value)

    def _softmaxed(self) -> Softmaxed:
        logits, temperature = self._values[self._source], self._inside.temperature
        powers = np.exp((logits - logits.max()) / temperature)
        value = float(powers[self._cell.place[0]] / powers.sum())
        return Softmaxed(self._cell, self._source, logits, temperature, value)

    def _applied(self) -> Applied:
        source = self._same_place()
        taken = self._at(source)
        with torch.inference_mode():
            module = cast("nn.Module", self._module)
            value = module(torch.tensor([[taken]], dtype=torch.float64)).item()
        return Applied(self._cell, source, self._layer.kind, taken, value)


def _within(indices: range, size: int) -> tuple[slice, slice]:
    """What of a window is no padding: within the window, and within maps of this size."""
    start, stop = max(indices.start, 0), min(indices.stop, size)
    return slice(start - indices.start, stop - indices.start), slice(start, stop)
