"""Which cells of the layers before it a cell depends on: its receptive field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from torch import nn

from digitpad.recognition.inside.layers import LESSONS, PROBABILITIES
from digitpad.recognition.layers import Crop, FlattenMaps

if TYPE_CHECKING:
    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.inside.layers import Layer, Place


class Cell(NamedTuple):
    """One value in the output of a layer.

    Attributes:
        layer: its name.
        place: channel, row and column, or the number of a feature.
    """

    layer: str
    place: Place


@dataclass(frozen=True, slots=True)
class Region:
    """A block of cells: ranges of channels, rows and columns.

    Features are channels with a single row and column each.
    """

    channels: range
    rows: range = range(1)
    columns: range = range(1)

    def joined(self, other: Region) -> Region:
        """The smallest region with both."""
        return Region(
            _joined(self.channels, other.channels),
            _joined(self.rows, other.rows),
            _joined(self.columns, other.columns),
        )

    def contains(self, place: Place) -> bool:
        """Whether a cell lies in it."""
        channel, row, column = place if len(place) == 3 else (*place, 0, 0)
        return channel in self.channels and row in self.rows and column in self.columns


def region_of(place: Place) -> Region:
    """The region that is one cell."""
    return Region(*(range(index, index + 1) for index in place))


def whole(layer: Layer) -> Region:
    """All cells of a layer."""
    return Region(*map(range, layer.shape))


def receptive_fields(inside: Inside, cell: Cell) -> dict[str, Region]:
    """The smallest blocks of cells, in each layer before it, on which a cell depends.

    Where a layer goes two ways, as around a residual sequence, the block has both.

    Args:
        inside: the network.
        cell: the cell.

    Returns:
        By the names of layers, in order; the cell's own layer has the cell alone.

    Raises:
        KeyError: there is no such layer.
        IndexError: the layer has no such cell.
    """
    if not inside.layer(cell.layer).contains(cell.place):
        raise IndexError("there is no such cell")
    found = {cell.layer: region_of(cell.place)}
    for layer in reversed(inside.layers):
        if layer.name not in found:
            continue
        for name in layer.inputs:
            seen = _before(inside, layer, found[layer.name], inside.layer(name))
            found[name] = found[name].joined(seen) if name in found else seen
    return {layer.name: found[layer.name] for layer in inside.layers if layer.name in found}


def window(inside: Inside, cell: Cell, source: str) -> Region:
    """The block of cells of one of its inputs that a cell takes, with what is in the padding.

    Args:
        inside: the network.
        cell: of a convolution or a pooling layer.
        source: the name of the input.
    """
    channels = range(inside.layer(source).shape[0])
    module = inside.module(cell.layer)
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        channels = range(cell.place[0], cell.place[0] + 1)
    elif not isinstance(module, nn.Conv2d):
        raise TypeError("a layer with windows is expected")
    rows, columns = (
        _window(range(index, index + 1), *_geometry(module, axis))
        for axis, index in enumerate(cell.place[1:])
    )
    return Region(channels, rows, columns)


def _before(inside: Inside, layer: Layer, region: Region, source: Layer) -> Region:
    """What of the output of one of its inputs a region of a layer depends on."""
    module = inside.module(layer.name)
    if isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        _, height, width = source.shape
        is_sum = isinstance(module, nn.Conv2d)
        return Region(
            range(source.shape[0]) if is_sum else region.channels,
            _clipped(_window(region.rows, *_geometry(module, 0)), height),
            _clipped(_window(region.columns, *_geometry(module, 1)), width),
        )
    if isinstance(module, Crop):
        border = module.border
        return Region(region.channels, _moved(region.rows, border), _moved(region.columns, border))
    if isinstance(module, nn.Flatten | FlattenMaps):
        if len(region.channels) > 1:
            return whole(source)
        return region_of(place_before_flatten(module, source, region.channels[0]))
    # A softmax divides by the sum of all.
    is_of_all = isinstance(module, nn.Linear) or layer.name in (LESSONS, PROBABILITIES)
    is_logit = layer.name == LESSONS and source.name == layer.inputs[0]
    return whole(source) if is_of_all and not is_logit else region


def place_before_flatten(module: nn.Module | None, source: Layer, number: int) -> Place:
    """The cell of maps that becomes this feature.

    Args:
        module: a layer that makes maps features.
        source: the layer with the maps.
        number: of the feature.
    """
    channels, height, width = source.shape
    if isinstance(module, FlattenMaps):
        pixel, channel = divmod(number, channels)
        return (channel, *divmod(pixel, width))
    channel, pixel = divmod(number, height * width)
    return (channel, *divmod(pixel, width))


def _geometry(module: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d, axis: int) -> tuple[int, int, int]:
    """Size, stride and padding of a layer's window along an axis."""
    size, stride, padding = (
        value if isinstance(value, int) else int(value[axis])
        for value in (module.kernel_size, module.stride, module.padding)
    )
    return size, stride, padding


def _window(indices: range, size: int, stride: int, padding: int) -> range:
    first = indices[0] * stride - padding
    return range(first, indices[-1] * stride - padding + size)


def _clipped(indices: range, size: int) -> range:
    return range(max(indices.start, 0), min(indices.stop, size))


def _moved(indices: range, by: int) -> range:
    return range(indices.start + by, indices.stop + by)


def _joined(first: range, second: range) -> range:
    return range(min(first.start, second.start), max(first.stop, second.stop))
