"""From an explanation to the blocks that show it, and to where most of its value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from digitpad.app.inside.cell.blocks import convolution, features, steps
from digitpad.app.inside.cell.blocks.block import Formula, Text
from digitpad.app.inside.cell.blocks.features import feature_cell
from digitpad.app.inside.cell.blocks.scene import pixels
from digitpad.recognition.inside import cell_kinds as kinds
from digitpad.recognition.inside.cell import explain
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from digitpad.app.inside.cell.blocks.block import Block
    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.cell_kinds import Explanation
    from digitpad.recognition.inside.inside import Silent

_BLOCKS: Mapping[type, Callable[[Scene, Any], list[Block]]] = {
    kinds.Level: steps.level,
    kinds.Silenced: steps.silenced,
    kinds.Normalised: steps.normalised,
    kinds.Convolved: convolution.convolved,
    kinds.BatchNormalised: steps.batch_normalised,
    kinds.Applied: steps.applied,
    kinds.Moved: steps.moved,
    kinds.Pooled: steps.pooled,
    kinds.Added: steps.added,
    kinds.Weighted: features.weighted,
    kinds.WithLessons: features.with_lessons,
    kinds.Softmaxed: steps.softmaxed,
}


def blocks_of(scene: Scene, found: Explanation) -> list[Block]:
    """All that is shown of a cell, from top to bottom."""
    blocks = _BLOCKS[type(found)](scene, found)
    return [*blocks, pixels(scene, found.cell)]


def in_words(blocks: Iterable[Block]) -> str:
    """What blocks say without their grids and pictures, a line each."""
    lines = []
    for block in blocks:
        if isinstance(block, Text):
            lines.append(block.text)
        elif isinstance(block, Formula):
            lines += [block.text, block.numbers]
    return "\n".join(line for line in lines if line)


def strongest_source(scene: Scene, found: Explanation) -> Cell | None:
    """The cell that contributes most to a cell; None where nothing goes into it.

    Where all contribute 0, it is one in the middle.
    """
    if isinstance(found, kinds.Convolved):
        return _strongest_of_window(scene, found)
    if isinstance(found, kinds.Pooled):
        row, column = found.winner or divmod(
            int(np.abs(found.values).argmax()), found.values.shape[1]
        )
        window = found.window
        return Cell(found.source, (window.channels[0], window.rows[row], window.columns[column]))
    if isinstance(found, kinds.Weighted):
        return feature_cell(found, int(np.abs(found.products).argmax()))
    if isinstance(found, kinds.Added):
        is_kept = abs(found.kept_value) >= abs(found.change_value)
        return found.kept if is_kept else found.change
    if isinstance(found, kinds.Softmaxed):
        return Cell(found.source, found.cell.place)
    if isinstance(found, kinds.Level | kinds.Silenced):
        return None
    return found.source


def _strongest_of_window(scene: Scene, found: kinds.Convolved) -> Cell:
    _, height, width = scene.inside.layer(found.source).shape
    rows, columns = len(found.window.rows), len(found.window.columns)
    sizes: NDArray[np.float64] = np.abs(found.products)
    for row, column in np.ndindex(rows, columns):
        place = found.window.rows[row], found.window.columns[column]
        if place[0] not in range(height) or place[1] not in range(width):
            sizes[:, row, column] = -1.0  # padding is no cell
    best = int(sizes.argmax())
    if sizes.max() == 0:
        # Of equals the one in the middle, which is a cell, wherever the window is.
        best = rows // 2 * columns + columns // 2
    channel, row, column = (int(number) for number in np.unravel_index(best, sizes.shape))
    return Cell(found.source, (channel, found.window.rows[row], found.window.columns[column]))


def way_to_pixel(scene: Scene, cell: Cell, silent: Silent) -> list[Cell]:
    """The strongest source of a cell, the strongest one of that, and so on to a pixel.

    Args:
        scene: the network at work.
        cell: where the way begins; it is not part of the result.
        silent: the channels that are switched off; the way ends there.
    """
    way: list[Cell] = []
    while True:
        found = explain(scene.inside, scene.values, cell, silent)
        source = strongest_source(scene, found)
        if source is None:
            return way
        way.append(source)
        cell = source


def kind_of(scene: Scene, found: Explanation) -> str:
    """What a cell is shown as: the kind of its layer, or "silent"."""
    if isinstance(found, kinds.Silenced):
        return "silent"
    return scene.inside.layer(found.cell.layer).kind
