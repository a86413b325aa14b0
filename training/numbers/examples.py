"""Labelled drawings that teach how drawings are divided, by their kind."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from training.card.pictures import KINDS, pasted
from training.numbers.begun import begun
from training.numbers.compose import compose
from training.numbers.hands import read_hands
from training.numbers.lattices import of_picture, of_strokes
from training.numbers.others import compose_others, read_others
from training.numbers.pictures import mnist_rows, photo_of, scan_of
from training.numbers.sets import single_digits
from training.numbers.truth import ComposedNumber, Span, TruePart
from training.recipe.data import mnist_training, mnist_validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from digitpad.data.dataset import Dataset
    from digitpad.ink.drawing import Drawing
    from training.numbers.hands import NumberPart
    from training.numbers.lattices import Example
    from training.numbers.pictures import NumberPicture
    from training.numbers.truth import Kind

_CLOSE = 0.4
"""Share of the neighbours that touch in rows that teach to part them."""


class Source(NamedTuple):
    """Some examples.

    Attributes:
        kind: of `EXAMPLES`.
        seed: of what is drawn by lot.
        drawings: how many.
        weight: how often each of them is learned from in an epoch.
    """

    kind: str
    seed: int
    drawings: int
    weight: int = 1

    def examples(self, folder: Path, share: float = 1.0) -> Iterator[Example]:
        """Its drawings that have ink, or the first of them.

        Args:
            folder: holds ``mnist`` and ``pen``.
            share: of its drawings.
        """
        found = EXAMPLES[self.kind](Origin(folder, "train", self.seed))
        some = islice(found, max(round(share * self.drawings), 1))
        return (one for one in some if one is not None)


class Origin(NamedTuple):
    """Where examples come from.

    Attributes:
        folder: holds ``mnist`` and ``pen``.
        part: whose digits they are.
        seed: of what is drawn by lot.
    """

    folder: Path
    part: NumberPart
    seed: int

    def composed(self) -> Iterator[ComposedNumber]:
        """Composed numbers without end."""
        return compose(read_hands(self.folder, self.part), self.seed)

    def mnist(self) -> Dataset:
        """MNIST's digits."""
        is_trained_on = self.part == "train"
        return mnist_training(self.folder) if is_trained_on else mnist_validation(self.folder)


def _numbers(origin: Origin) -> Iterator[Example]:
    return map(of_strokes, origin.composed())


def _joined(origin: Origin) -> Iterator[Example]:
    return (of_strokes(one) for one in origin.composed() if "joined" in one.joints)


def _close(origin: Origin) -> Iterator[Example]:
    return (
        of_strokes(one)
        for one in origin.composed()
        if one.delayed or one.reaching or not {"touching", "overlapping"}.isdisjoint(one.joints)
    )


def _begun(origin: Origin) -> Iterator[Example]:
    return map(of_strokes, begun(origin.composed(), origin.seed))


def _around(origin: Origin) -> Iterator[Example]:
    hands = read_hands(origin.folder, origin.part)
    others = read_others(origin.folder, origin.part)
    return map(of_strokes, compose_others(hands, others, origin.seed))


def _singles(origin: Origin) -> Iterator[Example]:
    for kind in ("pen", "unipen"):
        for one in single_digits(origin.folder, kind, origin.part):
            yield _whole(one.drawing, one.word)


def _strange(origin: Origin) -> Iterator[Example]:
    others = read_others(origin.folder, origin.part)
    for at in np.random.default_rng(origin.seed).permutation(len(others)).tolist():
        yield _whole(others[at], None)


def _whole(drawing: Drawing, text: str | None) -> Example:
    """A drawing as one part."""
    spans = tuple(Span(i, 0, len(stroke.points) - 1) for i, stroke in enumerate(drawing.strokes))
    kind: Kind = "other" if text is None else "digit"
    return of_strokes(ComposedNumber(drawing, (TruePart(text, spans),), "", kind=kind))


def _close_photos(origin: Origin) -> Iterator[Example | None]:
    return _pictures(origin, photo_of)


def _close_scans(origin: Origin) -> Iterator[Example | None]:
    return _pictures(origin, scan_of)


def _pictures(
    origin: Origin, picture_of: Callable[[ComposedNumber, np.random.Generator], NumberPicture]
) -> Iterator[Example | None]:
    for at, one in enumerate(origin.composed()):
        if set(one.joints) != {"apart"}:
            shown = picture_of(one, np.random.default_rng([origin.seed, at]))
            yield of_picture(shown.picture, shown.parts)


def _rows(origin: Origin) -> Iterator[Example | None]:
    for shown in mnist_rows(origin.mnist(), origin.seed):
        yield of_picture(shown.picture, shown.parts)


def _close_rows(origin: Origin) -> Iterator[Example | None]:
    for shown in mnist_rows(origin.mnist(), origin.seed, _CLOSE):
        yield of_picture(shown.picture, shown.parts)


def _alone(origin: Origin) -> Iterator[Example | None]:
    digits, random = origin.mnist(), np.random.default_rng(origin.seed)
    for at, index in enumerate(random.permutation(len(digits.labels)).tolist()):
        yield of_picture(pasted(digits.glyphs[index], KINDS[at % len(KINDS)], random), ())


EXAMPLES: Mapping[str, Callable[[Origin], Iterator[Example | None]]] = {
    "numbers": _numbers,
    "joined": _joined,
    "close": _close,
    "begun": _begun,
    "around": _around,
    "singles": _singles,
    "strange": _strange,
    "close photos": _close_photos,
    "close scans": _close_scans,
    "rows": _rows,
    "close rows": _close_rows,
    "alone": _alone,
}
"""Drawings without end, or all there are, by their kind: composed numbers, those with joined
digits, those with touching, overlapping, reaching or delayed ones, those that are not finished,
what is around numbers, single digits, what is no digit; photos and scans of numbers whose digits do
not all stand apart, rows of MNIST's digits, single ones of these in pictures."""
