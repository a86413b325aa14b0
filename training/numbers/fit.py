"""Fits the weights of the division: `python -m training.numbers.fit --data DIR MODEL MODEL MODEL`.

The probability of the right divisions among all is made as large as possible (a conditional random
field; Lafferty, McCallum and Pereira 2001), on numbers composed of the validation writers' digits,
which the models have not learned, on their single digits, and on what is no digit. Right is every
division that reads right, as in graph transformer networks (LeCun, Bottou, Bengio and Haffner
1998): where a ligature is cut does not matter.

Nothing of it is by chance: the same models and data give the same weights. Those that are shipped
were fitted before the last changes to what is cut, and hold for the finer cuts of today, too; a new
fit gives others. For strokes it was made when a stroke was cut in four places at most, or six where
it is long. For pictures see `OF_PICTURES`.
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from scipy import optimize

from digitpad.recognition.division import fitted
from digitpad.recognition.division.best import FEATURES
from digitpad.recognition.division.weights import Weights
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from training.card.pictures import KINDS, pasted
from training.numbers.compose import compose
from training.numbers.hands import read_hands
from training.numbers.lattices import PARTS, lattices_of, of_picture, of_strokes
from training.numbers.others import compose_others, read_others
from training.numbers.paths import Paths
from training.numbers.pictures import mnist_rows, photo_of
from training.numbers.sets import single_digits
from training.numbers.truth import ComposedNumber, Span, TruePart
from training.recipe.data import mnist_validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from digitpad.ink.drawing import Drawing
    from training.numbers.lattices import Example, Lattice
    from training.numbers.truth import Kind

    Floats = NDArray[np.float64]

_DECAY = 0.0003
"""Weight of the squares of the weights in the loss."""

UNITS = 12
"""Hidden units of the perceptron."""

_STEPS = 400
"""Steps of the fit, at most."""

_SEED = 4

_CLOSE = 0.4
"""Share of the neighbours that touch in rows that teach to part them."""

_HEAD = '''"""The weights of the division, as `python -m training.numbers.fit` has written them."""

from __future__ import annotations

import numpy as np

from digitpad.recognition.division.weights import Weights

# fmt: off
'''


class Source(NamedTuple):
    """Some of what is fitted on.

    Attributes:
        kind: of `EXAMPLES`.
        model: number of the model that predicts its candidates.
        seed: of what is drawn by lot.
        drawings: how many.
    """

    kind: str
    model: int
    seed: int
    drawings: int

    def examples(self, folder: Path, count: int) -> Iterator[Example]:
        """The first so many of its drawings that have ink."""
        found = islice(EXAMPLES[self.kind](folder, self.seed), count)
        return (one for one in found if one is not None)


OF_STROKES = (
    Source("numbers", 0, 4, 1000),
    Source("numbers", 1, 14, 600),
    Source("joined", 0, 52, 900),
    Source("joined", 1, 51, 500),
    Source("joined", 2, 53, 500),
    Source("close", 2, 71, 700),
    Source("around", 2, 61, 600),
    Source("singles", 0, 0, 10_000),
    Source("strange", 0, 81, 400),
)
"""What the weights for strokes are fitted on: more joined digits than people write, for these are
what is hard, and several models, so that no whim of one is learned."""

OF_PICTURES = (
    Source("rows", 0, 104, 1000),
    Source("close rows", 1, 107, 700),
    Source("alone", 2, 106, 800),
    Source("photos", 1, 105, 350),
    Source("close photos", 0, 108, 260),
)
"""The same for pictures. For the weights that are there, photos counted twice and single digits one
and a half times, and all but the close photos were read before there were more of the likely
cuts."""


def _composed(folder: Path, seed: int) -> Iterator[ComposedNumber]:
    return compose(read_hands(folder, "validation"), seed)


def _numbers(folder: Path, seed: int) -> Iterator[Example]:
    return map(of_strokes, _composed(folder, seed))


def _joined(folder: Path, seed: int) -> Iterator[Example]:
    return (of_strokes(one) for one in _composed(folder, seed) if "joined" in one.joints)


def _close(folder: Path, seed: int) -> Iterator[Example]:
    return (
        of_strokes(one)
        for one in _composed(folder, seed)
        if one.delayed or one.reaching or not {"touching", "overlapping"}.isdisjoint(one.joints)
    )


def _around(folder: Path, seed: int) -> Iterator[Example]:
    hands, others = read_hands(folder, "validation"), read_others(folder, "validation")
    return map(of_strokes, compose_others(hands, others, seed))


def _singles(folder: Path, _: int) -> Iterator[Example]:
    for kind in ("pen", "unipen"):
        for one in single_digits(folder, kind, "validation"):
            yield _whole(one.drawing, one.word)


def _strange(folder: Path, seed: int) -> Iterator[Example]:
    others = read_others(folder, "validation")
    for at in np.random.default_rng(seed).permutation(len(others)).tolist():
        yield _whole(others[at], None)


def _whole(drawing: Drawing, text: str | None) -> Example:
    """A drawing as one part."""
    spans = tuple(Span(i, 0, len(stroke.points) - 1) for i, stroke in enumerate(drawing.strokes))
    kind: Kind = "other" if text is None else "digit"
    return of_strokes(ComposedNumber(drawing, (TruePart(text, spans),), "", kind=kind))


def _photos(folder: Path, seed: int) -> Iterator[Example | None]:
    for at, one in enumerate(_composed(folder, seed)):
        yield _photo(one, seed, at)


def _close_photos(folder: Path, seed: int) -> Iterator[Example | None]:
    for at, one in enumerate(_composed(folder, seed)):
        if set(one.joints) != {"apart"}:
            yield _photo(one, seed, at)


def _photo(one: ComposedNumber, seed: int, at: int) -> Example | None:
    shown = photo_of(one, np.random.default_rng([seed, at]))
    return of_picture(shown.picture, shown.parts)


def _rows(folder: Path, seed: int) -> Iterator[Example | None]:
    for shown in mnist_rows(mnist_validation(folder), seed):
        yield of_picture(shown.picture, shown.parts)


def _close_rows(folder: Path, seed: int) -> Iterator[Example | None]:
    for shown in mnist_rows(mnist_validation(folder), seed, _CLOSE):
        yield of_picture(shown.picture, shown.parts)


def _alone(folder: Path, seed: int) -> Iterator[Example | None]:
    digits, random = mnist_validation(folder), np.random.default_rng(seed)
    for at, index in enumerate(random.permutation(len(digits.labels)).tolist()):
        yield of_picture(pasted(digits.glyphs[index], KINDS[at % len(KINDS)], random), ())


EXAMPLES: Mapping[str, Callable[[Path, int], Iterator[Example | None]]] = {
    "numbers": _numbers,
    "joined": _joined,
    "close": _close,
    "around": _around,
    "singles": _singles,
    "strange": _strange,
    "photos": _photos,
    "close photos": _close_photos,
    "rows": _rows,
    "close rows": _close_rows,
    "alone": _alone,
}
"""Drawings without end, or all there are, by their kind: composed numbers, those with joined
digits, those with touching, overlapping, reaching or delayed ones, what is around numbers, single
digits, what is no digit; photos of numbers, rows of MNIST's digits, single ones of these in
pictures."""


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
    """Mean negative log-likelihood of the right divisions together, and its gradient.

    Args:
        values: see `weights_of`.
        batch: lattices with right divisions.
    """
    weights = weights_of(values)
    units = np.tanh(batch.features @ weights.hidden)
    each = units @ weights.output + batch.features @ weights.direct
    slopes, losses = np.zeros_like(each), np.zeros(len(batch.shares))
    for allowed, sign in ((batch.is_possible, 1.0), (batch.is_right, -1.0)):
        some = np.where(allowed, each, -np.inf)
        worth = np.logaddexp.reduce(some, axis=1)
        totals, expected = batch.paths.expected(worth)
        within = np.exp(some - np.where(np.isneginf(worth), 0.0, worth)[:, None])
        slopes += sign * within * expected[:, None]
        losses += sign * totals
    slopes *= np.repeat(batch.shares, batch.counts)[:, None]
    within = (slopes @ weights.output.T) * (1.0 - units**2)
    gradient = np.concatenate(
        [
            (batch.features.T @ within).ravel(),
            (units.T @ slopes).ravel(),
            (batch.features.T @ slopes).ravel(),
        ]
    )
    return (
        float(losses @ batch.shares) + _DECAY * float(values @ values),
        gradient + 2 * _DECAY * values,
    )


class Batch:
    """Lattices with right divisions, and their features in one array.

    Attributes:
        shares: float64 (lattices,), what each counts; 1 together.
    """

    def __init__(self, lattices: Sequence[Lattice]) -> None:
        possible = [one for one in lattices if one.is_possible]
        self.paths = Paths(possible)
        self.counts = [len(one.features) for one in possible]
        self.shares = np.full(len(possible), 1.0 / len(possible))
        self.features = np.concatenate([one.features for one in possible])
        self.is_right = np.concatenate([one.right for one in possible])
        self.is_possible = np.zeros_like(self.is_right)
        for one, place in zip(possible, self.paths.places, strict=True):
            self.is_possible[place.start : place.start + one.parts, :2] = True
            self.is_possible[place.start + one.parts : place.stop, 2] = True


def fit(lattices: Sequence[Lattice]) -> Weights:
    """The weights that make the right divisions most probable."""
    size = len(FEATURES) * (UNITS + len(PARTS)) + UNITS * len(PARTS)
    result = optimize.minimize(
        loss_of,
        np.random.default_rng(_SEED).normal(0.0, 0.3, size),
        args=(Batch(lattices),),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxcor": 20},
    )
    return weights_of(result.x)


def module(strokes: Weights, pictures: Weights) -> str:
    """The text of the module with these weights."""
    lines = [_HEAD]
    for name, weights, words in (
        ("STROKES", strokes, "For strokes."),
        ("PICTURES", pictures, "For pictures."),
    ):
        lines.append(f"{name} = Weights(\n")
        for field, values in weights._asdict().items():
            lines.append(f"    {field}=np.array([\n")
            for i, row in enumerate(values.tolist()):
                note = f"  # {FEATURES[i]}" if field == "direct" else ""
                lines.append(f"        [{', '.join(f'{one:.2f}' for one in row)}],{note}\n")
            lines.append("    ]),\n")
        lines.append(f')\n"""{words}"""\n')
    return "".join([*lines, "# fmt: on\n"])


def main(arguments: list[str] | None = None) -> int:
    """Fit the weights and write them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.numbers.fit", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the examples, for a quick try; 1"
    )
    parser.add_argument(
        "--pictures",
        action="store_true",
        help="fit the weights for pictures, too, and do not keep those that are there",
    )
    parser.add_argument(
        "--into", type=Path, default=Path(fitted.__file__), help="the module that is written"
    )
    parser.add_argument(
        "models",
        type=Path,
        nargs=3,
        metavar="MODEL",
        help="three seeds of a training that has not learned from the validation writers",
    )
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    recognizers = [Recognizer(load_model(path)) for path in chosen.models]
    found = []
    for recipe in (OF_STROKES, *([OF_PICTURES] if chosen.pictures else [])):
        lattices: list[Lattice] = []
        for source in recipe:
            count = max(round(chosen.share * source.drawings), 1)
            examples = source.examples(chosen.data, count)
            mine = list(lattices_of(examples, recognizers[source.model]))
            missing = sum(not one.is_possible for one in mine)
            print(
                f"{source.kind}: {len(mine)} clusters with a choice, {missing} without a right one"
            )
            lattices.extend(mine)
        found.append(fit(lattices))
    strokes, pictures = found if chosen.pictures else (*found, fitted.PICTURES)
    chosen.into.write_text(module(strokes, pictures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
