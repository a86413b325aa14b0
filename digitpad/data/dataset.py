"""Labelled glyphs in memory: what is trained on, validated on and shown.

Imports torch only to draw its random numbers, so that widgets can hold a dataset.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from digitpad.data.class_names import is_usable, unusable
from digitpad.errors import DigitpadError
from digitpad.ink.glyph import FIELD
from digitpad.recognition.model_info import MAX_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

OUTLIER = -1
"""Label of a glyph that belongs to no class."""

DIGITS: tuple[str, ...] = tuple("0123456789")
"""Classes of every dataset of digits."""

_LEAST = 2
"""Samples of a class: one for training and one for validation."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Glyphs with their labels.

    Attributes:
        glyphs: uint8 (n, 28, 28), ink 255 on 0.
        labels: int64 (n,), an index of a class, or OUTLIER.
        classes: names of the classes.
        title: what the dataset is called.
        validation: bool (n,), which samples are the validation split that the dataset comes with;
            None where it has none of its own.

    Raises:
        ValueError: shapes or dtypes are others, or a label is that of no class.
    """

    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    title: str = ""
    validation: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        if self.glyphs.dtype != np.uint8 or self.glyphs.shape[1:] != (FIELD, FIELD):
            raise ValueError("glyphs must be uint8 of the shape (n, 28, 28)")
        if self.labels.dtype != np.int64 or self.labels.shape != self.glyphs.shape[:1]:
            raise ValueError("labels must be int64, one a glyph")
        if len(self) and not OUTLIER <= self.labels.min() <= self.labels.max() < len(self.classes):
            raise ValueError("labels must be indices of classes, or OUTLIER")
        if self.validation is not None and self.validation.shape != self.labels.shape:
            raise ValueError("of each glyph it must be known whether it is for validation")

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self) -> tuple[int, ...]:
        """Number of glyphs of each class; outliers are left out."""
        known = self.labels[self.labels != OUTLIER]
        return tuple(np.bincount(known, minlength=len(self.classes)).tolist())

    def take(self, which: NDArray[np.int64] | slice) -> Dataset:
        """Some of the samples, by their places; a slice copies nothing."""
        validation = None if self.validation is None else self.validation[which]
        return Dataset(self.glyphs[which], self.labels[which], self.classes, self.title, validation)

    def with_validation(self, validation: Dataset) -> Dataset:
        """These samples to train on, with others of the same classes as the validation split."""
        return Dataset(
            np.concatenate((self.glyphs, validation.glyphs)),
            np.concatenate((self.labels, validation.labels)),
            self.classes,
            self.title,
            np.arange(len(self) + len(validation)) >= len(self),
        )

    def tensors(self) -> tuple[Tensor, Tensor]:
        """Glyphs and labels as tensors of the same memory."""
        import torch

        return torch.from_numpy(self.glyphs), torch.from_numpy(self.labels)

    def sample(self, count: int, seed: int) -> Dataset:
        """At most so many samples, at random and in random order."""
        return self.take(_shuffled(len(self), seed)[:count])

    def split(self, validation_share: float, seed: int, least: int = 1) -> tuple[Dataset, Dataset]:
        """Keep a share of each class for validation, at random.

        A dataset that comes with a validation split keeps that one.

        Args:
            validation_share: in (0, 1); of each class at least one glyph is kept for validation,
                and at least one for training.
            seed: of the choice; the same one gives the same split.
            least: at least so many glyphs of each class are kept, as far as they are no more than
                a quarter of it.

        Returns:
            The training and the validation split. Both are in random order, so that any beginning
            of them is a fair sample.

        Raises:
            DigitpadError: a class has fewer than two glyphs.
        """
        order = _shuffled(len(self), seed)
        if self.validation is not None:
            kept = self.validation[order]
            return self.take(order[~kept]), self.take(order[kept])
        labels = self.labels[order]
        is_validation = np.zeros(len(order), dtype=bool)
        for index, name in enumerate(self.classes):
            places = np.flatnonzero(labels == index)
            if len(places) < _LEAST:
                raise _too_few(self.title, name, len(places))
            count = max(round(len(places) * validation_share), min(least, len(places) // 4), 1)
            is_validation[places[: min(count, len(places) - 1)]] = True
        return self.take(order[~is_validation]), self.take(order[is_validation])


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A dataset to train on, and how much of it makes an epoch.

    Attributes:
        data: the whole dataset.
        per_epoch: glyphs drawn from it for a pass through it, without repeats; None takes all.
        passes: how often an epoch draws so many, at least 1.
    """

    data: Dataset
    per_epoch: int | None = None
    passes: int = 1

    @property
    def per_pass(self) -> int:
        """Glyphs that this source gives to a pass."""
        return len(self.data) if self.per_epoch is None else min(self.per_epoch, len(self.data))

    @property
    def size(self) -> int:
        """Glyphs that this source gives to an epoch."""
        return self.per_pass * self.passes


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Everything that a training sees.

    Attributes:
        classes: their names; labels index them.
        sources: what is trained on, mixed.
        validation: named datasets that the network is validated on and never trained on.
        no_class: drawings of no class that are never trained on, for a threshold; None without.
    """

    classes: tuple[str, ...]
    sources: tuple[Source, ...]
    validation: Mapping[str, Dataset] = field(default_factory=dict)
    no_class: Dataset | None = None

    @property
    def epoch_size(self) -> int:
        """Glyphs in an epoch."""
        return sum(source.size for source in self.sources)


def index_names(
    names: Sequence[str], source: object, classes: tuple[str, ...] | None = None
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Classes and labels from the names of what drawings show.

    Args:
        names: one a drawing.
        source: what they come from, for errors.
        classes: of a dataset that is known. None makes them of the names: sorted, numbers by their
            value and before other names.

    Returns:
        The classes, and for each drawing the index of its class, int64 (n,).

    Raises:
        DigitpadError: there are fewer than two classes, or more than a model takes; a class has
            fewer than two drawings, or a name that a model does not take.
    """
    if classes is None:
        counts = Counter(names)
        classes = tuple(sorted(counts, key=_order))
        _check_classes(classes, counts, source)
    indices = {name: index for index, name in enumerate(classes)}
    return classes, np.array([indices[name] for name in names], dtype=np.int64)


