"""The blocks of cells that are sums of many products: convolutions, fully connected, lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.app.inside.cell.blocks.block import (
    Flow,
    Formula,
    Grid,
    Maps,
    Mark,
    Switch,
    Text,
)
from digitpad.app.inside.cell.blocks.scene import Line, named_number, table
from digitpad.app.inside.cell.blocks.words import (
    decimals_of,
    exact,
    products,
    translate,
    written,
    written_all,
)
from digitpad.app.widgets.numbers import whole
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from digitpad.app.inside.cell.blocks.block import Block, Spot
    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.cell_kinds import Convolved, Weighted, WithLessons
    from digitpad.recognition.inside.layers import Place

    Array = NDArray[np.float64]

LARGEST_FIRST = "largest first"
"""The name of the switch that orders maps by their sums."""

_TERMS = 3
"""How many products a formula shows before its dots."""

_TOP = 10
"""How many contributions are named."""

_SUM_DIGITS = 5
"""Digits of the largest number of a sum."""

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
    lines += _bias_and_result(found.bias, found.value, has_bias=found.has_bias)
    blocks.append(_whole_sum(lines))
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
            " multiplied by the weight in the same place of the kernel, and the products are"
            " added.",
        )
    else:
        text = translate(
            "Cell",
            "A window of {height} × {width} lies on each of the {channels} maps of {source}. Each"
            " value in it is multiplied by the weight in the same place of the kernel, and all"
            " products are added.",
        )
    return text.format(height=height, width=width, channels=channels, source=found.source)


def _plugged_in(patch: Array, kernel: Array, total: float) -> str:
    """The first products that are not 0, and what they all give."""
    shown = [(row, column) for row, column in np.argwhere(patch * kernel)][:_TERMS]
    pairs = [(float(patch[spot]), float(kernel[spot])) for spot in shown]
    terms = products(pairs, (decimals_of(patch, 3), decimals_of(kernel, 3)))
    return _sum_of(
        terms, total, decimals_of(total), is_cut=int(np.count_nonzero(patch * kernel)) > _TERMS
    )


def _sum_of(terms: list[str], total: float, decimals: int, *, is_cut: bool) -> str:
    dots = ["…"] if is_cut else []
    return f"= {' + '.join([*terms, *dots]) or '0'} = {written(total, decimals)}"


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
        limit = _limit(all_numbers)
        return Grid(name, numbers, texts, say, (), (), targets, marks, limit, (), summary, sign)

    return (
        grid(patch_name, found.patch, say_value),
        grid(translate("Cell", "Kernel"), found.kernel, say_weight, sign="×"),
        grid(translate("Cell", "Products"), found.products, say_product, digits, "="),
    )


def weighted(scene: Scene, found: Weighted) -> list[Block]:
    """The contributions as a picture, what is for and against, and the largest by name."""
    added = found.products
    count = len(added)
    about = translate(
        "Cell",
        "Each of the {count} values of {source} is multiplied by a weight of its own, and all"
        " products are added. Orange speaks for it, blue against it.",
    ).format(count=whole(count), source=found.maps or found.source)
    strongest = np.argsort(-np.abs(added), kind="stable")[:_TOP].tolist()
    terms = products(
        [(float(found.features[n]), float(found.weights[n])) for n in strongest[:2]],
        (decimals_of(found.features[strongest], 3), decimals_of(found.weights[strongest], 3)),
    )
    for_it, against = float(added[added > 0].sum()), float(added[added < 0].sum())
    decimals = decimals_of([for_it, against, found.bias, found.value])
    total = _sum_of(terms, found.value, decimals, is_cut=count > len(terms))
    lines = [
        Line(translate("Cell", "All that speaks for it"), (for_it,)),
        Line(translate("Cell", "All that speaks against it"), (against,)),
        *_bias_and_result(found.bias, found.value, has_bias=found.has_bias),
    ]
    return [
        Text(about),
        Formula("fully connected", "z = Σ x(i) · w(i) + b", total),
        contributions(scene, found),
        _whole_sum(lines),
        _named(scene, found, strongest),
    ]


def feature_cell(found: Weighted, number: int) -> Cell:
    """The cell that a feature comes from: of the maps before it, where there are some."""
    if found.maps is None or found.places is None:
        return Cell(found.source, (number,))
    return Cell(found.maps, tuple(found.places[number].tolist()))


def contributions(scene: Scene, found: Weighted) -> Maps:
    """What each cell before a fully connected layer contributes, as a picture."""
    added = found.products
    if found.maps is None:
        return _feature_picture(scene, found)
    values = found.contributions(scene.inside.layer(found.maps).shape)
    maps = found.maps
    strongest = found.places[int(np.abs(added).argmax())] if found.places is not None else ()
    form = translate("Cell", "{cell} adds {number}")
    return Maps(
        translate("Cell", "What each cell of {layer} adds").format(layer=maps),
        values,
        _limit(added),
        lambda place: form.format(
            cell=scene.name(Cell(maps, place)), number=exact(float(values[place]))
        ),
        lambda place: Cell(maps, place),
        current=tuple(int(index) for index in strongest),
        summary=translate("Cell", "Contributions of {count} cells").format(count=whole(added.size)),
    )


def _feature_picture(scene: Scene, found: Weighted) -> Maps:
    """The contributions of features that were no maps, in rows."""
    added = found.products
    columns = int(np.ceil(np.sqrt(2 * added.size)))
    rows = -(-added.size // columns)
    flat = np.full(rows * columns, np.nan)
    flat[: added.size] = added
    values = flat.reshape(1, rows, columns)
    form = translate("Cell", "{cell} adds {number}")

    def target(place: Place) -> Cell | None:
        number = place[1] * columns + place[2]
        return feature_cell(found, number) if number < added.size else None

    def say(place: Place) -> str:
        cell = target(place)
        if cell is None:
            return ""
        return form.format(cell=scene.name(cell), number=exact(float(values[place])))

    return Maps(
        translate("Cell", "What each feature of {layer} adds").format(layer=found.source),
        values,
        _limit(added),
        say,
        target,
        current=(0, *divmod(int(np.abs(added).argmax()), columns)),
        summary=translate("Cell", "Contributions of {count} features").format(
            count=whole(added.size)
        ),
    )


def _named(scene: Scene, found: Weighted, strongest: list[int]) -> Grid:
    """The largest contributions, one a line, and the rest."""
    nothing = float("nan")
    added = found.products
    lines = [
        Line(
            scene.short(feature_cell(found, number)),
            (float(found.features[number]), float(found.weights[number]), float(added[number])),
            feature_cell(found, number),
        )
        for number in strongest
    ]
    if found.products.size > len(strongest):
        rest = float(np.delete(added, strongest).sum())
        lines.append(Line(translate("Cell", "All others"), (nothing, nothing, rest)))
    if found.has_bias:
        lines.append(Line(translate("Cell", "Bias b"), (nothing, nothing, found.bias)))
    lines.append(Line(translate("Cell", "Result"), (nothing, nothing, found.value), is_result=True))
    columns = (
        translate("Cell", "value x"),
        translate("Cell", "weight w"),
        translate("Cell", "x · w"),
    )
    return table(translate("Cell", "The largest, by name"), lines, columns)


def with_lessons(_scene: Scene, found: WithLessons) -> list[Block]:
    """The logit of the network, and what the nearest points of the lessons add."""
    added = found.products
    nearest = np.argsort(-np.abs(added), kind="stable")[:_TOP].tolist()
    nothing = float("nan")
    lines = [
        Line(
            translate("Cell", "Logit of the network"),
            (nothing, nothing, found.taken),
            found.source,
        )
    ]
    lines += [
        Line(
            translate("Cell", "Point {number}").format(number=number + 1),
            (float(found.nearness[number]), float(found.effects[number]), float(added[number])),
        )
        for number in nearest
    ]
    if added.size > len(nearest):
        rest = float(np.delete(added, nearest).sum())
        lines.append(Line(translate("Cell", "All others"), (nothing, nothing, rest)))
    lines.append(Line(translate("Cell", "Result"), (nothing, nothing, found.value), is_result=True))
    columns = (
        translate("Cell", "nearness"),
        translate("Cell", "effect"),
        translate("Cell", "adds"),
    )
    return [
        Text(
            translate(
                "Cell",
                "What was taught stands beside the network as points. Each adds its effect on this"
                " class, the more, the nearer your drawing is to it: 1 is the same, 0 is far"
                " away.",
            )
        ),
        Formula(
            "lessons",
            "z' = z + Σ nearness(i) · effect(i)",
            f"= {written(found.taken, 4)} + {written(float(added.sum()), 4)}"
            f" = {written(found.value, 4)}",
        ),
        table(translate("Cell", "The points that add most"), lines, columns),
        Text(named_number(translate("Cell", "All points together"), float(added.sum()))),
    ]


def _bias_and_result(bias: float, value: float, *, has_bias: bool) -> list[Line]:
    lines = [Line(translate("Cell", "Bias b"), (bias,))] if has_bias else []
    return [*lines, Line(translate("Cell", "Result"), (value,), is_result=True)]


def _whole_sum(lines: list[Line]) -> Grid:
    decimals = decimals_of([line.numbers for line in lines], _SUM_DIGITS)
    return table(translate("Cell", "The whole sum"), lines, decimals=[decimals])


def _limit(values: Array) -> float:
    return float(np.abs(values).max(initial=0.0))
