"""Fits the weights of the division: `python -m training.numbers.fit --data DIR MODEL`.

The probability of the true division among all is made as large as possible (a conditional random
field; Lafferty, McCallum and Pereira 2001), on numbers composed of the validation writers' digits,
which the model has not learned, on their single digits, and on what is no digit.
"""

from __future__ import annotations

import argparse
import math
import sys
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np
from scipy import optimize

from digitpad.recognition.division.best import FEATURES
from digitpad.recognition.division.weights import Weights
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from training.card.pictures import KINDS, pasted
from training.numbers.compose import compose
from training.numbers.hands import read_hands
from training.numbers.lattices import PartKind, lattices_of, of_picture, of_strokes
from training.numbers.others import compose_others, read_others
from training.numbers.pictures import mnist_rows, photo_of
from training.numbers.truth import ComposedNumber, Span, TruePart
from training.recipe.data import mnist_validation
from training.recipe.drawings import read_drawings
from training.recipe.splits import VALIDATION_SITES, VALIDATION_WRITERS, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from training.numbers.lattices import Lattice

    Floats = NDArray[np.float64]

_DECAY = 0.0002
"""Weight of the squares of the weights in the loss."""

UNITS = 12
"""Hidden units of the perceptron."""

_SEED = 4

PARTS: tuple[PartKind, ...] = get_args(PartKind)


def singles(folder: Path) -> Iterator[ComposedNumber]:
    """The validation writers' digits, as numbers of one digit."""
    every = [
        *read_drawings(folder, "pen", lambda one: one.writer in VALIDATION_WRITERS),
        *read_drawings(folder, "unipen", lambda one: site_of(one.writer) in VALIDATION_SITES),
    ]
    for one in every:
        spans = tuple(
            Span(i, 0, len(stroke.points) - 1) for i, stroke in enumerate(one.drawing.strokes)
        )
        yield ComposedNumber(one.drawing, (TruePart(one.word, spans),), one.writer, kind="digit")


def weights_of(values: Floats) -> Weights:
    """The weights, from all their values in one row."""
    count, kinds = len(FEATURES), len(PARTS)
    first, second = count * UNITS, count * UNITS + UNITS * kinds
    return Weights(
        values[:first].reshape(count, UNITS),
        values[first:second].reshape(UNITS, kinds),
        values[second:].reshape(count, kinds),
    )


def loss_of(values: Floats, batch: Batch) -> tuple[float, Floats]:
    """Mean negative log-likelihood of the true divisions, and its gradient.

    Args:
        values: see `weights_of`.
        batch: lattices with a truth.
    """
    weights = weights_of(values)
    units = np.tanh(batch.features @ weights.hidden)
    each = units @ weights.output + batch.features @ weights.direct
    each[~batch.is_possible] = -np.inf
    worth = np.logaddexp.reduce(each, axis=1)
    slopes = np.exp(each - worth[:, None])
    loss = 0.0
    for one, place in zip(batch.lattices, batch.places, strict=True):
        total, expected = _expected(one, worth[place])
        slopes[place] *= expected[:, None]
        loss += total
        for candidate, kind in zip(one.truth, one.kinds, strict=True):
            row = place.start + candidate
            loss -= float(each[row, PARTS.index(kind)])
            slopes[row, PARTS.index(kind)] -= 1.0
    count = len(batch.lattices)
    within = (slopes @ weights.output.T) * (1.0 - units**2)
    gradient = np.concatenate(
        [
            (batch.features.T @ within).ravel(),
            (units.T @ slopes).ravel(),
            (batch.features.T @ slopes).ravel(),
        ]
    )
    return (
        loss / count + _DECAY * float(values @ values),
        gradient / count + 2 * _DECAY * values,
    )


class Batch:
    """Lattices with their features in one array."""

    def __init__(self, lattices: Sequence[Lattice]) -> None:
        self.lattices = [one for one in lattices if one.truth]
        edges = np.cumsum([0, *(len(one.features) for one in self.lattices)]).tolist()
        self.places = [slice(start, end) for start, end in pairwise(edges)]
        self.features = np.concatenate([one.features for one in self.lattices])
        self.is_possible = np.zeros((edges[-1], len(PARTS)), bool)
        for one, place in zip(self.lattices, self.places, strict=True):
            self.is_possible[place.start : place.start + one.parts, :2] = True
            self.is_possible[place.start + one.parts : place.stop, 2] = True


