"""The blocks of a cell of a convolution: patch, kernel, products, and the sum over all maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.app.inside.cell.blocks.block import Flow, Formula, Grid, Mark, Switch, Text
from digitpad.app.inside.cell.blocks.scene import Line
from digitpad.app.inside.cell.blocks.sums import (
    bias_and_result,
    strongest_colour,
    sum_of,
    whole_sum,
)
from digitpad.app.inside.cell.blocks.words import (
    decimals_of,
    exact,
    products,
    translate,
    written_all,
)
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.app.inside.cell.blocks.block import Block, Spot
    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.cell_kinds import Convolved

    Array = NDArray[np.float64]

LARGEST_FIRST = "largest first"
"""The name of the switch that orders maps by their sums."""

_TERMS = 3
"""How many products a formula shows before its dots."""

_WIDE = 6
"""Columns from which on products have fewer digits, so that the grid is not too wide."""


def convolved(scene: Scene, found: Convolved) -> list[Block]:
    """Patch, kernel and products of one map in large, the sums of all maps, and the whole sum."""
    channels, height, width = found.kernel.shape
    sums = found.products.sum(axis=(1, 2))
    chosen = map_in_large(scene, found)
    blocks: list[Block] = [
        Text(_about_window(found, channels, height, width)),
        Formula(
            "convolution",
            "(I * K)(i, j) = Σ I(i + m, j + n) · K(m, n)",
            _plugged_in(found.patch[chosen], found.kernel[chosen], float(sums[chosen])),
        ),
    ]
    if channels > 1:
        blocks += _strip(scene, sums, chosen)
    blocks.append(Flow(_grids(scene, found, chosen)))
    lines = [Line(translate("Cell", "Sum of the products"), (float(sums[0]),))]
    if channels > 1:
        others = float(np.delete(sums, chosen).sum())
        lines = [
            Line(
                translate("Cell", "Map {map}, shown above").format(map=chosen + 1),
                (float(sums[chosen]),),
            ),
            Line(translate("Cell", "All other maps"), (others,)),
        ]
    lines += bias_and_result(found.bias, found.value, has_bias=found.has_bias)
    blocks.append(whole_sum(lines))
    if not found.has_bias:
        blocks.append(Text(translate("Cell", "This layer has no bias."), quiet=True))
    return blocks


def map_in_large(scene: Scene, found: Convolved) -> int:
    """The map whose patch is shown: the chosen one, or that which adds most."""
    chosen = scene.choices.channel
    if chosen is not None and chosen < len(found.kernel):
        return chosen
    return int(np.abs(found.products.sum(axis=(1, 2))).argmax())


def _about_window(found: Convolved, channels: int, height: int, width: int) -> str:
    if channels == 1:
        text = translate(
            "Cell",
            "A window of {height} × {width} lies on the map of {source}. Each value in it is"
            " multiplied by the weight in the same place of the kernel, a small table of weights"
            " that the network has learned, and all products are added.",
        )
    else:
        text = translate(
            "Cell",
            "A window of {height} × {width} lies on each of the {channels} maps of {source}. Each"
            " value in it is multiplied by the weight in the same place of the kernel, a table of"
            " weights that the network has learned, and all products are added.",
        )
    return text.format(height=height, width=width, channels=channels, source=found.source)


def _plugged_in(patch: Array, kernel: Array, total: float) -> str:
    """The first products that are not 0, and what they all give."""
    shown = [(row, column) for row, column in np.argwhere(patch * kernel)][:_TERMS]
    pairs = [(float(patch[spot]), float(kernel[spot])) for spot in shown]
    terms = products(pairs, (decimals_of(patch, 3), decimals_of(kernel, 3)))
    return sum_of(
        terms, total, decimals_of(total), is_cut=int(np.count_nonzero(patch * kernel)) > _TERMS
    )


def _strip(scene: Scene, sums: Array, chosen: int) -> list[Block]:
    """The sum of each map's products, one beside the other."""
    is_ordered = scene.choices.largest_first
    order = np.argsort(-np.abs(sums), kind="stable") if is_ordered else np.arange(len(sums))
    ordered, numbers = sums[order], order.tolist()
    form = translate("Cell", "Products of map {map}, added: {number}")
    return [
        Grid(
            translate("Cell", "What each map adds (choose one to see its products)"),
            ordered[None],
            written_all(ordered, decimals_of(sums)),
            lambda _row, column: form.format(
                map=numbers[column] + 1, number=exact(ordered[column])
            ),
            columns=tuple(str(number + 1) for number in numbers),
            marks={(0, numbers.index(chosen)): Mark.CHOSEN},
            limit=float(np.abs(sums).max()),
            choices=tuple(numbers),
            summary=translate("Cell", "Sums of {count} maps").format(count=len(numbers)),
        ),
        Switch(
            LARGEST_FIRST,
            translate("Cell", "Largest first"),
            translate("Cell", "Order the maps by the size of what they add"),
            is_ordered,
        ),
    ]


def _grids(scene: Scene, found: Convolved, channel: int) -> tuple[Grid, ...]:
    """Patch times kernel gives products, all of one map."""
    patch, kernel = found.patch[channel], found.kernel[channel]
    rows, columns = patch.shape
    targets: dict[Spot, Cell] = {}
    marks: dict[Spot, Mark] = {}
    _, height, width = scene.inside.layer(found.source).shape
    for row, column in np.ndindex(rows, columns):
        place = (channel, found.window.rows[row], found.window.columns[column])
        if 0 <= place[1] < height and 0 <= place[2] < width:
            targets[row, column] = Cell(found.source, place)
        else:
            marks[row, column] = Mark.PADDING
    outside = translate("Cell", "Outside of the map: padding, which counts as 0")
    weight_form = translate("Cell", "Weight in row {row}, column {column}: {number}")
    product_form = translate("Cell", "{value} · {weight} = {product}")

    def say_value(row: int, column: int) -> str:
        spot = row, column
        return scene.said(targets[spot]) if spot in targets else outside

    def say_weight(row: int, column: int) -> str:
        return weight_form.format(row=row + 1, column=column + 1, number=exact(kernel[row, column]))

    def say_product(row: int, column: int) -> str:
        spot = row, column
        return product_form.format(
            value=exact(patch[spot]),
            weight=exact(kernel[spot]),
            product=exact(patch[spot] * kernel[spot]),
        )

    is_only = len(found.kernel) == 1
    patch_name = (
        translate("Cell", "Patch of {source}").format(source=found.source)
        if is_only
        else translate("Cell", "Patch of map {map}").format(map=channel + 1)
    )
    digits = 3 if columns >= _WIDE else 4
    summary = translate("Cell", "{rows} rows, {columns} columns").format(rows=rows, columns=columns)

    def grid(
        name: str,
        all_numbers: Array,
        say: Callable[[int, int], str],
        digits: int = 3,
        sign: str = "",
    ) -> Grid:
        numbers = all_numbers[channel]
        texts = written_all(numbers, decimals_of(numbers, digits))
        # Of all maps, so that maps can be compared.
        limit = strongest_colour(all_numbers)
        return Grid(name, numbers, texts, say, (), (), targets, marks, limit, (), summary, sign)

    return (
        grid(patch_name, found.patch, say_value),
        grid(translate("Cell", "Kernel"), found.kernel, say_weight, sign="×"),
        grid(translate("Cell", "Products"), found.products, say_product, digits, "="),
    )
