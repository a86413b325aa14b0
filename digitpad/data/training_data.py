"""Training data in memory: glyphs and labels as tensors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from digitpad.errors import DigitpadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

OUTLIER = -1
"""Label of a glyph that belongs to no class."""


@dataclass(frozen=True, slots=True, eq=False)
class GlyphSet:
    """Glyphs with their labels.

    Attributes:
        glyphs: uint8 (n, 28, 28), ink 255 on 0.
        labels: int64 (n,), an index of a class, or OUTLIER.

    Raises:
        ValueError: shapes or dtypes are others.
    """

    glyphs: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        if self.glyphs.dtype != torch.uint8 or self.glyphs.ndim != 3:
            raise ValueError("glyphs must be uint8 of the shape (n, 28, 28)")
        if self.labels.dtype != torch.int64 or self.labels.shape != self.glyphs.shape[:1]:
            raise ValueError("labels must be int64, one a glyph")

    @classmethod
    def of(cls, glyphs: NDArray[np.uint8], labels: NDArray[np.int64]) -> GlyphSet:
        """From numpy arrays, which are copied."""
        return cls(torch.tensor(glyphs), torch.tensor(labels, dtype=torch.int64))

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A set to train on, and how much of it makes an epoch.

    Attributes:
        data: the whole set.
        per_epoch: glyphs drawn from it for an epoch, without repeats; None takes all.
    """

    data: GlyphSet
    per_epoch: int | None = None

    @property
    def size(self) -> int:
        """Glyphs that this source gives to an epoch."""
        return len(self.data) if self.per_epoch is None else min(self.per_epoch, len(self.data))


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Everything that a training sees.

    Attributes:
        classes: their names; labels index them.
        sources: what is trained on, mixed.
        validation: named sets that are measured after each epoch and never trained on.
    """

    classes: tuple[str, ...]
    sources: tuple[Source, ...]
    validation: Mapping[str, GlyphSet] = field(default_factory=dict)

    @property
    def epoch_size(self) -> int:
        """Glyphs in an epoch."""
        return sum(source.size for source in self.sources)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledData:
    """A whole data set, before some of it is kept aside for validation.

    Attributes:
        classes: their names; labels index them.
        data: every glyph has a class.
        title: what the set is called.
    """

    classes: tuple[str, ...]
    data: GlyphSet
    title: str

    def counts(self) -> tuple[int, ...]:
        """Number of glyphs of each class."""
        return tuple(torch.bincount(self.data.labels, minlength=len(self.classes)).tolist())


def split(labelled: LabelledData, validation_share: float, seed: int) -> TrainingData:
    """Keep a share of each class aside for validation, at random.

    Args:
        labelled: the whole set.
        validation_share: in (0, 1); of each class at least one glyph is kept aside, and at least
            one is left to learn from.
        seed: of the choice; the same one gives the same split.

    Returns:
        One source, and one validation set that is called "validation"; both are in random order,
        so that any beginning of them is a fair sample.

    Raises:
        DigitpadError: a class has fewer than two glyphs.
    """
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(labelled.data), generator=generator)
    labels = labelled.data.labels[order]
    aside = torch.zeros(len(order), dtype=torch.bool)
    for index, name in enumerate(labelled.classes):
        places = torch.nonzero(labels == index).flatten()
        if len(places) < 2:
            raise DigitpadError(
                "{title} has {count} drawings of {name!r}, and a class needs at"
                " least two: one to learn from and one to measure on.",
                title=labelled.title,
                count=len(places),
                name=name,
            )
        count = min(max(round(len(places) * validation_share), 1), len(places) - 1)
        aside[places[:count]] = True
    parts = [
        GlyphSet(labelled.data.glyphs[chosen], labelled.data.labels[chosen])
        for chosen in (order[~aside], order[aside])
    ]
    return TrainingData(labelled.classes, (Source(parts[0]),), {"validation": parts[1]})