def _expected(lattice: Lattice, worth: Floats) -> tuple[float, Floats]:
    """Logarithm of the sum over all divisions, and how probable each candidate is to be in one."""
    # Plain numbers: there are a few at a time, and calls of numpy would take most of the time.
    values, never = worth.tolist(), -math.inf
    ahead, behind = [never] * lattice.states, [never] * lattice.states
    ahead[-1] = behind[0] = 0.0
    for state, candidate, following in reversed(lattice.edges):
        ahead[state] = _added(ahead[state], values[candidate] + ahead[following])
    expected = [0.0] * len(values)
    total = ahead[0]
    for state, candidate, following in lattice.edges:
        through = behind[state] + values[candidate]
        behind[following] = _added(behind[following], through)
        expected[candidate] += math.exp(through + ahead[following] - total)
    return total, np.array(expected)


def _added(a: float, b: float) -> float:
    """The logarithm of the sum of two numbers of which the logarithms are given."""
    low, high = (a, b) if a < b else (b, a)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def fit(lattices: Sequence[Lattice]) -> Weights:
    """The weights that make the true divisions most probable."""
    size = len(FEATURES) * (UNITS + len(PARTS)) + UNITS * len(PARTS)
    result = optimize.minimize(
        loss_of,
        np.random.default_rng(_SEED).normal(0.0, 0.3, size),
        args=(Batch(lattices),),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 400, "maxcor": 20},
    )
    return weights_of(result.x)


def stroke_lattices(folder: Path, recognizer: Recognizer, count: int, seed: int) -> list[Lattice]:
    """Those of so many numbers, half as many drawings around them, and all single digits."""
    hands = read_hands(folder, "validation")
    others = read_others(folder, "validation")
    numbers = chain(
        islice(compose(hands, seed), count),
        islice(compose_others(hands, others, seed), count // 2),
        singles(folder),
    )
    return list(lattices_of(map(of_strokes, numbers), recognizer))


def picture_lattices(folder: Path, recognizer: Recognizer, count: int, seed: int) -> list[Lattice]:
    """Those of so many photos of numbers, rows of MNIST's digits, and single digits."""
    numbers = islice(compose(read_hands(folder, "validation"), seed), count)
    digits = mnist_validation(folder)
    random = np.random.default_rng(seed)
    alone = (
        pasted(digits.glyphs[int(index)], KINDS[at % len(KINDS)], random)
        for at, index in enumerate(random.permutation(len(digits.labels))[:count])
    )
    shown = chain(
        (photo_of(one, np.random.default_rng([seed, at])) for at, one in enumerate(numbers)),
        islice(mnist_rows(digits, seed), count),
    )
    examples = chain(
        (of_picture(one.picture, one.parts) for one in shown),
        (of_picture(one, ()) for one in alone),
    )
    return list(lattices_of((one for one in examples if one is not None), recognizer))


def main(arguments: list[str] | None = None) -> int:
    """Fit and print the weights; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.numbers.fit", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with pen/")
    parser.add_argument("--count", type=int, default=2000, help="numbers that are composed")
    parser.add_argument("--pictures", action="store_true", help="of pictures, not of strokes")
    parser.add_argument("model", type=Path, help="a model that has not learned from these writers")
    chosen = parser.parse_args(arguments)
    recognizer = Recognizer(load_model(chosen.model))
    read = picture_lattices if chosen.pictures else stroke_lattices
    lattices = read(chosen.data, recognizer, chosen.count, _SEED)
    missing = sum(not one.truth for one in lattices)
    print(f"{len(lattices)} clusters with a choice, {missing} without their true division in it")
    for name, values in fit(lattices)._asdict().items():
        print(f"{name.upper()} = np.array({np.round(values, 3).tolist()})")
    print(*FEATURES, sep=", ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
