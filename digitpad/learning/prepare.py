"""Prepares the data of a training: splits, passes, drawings of no class, and their order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from digitpad.data.dataset import OUTLIER, Dataset, Source, TrainingData
from digitpad.data.progress import Loading, Ticker
from digitpad.data.synthetic.no_class import no_class_glyphs
from digitpad.learning.retraining.own_samples import own_source
from digitpad.text import writable

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from torch import Tensor

    from digitpad.data.synthetic.no_class import Purpose
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.samples.sample import Sample

_MOST_OUTLIERS = 2000
"""Largest number of drawings of no class to learn from; long trainings see them several times."""

_HELD_OUT = 600
"""Number of drawings of no class that help to find the threshold."""


def prepare(
    dataset: Dataset, config: TrainingConfig, samples: Sequence[Sample] = ()
) -> Generator[Loading | TrainingData]:
    """Split a dataset, draw glyphs that are none of its classes, and redraw the user's samples.

    The same dataset, configuration and samples give the same data in the same order.

    Args:
        dataset: has at least two samples of each class.
        config: of the training.
        samples: the user's own, to be mixed in; their labels are among the classes.

    Yields:
        Loading events, then the TrainingData.

    Raises:
        DigitpadError: a class has fewer than two samples.
    """
    training, validation = dataset.split(
        config.validation_share, config.seed, config.least_validation
    )
    sources, held_out = yield from learnt_from(training, config)
    share = config.samples_share
    if samples and (count := round(share / (1 - share) * sources[0].size)):
        own = own_source(samples, dataset.classes, count, config.epochs, config.seed)
        sources += ((yield from own),)
    yield TrainingData(dataset.classes, sources, {writable(dataset.title): validation}, held_out)


def learnt_from(
    training: Dataset, config: TrainingConfig
) -> Generator[Loading, None, tuple[tuple[Source, ...], Dataset | None]]:
    """What `prepare` makes of a training split: sources, and drawings for the threshold if any."""
    passes = max(1, math.ceil(config.epoch_steps * config.batch_size / max(len(training), 1)))
    sources = [Source(training, passes=passes)]
    held_out = None
    per_epoch = round(config.outlier_share * len(training) * passes)
    if per_epoch:
        count = min(per_epoch * config.epochs, _MOST_OUTLIERS)
        pool = yield from _draw(training, count, config.seed, "learn", count + _HELD_OUT)
        held_out = yield from _draw(
            training, _HELD_OUT, config.seed, "calibrate", count + _HELD_OUT, count
        )
        if len(pool):
            again = math.ceil(per_epoch / len(pool))
            sources.append(Source(pool, round(per_epoch / again), again))
    return tuple(sources), held_out


def _draw(
    known: Dataset, count: int, seed: int, purpose: Purpose, total: int, before: int = 0
) -> Generator[Loading, None, Dataset]:
    """Draw glyphs of no class, labelled as outliers.

    Args:
        known: samples of the classes.
        count: number of glyphs to draw.
        seed: of the random numbers.
        purpose: see `no_class_glyphs`.
        total: number of glyphs to draw in all, for the progress.
        before: number of glyphs already drawn, for the progress.
    """
    parts = [np.empty((0, *known.glyphs.shape[1:]), dtype=np.uint8)]
    ticker, done = Ticker(), before
    for glyphs in no_class_glyphs(known, count, seed, purpose):
        parts.append(glyphs)
        done += len(glyphs)
        if ticker.is_due():
            yield Loading("scribbling", done, total, "drawings")
    glyphs = np.concatenate(parts)
    labels = np.full(len(glyphs), OUTLIER, dtype=np.int64)
    return Dataset(glyphs, labels, known.classes, known.title)


def epoch_order(data: TrainingData, generator: torch.Generator) -> Tensor:
    """Shuffled indices for an epoch, int64 (n,), into the glyphs of all sources together."""
    parts = []
    first = 0
    for source in data.sources:
        count = len(source.data)
        parts += [
            first + torch.randperm(count, generator=generator)[: source.per_pass]
            for _ in range(source.passes)
        ]
        first += count
    pool = torch.cat(parts)
    return pool[torch.randperm(len(pool), generator=generator)]
