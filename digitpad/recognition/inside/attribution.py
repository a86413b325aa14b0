"""What of a glyph speaks for a class, and what speaks against it: a value for each pixel.

All methods explain the same number, the log-odds of the class: ``log(p / (1 - p))`` of its
calibrated probability p. The logit alone would not do: ink that raises all logits alike decides
nothing. A positive value speaks for the class. Pixels without ink have the value 0, since each
method compares the glyph with less ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
import torch

from digitpad.ink.glyph import FIELD
from digitpad.recognition.layers import normalise
from digitpad.recognition.prediction import Prediction, predictions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.recognition.inside.inside import Inside

Method: TypeAlias = Literal["occlusion", "gradient", "integrated"]

METHODS: tuple[Method, ...] = get_args(Method)

WINDOW = 5
"""Side of the window that occlusion empties, in pixels: twice the width of a stroke. Of 3, 5 and 7
it finds what decides about as well as any on validation drawings (`training.study.salience`)."""

TOLERANCE = 0.01
"""Integrated gradients add up to the difference of the log-odds within this share of it ..."""

LEAST_TOLERANCE = 0.01
"""... or within this, where the difference is small."""

_FIRST_STEPS, _MOST_STEPS = 9, 2187
"""Of the sum that stands for the integral. Each finer sum has three times as many points, and those
of the one before are among them."""

_BATCH = 128


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """What each pixel of a glyph does to the log-odds of a class.

    Attributes:
        method: how it was found.
        number: of the class, from 0.
        values: float64 (28, 28), in units of the log-odds.
        log_odds: of the class for the glyph.
        log_odds_of_none: likewise for the glyph without ink.
    """

    method: Method
    number: int
    values: NDArray[np.float64]
    log_odds: float
    log_odds_of_none: float


def attribution(
    inside: Inside, glyph: NDArray[np.uint8], number: int, method: Method
) -> Attribution:
    """What each pixel does to the log-odds of a class.

    Args:
        inside: the network.
        glyph: uint8 (28, 28), ink 255 on 0.
        number: of the class, from 0.
        method: "occlusion": what the class loses if the window around the pixel is emptied (Zeiler
            and Fergus 2014, arXiv 1311.2901). "gradient": gradient times input, what it would lose
            if all ink counted as a trace of ink does (Shrikumar and others 2016, arXiv 1605.01713).
            "integrated": integrated gradients, from the empty glyph (Sundararajan and others 2017,
            arXiv 1703.01365); their sum is the difference between the glyph and the empty one, see
            TOLERANCE.
    """
    both = np.stack((np.zeros_like(glyph), glyph))
    none, whole = (float(value) for value in log_odds(inside, both, number))
    find = _FINDERS[method]
    return Attribution(method, number, find(inside, glyph, number), whole, none)


def beneath_strokes(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """What lies beneath a stroke at each pixel: the mean of it and its eight neighbours.

    A stroke in a glyph is nearly three pixels wide.

    Args:
        values: float64 (28, 28), as the result.
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, 1), (3, 3))
    means: NDArray[np.float64] = windows.mean(axis=(2, 3))
    return means


def log_odds(inside: Inside, glyphs: NDArray[np.uint8], number: int) -> NDArray[np.float64]:
    """The log-odds of a class, float64 (n,), for glyphs, uint8 (n, 28, 28)."""
    with torch.inference_mode():
        found = [
            _log_odds(inside, _levels(glyphs[start : start + _BATCH]), number)
            for start in range(0, len(glyphs), _BATCH)
        ]
    return torch.cat(found).numpy()


def predict(inside: Inside, glyphs: NDArray[np.uint8]) -> list[Prediction]:
    """What the network itself says about glyphs, uint8 (n, 28, 28)."""
    with torch.inference_mode():
        found = [
            torch.softmax(_calibrated(inside, _levels(glyphs[start : start + _BATCH])), dim=1)
            for start in range(0, len(glyphs), _BATCH)
        ]
    rows = torch.cat(found).tolist()
    return predictions_of(rows, inside.info.classes, inside.info.calibration.reject_below)


