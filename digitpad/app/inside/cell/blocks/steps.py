"""The blocks of cells that are made of one value, of a small window, or of the logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitpad.app.inside.cell.blocks.block import Flow, Formula, Grid, Mark, Text
from digitpad.app.inside.cell.blocks.scene import Line, table
from digitpad.app.inside.cell.blocks.words import (
    decimals_of,
    factor,
    translate,
    written,
    written_all,
)
from digitpad.recognition.inside.fields import Cell

if TYPE_CHECKING:
    from digitpad.app.inside.cell.blocks.block import Block
    from digitpad.app.inside.cell.blocks.scene import Scene
    from digitpad.recognition.inside.cell_kinds import (
        Added,
        Applied,
        BatchNormalised,
        Level,
        Moved,
        Normalised,
        Pooled,
        Silenced,
        Softmaxed,
    )

NOTHING = float("nan")


def level(scene: Scene, found: Level) -> list[Block]:
    """A pixel."""
    return [
        Text(
            translate(
                "Cell",
                "Here the way ends: this is a pixel of your drawing, as the network gets it. 0 is"
                " empty, 255 is full of ink.",
            )
        ),
        table(
            translate("Cell", "The pixel"),
            [
                Line(scene.name(found.cell), (found.value,)),
                Line(translate("Cell", "Share of ink"), (found.value / 255,)),
            ],
        ),
    ]


def silenced(_scene: Scene, _found: Silenced) -> list[Block]:
    """A cell of a channel that is switched off."""
    return [
        Text(
            translate(
                "Cell",
                "This map is switched off: each of its cells is 0, whatever goes into it.",
            )
        )
    ]


def normalised(_scene: Scene, found: Normalised) -> list[Block]:
    """The level of a pixel, moved and scaled as in the training."""
    share = found.level / 255
    lines = [
        Line(translate("Cell", "level"), (found.level, NOTHING), found.source),
        Line(translate("Cell", "÷ 255"), (255.0, share)),
        Line(translate("Cell", "− mean μ"), (found.mean, share - found.mean)),
        Line(translate("Cell", "÷ deviation σ"), (found.deviation, found.value), is_result=True),
    ]
    text = translate("Cell", "= ({level} / 255 − {mean}) / {deviation} = {value}")
    return [
        Text(
            translate(
                "Cell",
                "The levels of the pixels are moved and scaled as they were in the training, so"
                " that they lie around 0.",
            )
        ),
        Formula(
            "normalisation",
            translate("Cell", "x = (level / 255 − μ) / σ"),
            text.format(
                level=written(found.level, 0),
                mean=factor(found.mean, 4),
                deviation=factor(found.deviation, 4),
                value=written(found.value, 4),
            ),
        ),
        _steps(lines),
    ]


def batch_normalised(_scene: Scene, found: BatchNormalised) -> list[Block]:
    """A value, moved and scaled by what was learned of its channel."""
    centred = found.taken - found.mean
    divisor = float(np.sqrt(found.variance + found.epsilon))
    lines = [
        Line(
            translate("Cell", "x of {layer}").format(layer=found.source.layer),
            (found.taken, NOTHING),
            found.source,
        ),
        Line(translate("Cell", "− mean μ"), (found.mean, centred)),
        Line(translate("Cell", "÷ √(σ² + ε)"), (divisor, centred / divisor)),
        Line(translate("Cell", "· γ"), (found.weight, centred / divisor * found.weight)),
        Line(translate("Cell", "+ β"), (found.bias, found.value), is_result=True),
    ]
    text = translate("Cell", "= {weight} · ({x} − {mean}) / {divisor} + {bias} = {value}")
    return [
        Text(
            translate(
                "Cell",
                "While the network learned, this map had a mean μ and a variance σ². The mean is"
                " taken off the value, the root of the variance divides it, and a learned scale γ"
                " and a learned shift β follow.",
            )
        ),
        Formula(
            "batch-normalisation",
            translate("Cell", "y = γ · (x − μ) / √(σ² + ε) + β"),
            text.format(
                x=written(found.taken, 3),
                mean=factor(found.mean, 3),
                divisor=written(divisor, 3),
                weight=written(found.weight, 3),
                bias=factor(found.bias, 3),
                value=written(found.value, 3),
            ),
        ),
        _steps(lines),
        table(
            translate("Cell", "Learned of this map"),
            [
                Line(translate("Cell", "variance σ²"), (found.variance,)),
                Line(translate("Cell", "ε"), (found.epsilon,)),
            ],
            decimals=[max(decimals_of(found.epsilon, 1), 4)],
        ),
    ]


def _steps(lines: list[Line]) -> Grid:
    columns = (translate("Cell", "number"), translate("Cell", "so far"))
    numbers = [value for line in lines for value in line.numbers]
    decimals = decimals_of([value for value in numbers if abs(value) < 255], 5)
    return table(translate("Cell", "Step by step"), lines, columns, [decimals, decimals])


def applied(_scene: Scene, found: Applied) -> list[Block]:
    """A function of one value."""
    lines = [
        Line(
            translate("Cell", "x of {layer}").format(layer=found.source.layer),
            (found.taken,),
            found.source,
        ),
        Line(translate("Cell", "Result"), (found.value,), is_result=True),
    ]
    numbers = table(translate("Cell", "Before and after"), lines)
    if found.kind != "relu":
        return [
            Text(
                translate("Cell", "The function {kind} is applied to the value.").format(
                    kind=found.kind
                )
            ),
            numbers,
        ]
    text = translate("Cell", "What is above 0 stays as it is: this value does.")
    if found.taken <= 0:
        text = translate("Cell", "What is below 0 becomes 0, and so does this value.")
    decimals = decimals_of(found.taken)
    return [
        Text(text),
        Formula(
            "relu",
            "y = max(0, x)",
            f"= max(0, {written(found.taken, decimals)}) = {written(found.value, decimals)}",
        ),
        numbers,
    ]


def moved(scene: Scene, found: Moved) -> list[Block]:
    """The same value in another place."""
    texts = {
        "crop": translate(
            "Cell",
            "The same value, moved: the pixels at the edges are left out, and all others stay.",
        ),
        "flatten": translate(
            "Cell", "The same value, moved: all maps are written into one long row of features."
        ),
        "dropout": translate(
            "Cell",
            "The same value: only while a network learns, some values are dropped by chance. Now"
            " none is.",
        ),
    }
    plain = translate("Cell", "The same value, moved.")
    return [
        Text(texts.get(found.kind, plain)),
        table(
            translate("Cell", "Before and after"),
            [
                Line(_in_layer(scene, found.source), (found.value,), found.source),
                Line(_in_layer(scene, found.cell), (found.value,), is_result=True),
            ],
        ),
    ]


def _in_layer(scene: Scene, cell: Cell) -> str:
    """A cell in few letters, with its layer."""
    return translate("Cell", "{layer}, {place}").format(layer=cell.layer, place=scene.short(cell))


def pooled(scene: Scene, found: Pooled) -> list[Block]:
    """A window, and which of its values won, or their mean."""
    rows, columns = found.values.shape
    targets = {
        (row, column): Cell(
            found.source,
            (
                found.window.channels[0],
                found.window.rows[row],
                found.window.columns[column],
            ),
        )
        for row, column in np.ndindex(rows, columns)
    }
    decimals = decimals_of(found.values)
    numbers = [written(value, decimals) for value in found.values.ravel().tolist()]
    result = written(found.value, decimals)
    if found.winner is None:
        text = translate("Cell", "The mean of a window of {rows} × {columns} stays.")
        formula = Formula(
            "",
            translate("Cell", "y = mean of the window"),
            f"= ({' + '.join(numbers)}) / {len(numbers)} = {result}",
        )
    else:
        text = translate(
            "Cell",
            "Of each window of {rows} × {columns} only the largest value stays: the framed one"
            " has won. The map becomes smaller, and it matters less where exactly something is.",
        )
        formula = Formula(
            "max-pooling",
            translate("Cell", "y = the largest of the window"),
            f"= max({'; '.join(numbers)}) = {result}",
        )
    window = Grid(
        translate("Cell", "Window on {source}, map {map}").format(
            source=found.source, map=found.window.channels[0] + 1
        ),
        found.values,
        written_all(found.values, decimals),
        lambda row, column: scene.said(targets[row, column]),
        targets=targets,
        marks={} if found.winner is None else {found.winner: Mark.CHOSEN},
        limit=float(np.abs(found.values).max()),
        summary=translate("Cell", "{rows} rows, {columns} columns").format(
            rows=rows, columns=columns
        ),
    )
    lines = [Line(translate("Cell", "Result"), (found.value,), is_result=True)]
    return [
        Text(text.format(rows=rows, columns=columns)),
        formula,
        Flow((window,)),
        table(translate("Cell", "What stays"), lines, decimals=[decimals]),
    ]


def added(_scene: Scene, found: Added) -> list[Block]:
    """What went around a residual sequence, and the change that it makes."""
    lines = [
        Line(
            translate("Cell", "Kept, of {layer}").format(layer=found.kept.layer),
            (found.kept_value,),
            found.kept,
        ),
        Line(
            translate("Cell", "Change, of {layer}").format(layer=found.change.layer),
            (found.change_value,),
            found.change,
        ),
        Line(translate("Cell", "Result"), (found.value,), is_result=True),
    ]
    decimals = decimals_of([found.kept_value, found.change_value, found.value])
    numbers = translate("Cell", "= {kept} + {change} = {value}").format(
        kept=written(found.kept_value, decimals),
        change=factor(found.change_value, decimals),
        value=written(found.value, decimals),
    )
    return [
        Text(
            translate(
                "Cell",
                "The value goes around the layers before, and what they make of it is added: they"
                " only have to learn a change.",
            )
        ),
        Formula("", "y = x + f(x)", numbers),
        table(translate("Cell", "The sum"), lines),
    ]


def softmaxed(scene: Scene, found: Softmaxed) -> list[Block]:
    """All logits, step by step to their probabilities."""
    powers = found.powers
    total = float(powers.sum())
    scaled = found.logits / found.temperature
    own = found.cell.place[0]
    lines = [
        Line(
            scene.short(Cell(found.cell.layer, (number,))),
            (
                float(logit),
                float(scaled[number]),
                float(powers[number]),
                float(powers[number] / total),
            ),
            Cell(found.source, (number,)),
            is_result=number == own,
        )
        for number, logit in enumerate(found.logits.tolist())
    ]
    lines.append(Line(translate("Cell", "Sum"), (NOTHING, NOTHING, total, 1.0)))
    columns = ("z", "z / T", translate("Cell", "power"), "p")
    about = translate(
        "Cell",
        "The logits z, what the last layer gives each class, become probabilities, which are above"
        " 0 and add up to 1. The"
        " temperature T = {temperature} makes the network as sure as it is right. The power is"
        " exp(z / T − m): m = {largest} is the largest z / T, and taking it off keeps the numbers"
        " small and the result the same.",
    ).format(temperature=written(found.temperature, 4), largest=written(float(scaled.max()), 4))
    return [
        Text(about),
        Formula(
            "softmax",
            "p = exp(z / T) / Σ exp(z' / T)",
            f"= {written(float(powers[own]), 4)} / {written(total, 4)} = {written(found.value, 4)}",
        ),
        table(translate("Cell", "Class by class"), lines, columns, [3, 3, 4, 4]),
    ]