def choose(labels: NDArray[np.int64], count: int | None, seed: int) -> NDArray[np.int64]:
    """Which samples are taken: at random, but two of each class at least, where it has two.

    Args:
        labels: int64 (n,), all of them.
        count: how many; None takes all.
        seed: the same one chooses the same samples.

    Returns:
        int64 (k,), indices in rising order; k is the smaller of n and the count.

    Raises:
        DigitpadError: so few samples cannot have two of each class.
    """
    if count is None or count >= len(labels):
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    # A stable sort keeps the random order within each class.
    by_class = order[np.argsort(labels[order], kind="stable")]
    first = np.ones(len(labels), dtype=bool)
    first[_LEAST:] = labels[by_class[_LEAST:]] != labels[by_class[:-_LEAST]]
    needed = by_class[first]
    if len(needed) > count:
        raise DigitpadError(
            "{count} drawings are too few for {classes} classes: take at least {needed}.",
            count=count,
            classes=len(np.unique(labels)),
            needed=len(needed),
        )
    others = order[np.isin(order, needed, invert=True)]
    return np.sort(np.concatenate((needed, others[: count - len(needed)])))


def divided(count: int, training: int, validation: int, classes: int) -> tuple[int, int]:
    """How many samples are taken of each split of a dataset that comes with two, of both alike.

    Args:
        count: of both splits together, at most.
        training: how many samples there are to train on, at least one.
        validation: how many there are in the validation split, at least one.
        classes: how many classes.

    Raises:
        DigitpadError: the count is too small for both splits.
    """
    if count >= training + validation:
        return training, validation
    needed = 2 * _LEAST * classes
    if count < needed:
        raise DigitpadError(
            "{count} drawings are too few for {classes} classes: take at least {needed}.",
            count=count,
            classes=classes,
            needed=needed,
        )
    kept = max(round(count * validation / (training + validation)), needed // 2)
    return count - kept, kept


def _shuffled(count: int, seed: int) -> NDArray[np.int64]:
    import torch

    # torch's numbers, so that the splits of every run on disk stay what they are.
    order: NDArray[np.int64] = torch.randperm(
        count, generator=torch.Generator().manual_seed(seed)
    ).numpy()
    return order


def _check_classes(classes: tuple[str, ...], counts: Mapping[str, int], source: object) -> None:
    if not classes:
        raise DigitpadError("{source} has no class: a network needs at least two.", source=source)
    if len(classes) < 2:
        raise DigitpadError(
            "{source} has only the class {name!r}: a network needs at least two classes to tell"
            " apart.",
            source=source,
            name=classes[0],
        )
    if len(classes) > MAX_CLASSES:
        raise DigitpadError(
            "{source} has {count} classes: a network takes at most {max_classes}.",
            source=source,
            count=len(classes),
            max_classes=MAX_CLASSES,
        )
    for name in classes:
        if not is_usable(name):
            raise unusable(source, name)
        if counts[name] < _LEAST:
            raise _too_few(source, name, counts[name])


def check_counts(classes: Sequence[str], labels: NDArray[np.int64], source: object) -> None:
    """Refuse labels, int64 (n,), that have too few of a class.

    Raises:
        DigitpadError: so it is.
    """
    for name, count in zip(classes, np.bincount(labels, minlength=len(classes)), strict=True):
        if count < _LEAST:
            raise _too_few(source, name, int(count))


def _too_few(source: object, name: str, count: int) -> DigitpadError:
    return DigitpadError(
        "{source} has too few drawings of {name!r}: {count}. A class needs at least two, one for"
        " training and one for validation.",
        source=source,
        name=name,
        count=count,
    )


def _order(name: str) -> tuple[bool, int, str]:
    # int() takes other scripts' digits too, but not everything that looks like a number.
    is_number = name.isdecimal() and len(name) < 20
    return (not is_number, int(name) if is_number else 0, name)
