"""Names of layers and cells, and numbers, as they are written beside a cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from digitpad.app.i18n import translated
from digitpad.app.widgets.numbers import fixed, format_number
from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from digitpad.recognition.inside.fields import Cell
    from digitpad.recognition.inside.inside import Inside

translate = QCoreApplication.translate

KINDS = {
    "glyph": Marked("Glyph"),
    "input": Marked("Input"),
    "crop": Marked("Crop"),
    "conv": Marked("Convolution"),
    "norm": Marked("Batch normalisation"),
    "relu": Marked("ReLU"),
    "pool": Marked("Pooling"),
    "sum": Marked("Sum"),
    "dropout": Marked("Dropout"),
    "flatten": Marked("Flatten"),
    "fc": Marked("Fully connected"),
    "lessons": Marked("Lessons"),
    "probabilities": Marked("Softmax"),
}
"""What each kind of layer is called."""

_MOST_DECIMALS = 8


def kind_name(kind: str) -> str:
    """What a kind of layer is called; one that has no words keeps its own name."""
    return translated(KINDS[kind]) if kind in KINDS else kind


def has_classes(inside: Inside, layer: str) -> bool:
    """Whether the features of a layer are one for each class."""
    logits = inside.logits_name
    return layer in {inside.layers[-1].name, logits, inside.layer(logits).inputs[0]} and (
        inside.layer(layer).shape == (len(inside.info.classes),)
    )


def cell_name(inside: Inside, cell: Cell) -> str:
    """A cell in words: "conv2, map 5, row 3, column 4"; all are counted from 1."""
    layer, place = cell
    if layer == "glyph":
        return translate("Cell", "pixel in row {row}, column {column}").format(
            row=place[1] + 1, column=place[2] + 1
        )
    if len(place) == 3:
        return translate("Cell", "{layer}, map {map}, row {row}, column {column}").format(
            layer=layer, map=place[0] + 1, row=place[1] + 1, column=place[2] + 1
        )
    if has_classes(inside, layer):
        return translate("Cell", "{layer}, class {name}").format(
            layer=layer, name=inside.info.classes[place[0]]
        )
    return translate("Cell", "{layer}, feature {number}").format(layer=layer, number=place[0] + 1)


def short_name(inside: Inside, cell: Cell) -> str:
    """A cell without its layer, in few letters: "map 5 (3, 4)"."""
    layer, place = cell
    if len(place) == 3:
        return translate("Cell", "map {map} ({row}, {column})").format(
            map=place[0] + 1, row=place[1] + 1, column=place[2] + 1
        )
    if has_classes(inside, layer):
        return inside.info.classes[place[0]]
    return translate("Cell", "feature {number}").format(number=place[0] + 1)


def decimals_of(values: ArrayLike, digits: int = 4) -> int:
    """Decimals at which the largest of some numbers has so many digits, at least two of them.

    All numbers of a sum have the same, so that they can be added as they stand.
    """
    found = np.abs(np.asarray(values, float))
    largest = float(found.max(initial=0.0, where=np.isfinite(found)))
    if largest == 0:
        return 2
    return min(max(digits - 1 - math.floor(math.log10(largest)), 2), _MOST_DECIMALS)


def written(value: float, decimals: int) -> str:
    """A number with so many decimals; exactly 0 has none, so that it is told from what is small.

    So have whole numbers from 100 on, such as 255.
    """
    is_whole = value == 0 or (abs(value) >= 100 and float(value).is_integer())
    # What is rounded to 0 has no sign.
    return fixed(round(value, decimals) + 0.0, 0 if is_whole else decimals)


def written_all(values: ArrayLike, decimals: int) -> tuple[tuple[str, ...], ...]:
    """Rows of numbers with so many decimals; "" for NaN."""
    rows = np.atleast_2d(np.asarray(values, float)).tolist()
    return tuple(
        tuple("" if math.isnan(value) else written(value, decimals) for value in row)
        for row in rows
    )


def exact(value: float) -> str:
    """A number with all its digits."""
    return format_number(float(value))


def factor(value: float, decimals: int) -> str:
    """A number within a product: negative ones are in brackets."""
    text = written(value, decimals)
    return f"({text})" if value < 0 else text


def products(pairs: Iterable[tuple[float, float]], decimals: tuple[int, int]) -> list[str]:
    """Products of two numbers each, as they are written in a sum."""
    return [f"{factor(one, decimals[0])} · {factor(other, decimals[1])}" for one, other in pairs]
