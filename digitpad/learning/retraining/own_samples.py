"""The user's samples as data of a training: which are learned from, and which are held out."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from digitpad.data.dataset import Dataset, Source
from digitpad.data.progress import Loading, Ticker
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.learning.augmentation.redraw import Redrawing, redraw
from digitpad.text import Plural

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from numpy.typing import NDArray

    from digitpad.samples.sample import Sample

ALWAYS_LEARNT = 3
"""So many samples of each class, the first ones, are learned from in any case."""

_HELD_OUT_SHARE = 0.2
"""Share of the samples of a class after the first one that is held out."""

_MOST_VERSIONS = 5000
"""Largest number of versions of all samples together, unless there are more samples. Long trainings
see them several times, changed as all glyphs are."""

_NAMED = 3


class Division(NamedTuple):
    """What a training makes of the user's samples.

    Attributes:
        learned: are learned from.
        held_out: are never learned from, so that it can be found how well such are read.
        notice: says which were left out, as they are of no class of the data; None if none were.
    """

    learned: tuple[Sample, ...]
    held_out: tuple[Sample, ...]
    notice: DigitpadError | None


def divide(samples: Sequence[Sample], classes: Sequence[str]) -> Division:
    """Divide samples among what is learned from and what is held out.

    Of each class, in the order of their numbers, the first three are learned from, and the fourth
    is held out. Of later ones one in five is held out, by chance, but by a sample's number alone:
    further samples change nothing for those that were there before.

    Args:
        samples: with numbers.
        classes: of the data.

    Raises:
        DigitpadError: no sample is of one of the classes.
    """
    known = set(classes)
    by_class: dict[str, list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda sample: sample.id):
        by_class[sample.label].append(sample)
    unknown = [label for label in by_class if label not in known]
    learned: list[Sample] = []
    held_out: list[Sample] = []
    for label in classes:
        for place, sample in enumerate(by_class[label]):
            is_held_out = place == ALWAYS_LEARNT or (
                place > ALWAYS_LEARNT and _chance(sample.id) < _HELD_OUT_SHARE
            )
            (held_out if is_held_out else learned).append(sample)
    if not learned:
        raise DigitpadError(
            "None of your samples is of a class of this data: they are labelled {labels}, and the"
            " data has {classes}. Choose other data, or learn without your samples.",
            labels=_some(unknown),
            classes=_some(classes),
        )
    count = sum(len(by_class[label]) for label in unknown)
    notice = DigitpadError(
        Plural(
            "{count} of your samples is left out, because the data has no such class: {labels}.",
            "{count} of your samples are left out, because the data has no such classes: {labels}.",
            count,
        ),
        count=count,
        labels=_some(unknown),
    )
    return Division(tuple(learned), tuple(held_out), notice if count else None)


def _chance(number: int) -> float:
    """A number in [0, 1) that looks random, always the same for a sample's number."""
    return int.from_bytes(hashlib.sha256(str(number).encode()).digest()[:8]) / 2**64


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def as_dataset(samples: Sequence[Sample], classes: tuple[str, ...]) -> Dataset:
    """The glyphs of samples as they are; their labels are among the classes."""
    glyphs = [sample.glyph for sample in samples]
    return Dataset(
        np.array(glyphs, np.uint8).reshape(-1, FIELD, FIELD),
        np.array([classes.index(sample.label) for sample in samples], np.int64),
        classes,
    )


def own_source(
    samples: Sequence[Sample], classes: tuple[str, ...], per_epoch: int, epochs: int, seed: int
) -> Generator[Loading, None, Source]:
    """Redraw samples as the same hand might, other versions for each epoch; the same ones again.

    The first version of each is the sample itself. Where it is a picture, all are.

    Args:
        samples: to learn from, at least one.
        classes: of the training; the labels are among them.
        per_epoch: how many glyphs an epoch takes, at least 1.
        epochs: of the training.
        seed: of the random numbers. The versions of a sample depend on its number and this alone.
    """
    most = max(_MOST_VERSIONS // len(samples), 1)
    versions = min(math.ceil(per_epoch * epochs / len(samples)), most)
    glyphs = np.empty((len(samples), versions, FIELD, FIELD), np.uint8)
    ticker = Ticker()
    for place, sample in enumerate(samples):
        glyphs[place] = _versions(sample, versions, seed)
        if ticker.is_due():
            yield Loading("redrawing", place, len(samples), "drawings")
    labels = np.repeat([classes.index(sample.label) for sample in samples], versions)
    data = Dataset(glyphs.reshape(-1, FIELD, FIELD), labels.astype(np.int64), classes)
    passes = math.ceil(per_epoch / len(data))
    return Source(data, round(per_epoch / passes), passes)


def _versions(sample: Sample, count: int, seed: int) -> NDArray[np.uint8]:
    """Versions of a sample, uint8 (count, 28, 28)."""
    versions = np.repeat(sample.glyph[None], count, axis=0)
    if sample.drawing.strokes and count > 1:
        random = np.random.default_rng([seed, sample.id])
        versions[1:] = redraw([sample.drawing], count, Redrawing(), random)[0, 1:]
    return versions
