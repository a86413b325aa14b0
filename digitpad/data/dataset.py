"""Labelled glyphs in memory, for training, validation and display.

torch is imported only for its random numbers, so that widgets can hold a dataset without it.
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
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

OUTLIER = -1
"""Label of a glyph of no class."""

DIGITS: tuple[str, ...] = tuple("0123456789")
"""Classes of every dataset of digits."""

_LEAST = 2
"""Least number of samples of a class: one for training and one for validation."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Glyphs with their labels.

    Attributes:
        glyphs: uint8 (n, 28, 28), ink 255 on 0.
        labels: int64 (n,), each the index of a class, or OUTLIER.
        classes: names of the classes.
        title: the name of the dataset for people.
        validation: bool (n,), true for samples of the validation split that the dataset comes with;
            None if it comes with none.

    Raises:
        ValueError: a shape, a dtype or a label is wrong.
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
        """Number of samples of each class, outliers left out."""
        known = self.labels[self.labels != OUTLIER]
        return tuple(np.bincount(known, minlength=len(self.classes)).tolist())

    def take(self, which: NDArray[np.int64] | slice) -> Dataset:
        """Some of the samples, by their indices; a slice copies nothing."""
        validation = None if self.validation is None else self.validation[which]
        return Dataset(self.glyphs[which], self.labels[which], self.classes, self.title, validation)

    def with_validation(self, validation: Dataset) -> Dataset:
        """These samples for training, with others of the same classes as the validation split."""
        return Dataset(
            np.concatenate((self.glyphs, validation.glyphs)),
            np.concatenate((self.labels, validation.labels)),
            self.classes,
            self.title,
            np.arange(len(self) + len(validation)) >= len(self),
        )

    def tensors(self) -> tuple[Tensor, Tensor]:
        """Glyphs and labels as tensors that share their memory."""
        import torch

        return torch.from_numpy(self.glyphs), torch.from_numpy(self.labels)

    def sample(self, count: int, seed: int) -> Dataset:
        """At most `count` samples, chosen at random and in random order."""
        return self.take(_shuffled(len(self), seed)[:count])

    def split(self, validation_share: float, seed: int, least: int = 1) -> tuple[Dataset, Dataset]:
        """Split the dataset into training and validation, at random.

        A dataset that comes with a validation split keeps that one.

        Args:
            validation_share: share of each class for validation, in (0, 1). Each class gives at
                least one sample to each split.
            seed: the same seed gives the same split.
            least: each class gives at least so many samples to validation, but at most a quarter of
                its samples for this reason.

        Returns:
            The training and the validation split, each in random order, so that the first samples
            are a fair selection.

        Raises:
            DigitpadError: a class has fewer than two samples.
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
    """A dataset to train on, and how much of it an epoch takes.

    Attributes:
        data: the whole dataset.
        per_epoch: number of samples in a pass, taken at random without repeats; None for all.
        passes: number of passes in an epoch, at least 1.
    """

    data: Dataset
    per_epoch: int | None = None
    passes: int = 1

    @property
    def per_pass(self) -> int:
        """Number of samples in a pass."""
        return len(self.data) if self.per_epoch is None else min(self.per_epoch, len(self.data))

    @property
    def size(self) -> int:
        """Number of samples in an epoch."""
        return self.per_pass * self.passes


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """All data of a training.

    Attributes:
        classes: names of the classes, in the order of the labels.
        sources: datasets to train on, which are mixed.
        validation: datasets to validate on, by name.
        no_class: samples of no class that help to find the threshold; None without any. They are
            not trained on.
    """

    classes: tuple[str, ...]
    sources: tuple[Source, ...]
    validation: Mapping[str, Dataset] = field(default_factory=dict)
    no_class: Dataset | None = None

    @property
    def epoch_size(self) -> int:
        """Number of samples in an epoch."""
        return sum(source.size for source in self.sources)


def index_names(
    names: Sequence[str], source: object, classes: tuple[str, ...] | None = None
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Find classes and labels from the names of samples' classes.

    Args:
        names: one for each sample.
        source: names the dataset in errors.
        classes: those of a known dataset. None takes the names: sorted, numbers by value and before
            other names.

    Returns:
        The classes, and the index of the class of each sample, int64 (n,).

    Raises:
        DigitpadError: there are fewer than two classes or too many; a class has fewer than two
            samples, or a name that is not allowed.
    """
    if classes is None:
        counts = Counter(names)
        classes = in_order(counts)
        _check_classes(classes, counts, source)
    indices = {name: index for index, name in enumerate(classes)}
    return classes, np.array([indices[name] for name in names], dtype=np.int64)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names of classes in their usual order: numbers by value and before other names."""
    return tuple(sorted(names, key=_order))


def choose(labels: NDArray[np.int64], count: int | None, seed: int) -> NDArray[np.int64]:
    """Choose samples at random, but at least two of each class that has two.

    Args:
        labels: int64 (n,), of all samples.
        count: how many to choose; None for all.
        seed: the same seed chooses the same samples.

    Returns:
        int64 (k,), ascending indices; k is the smaller of n and `count`.

    Raises:
        DigitpadError: `count` is too small for two samples of each class.
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
    """Divide a number of samples among a training and a validation split, by their sizes.

    Args:
        count: largest number of samples of both splits together.
        training: size of the training split, at least 1.
        validation: size of the validation split, at least 1.
        classes: number of classes.

    Returns:
        How many samples to take of the training and of the validation split.

    Raises:
        DigitpadError: `count` is too small for two samples of each class in both.
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

    # torch's random numbers, so that the splits of all runs on disk stay the same.
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
    """Check that each class has enough labels, int64 (n,).

    Raises:
        DigitpadError: a class has too few.
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
    # int() reads the digits of every script, but not everything that looks like a number.
    is_number = name.isdecimal() and len(name) < 20
    return (not is_number, int(name) if is_number else 0, name)
