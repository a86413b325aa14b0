"""The cell to which a key leads from another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from digitpad.app.inside.arrows import ARROWS
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from digitpad.recognition.inside.inside import Inside
    from digitpad.recognition.inside.layers import Layer

_KEYS = Qt.Key
_MAPS = {_KEYS.Key_PageUp: -1, _KEYS.Key_PageDown: 1}


def cell_after(
    cell: Cell, event: QKeyEvent, inside: Inside, opened: Sequence[Layer]
) -> Cell | None:
    """The cell that a key leads to; None for a key that leads nowhere.

    Arrows lead to the cell beside, Page Up and Page Down to the same cell of the map before and
    after, and with Ctrl left and right to the layer before and after. At an edge the cell stays.

    Args:
        cell: where one is.
        event: the key.
        inside: the network.
        opened: the layers that have cells to go to, in order.
    """
    key, layer = Qt.Key(event.key()), inside.layer(cell.layer)
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        if key in (_KEYS.Key_Left, _KEYS.Key_Right):
            return _beside(layer, cell, 1 if key == _KEYS.Key_Right else -1, opened)
        return None
    channel, *rest = cell.place
    if key in _MAPS or (key in ARROWS and not layer.has_maps):
        by = _MAPS[key] if key in _MAPS else sum(ARROWS[key])
        channel = min(max(channel + by, 0), layer.shape[0] - 1)
    elif key in ARROWS:
        rest = [
            min(max(index + by, 0), size - 1)
            for index, by, size in zip(rest, ARROWS[key], layer.shape[1:], strict=True)
        ]
    else:
        return None
    return Cell(cell.layer, (channel, *rest))


def _beside(layer: Layer, cell: Cell, by: int, opened: Sequence[Layer]) -> Cell:
    """The cell of the next layer that is open, at about the same place."""
    number = opened.index(layer) + by if layer in opened else 0
    if not 0 <= number < len(opened):
        return cell
    other = opened[number]
    channel = min(cell.place[0], other.shape[0] - 1)
    if not other.has_maps:
        return Cell(other.name, (channel,))
    if not layer.has_maps:
        return Cell(other.name, (channel, other.shape[1] // 2, other.shape[2] // 2))
    sizes = zip(cell.place[1:], other.shape[1:], layer.shape[1:], strict=True)
    return Cell(other.name, (channel, *(index * size // old for index, size, old in sizes)))