def occlusion(
    inside: Inside, glyph: NDArray[np.uint8], number: int, side: int = WINDOW
) -> NDArray[np.float64]:
    """What a class loses where a window of this odd side is emptied: the values of `attribution`.

    Only windows around ink are tried. What would be said of an empty pixel is said of its
    neighbours, too.
    """
    reach = side // 2
    rows, columns = np.nonzero(glyph)
    values = np.zeros((FIELD, FIELD))
    if len(rows) == 0:
        return values
    emptied = np.repeat(glyph[None], len(rows) + 1, axis=0)
    for one, row, column in zip(emptied[1:], rows.tolist(), columns.tolist(), strict=True):
        one[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1] = 0
    whole, *others = log_odds(inside, emptied, number)
    values[rows, columns] = whole - np.array(others)
    return values


def _gradient(inside: Inside, glyph: NDArray[np.uint8], number: int) -> NDArray[np.float64]:
    levels = glyph.astype(np.float64)
    values: NDArray[np.float64] = _gradients(inside, levels[None], number)[0] * levels
    return values


def _integrated(inside: Inside, glyph: NDArray[np.uint8], number: int) -> NDArray[np.float64]:
    levels = glyph.astype(np.float64)
    both = np.stack((np.zeros_like(glyph), glyph))
    none, whole = log_odds(inside, both, number)
    wanted = whole - none
    allowed = max(TOLERANCE * abs(wanted), LEAST_TOLERANCE)
    total, steps = np.zeros((FIELD, FIELD)), _FIRST_STEPS
    # The midpoints of a third as many steps are among those of all.
    numbers = np.arange(steps)
    while True:
        total += _sum_along(inside, levels, number, (numbers + 0.5) / steps)
        values: NDArray[np.float64] = total / steps * levels
        if abs(values.sum() - wanted) <= allowed or steps >= _MOST_STEPS:
            return values
        steps *= 3
        numbers = np.array([one for one in range(steps) if one % 3 != 1])


def _sum_along(
    inside: Inside, levels: NDArray[np.float64], number: int, shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The sum of the gradients at these shares of the way from the empty glyph."""
    total = np.zeros((FIELD, FIELD))
    for start in range(0, len(shares), _BATCH):
        part = shares[start : start + _BATCH, None, None] * levels
        total += _gradients(inside, part, number).sum(axis=0)
    return total


_FINDERS: Mapping[Method, Callable[[Inside, NDArray[np.uint8], int], NDArray[np.float64]]] = {
    "occlusion": occlusion,
    "gradient": _gradient,
    "integrated": _integrated,
}


def _gradients(inside: Inside, levels: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """What the log-odds gain for each unit of a level: float64, as the levels (n, 28, 28)."""
    taken = _levels(levels)
    with torch.enable_grad():
        taken.requires_grad_()
        # Glyphs do not meet in a network in evaluation mode: the sum has the gradient of each.
        (found,) = torch.autograd.grad(_log_odds(inside, taken, number).sum(), taken)
    return found[:, 0].double().numpy()


def _levels(glyphs: NDArray[np.uint8] | NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(np.array(glyphs, np.float32))[:, None]


def _calibrated(inside: Inside, levels: Tensor) -> Tensor:
    """Logits (n, classes), float64, divided by the temperature, of levels (n, 1, 28, 28)."""
    # A copy, since levels are normalised in place.
    logits: Tensor = inside.whole(normalise(levels.clone(), inside.info.normalisation))
    return logits.double() / inside.temperature


def _log_odds(inside: Inside, levels: Tensor, number: int) -> Tensor:
    logits = _calibrated(inside, levels)
    others = [one for one in range(logits.shape[1]) if one != number]
    return logits[:, number] - torch.logsumexp(logits[:, others], dim=1)
