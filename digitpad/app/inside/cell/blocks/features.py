"""The blocks of cells that are made of all features, or of all lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.app.inside.cell.blocks.block import Formula, Grid, Maps, Text
from digitpad.app.inside.cell.blocks.scene import Line, table
from digitpad.app.inside.cell.blocks.sums import (
    bias_and_result,
    strongest_colour,
    sum_of,
    whole_sum,
)
from digitpad.app.inside.cell.blocks.words import (
    decimals_of,
    exact,
    factor,
    products,
    translate,
    written,
)
from digitpad.app.widgets.numbers import whole
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.app.inside.cell.blocks.block import Block
    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.cell_kinds import Weighted, WithLessons
    from digitpad.recognition.inside.layers import Place

    Array = NDArray[np.float64]

_TOP = 10
"""How many contributions are named."""


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
    total = sum_of(terms, found.value, decimals, is_cut=count > len(terms))
    lines = [
        Line(translate("Cell", "All that speaks for it"), (for_it,)),
        Line(translate("Cell", "All that speaks against it"), (against,)),
        *bias_and_result(found.bias, found.value, has_bias=found.has_bias),
    ]
    return [
        Text(about),
        Formula("fully-connected", "z = Σ x(i) · w(i) + b", total),
        contributions(scene, found),
        whole_sum(lines),
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
        strongest_colour(added),
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
        strongest_colour(added),
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
            "",
            "z' = z + Σ nearness(i) · effect(i)",
            f"= {written(found.taken, 4)} + {factor(float(added.sum()), 4)}"
            f" = {written(found.value, 4)}",
        ),
        table(translate("Cell", "The points that add most"), lines, columns),
    ]
