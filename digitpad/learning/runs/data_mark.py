"""Identifies the data of a run, so that it can be recognised when the run is resumed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from digitpad.errors import DigitpadError
from digitpad.learning.runs.run import DataMark
from digitpad.recognition.model_info import checked_class
from digitpad.text import writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digitpad.data.dataset import Dataset
    from digitpad.learning.runs.run import Run
    from digitpad.samples.sample import Sample


def mark_of(dataset: Dataset, samples: Sequence[Sample] = ()) -> DataMark:
    """Make the mark of a dataset, and of the user's samples that are mixed with it.

    Raises:
        DigitpadError: the name of a class is not allowed in a model file. It is better to know this
            before the training than after it.
    """
    for name in dataset.classes:
        try:
            checked_class(name)
        except ValueError as error:
            raise DigitpadError(
                "The data has a class that cannot be trained: {reason}. Rename it.", reason=error
            ) from None
    digest = hashlib.sha256(json.dumps(dataset.classes).encode())
    for array in (dataset.glyphs, dataset.labels):
        digest.update(np.ascontiguousarray(array).data)
    if dataset.validation is not None:
        # A run learns from other data if a sample moves to the other split.
        digest.update(np.ascontiguousarray(dataset.validation).data)
    for sample in samples:
        digest.update(json.dumps((sample.id, sample.label)).encode())
        digest.update(sample.glyph.tobytes())
        for stroke in sample.drawing.strokes:
            digest.update(stroke.points.tobytes())
    title = writable(dataset.title)
    return DataMark(title, dataset.classes, len(dataset), digest.hexdigest())


def check_same(run: Run, mark: DataMark) -> None:
    """Refuse to resume a run with other data.

    Args:
        run: the run, with the mark of its data.
        mark: of the data that was loaded now.

    Raises:
        DigitpadError: the data has changed.
    """
    known = run.data
    if known is not None and (known.classes, known.digest) != (mark.classes, mark.digest):
        raise DigitpadError(
            "The run {run!r} cannot be resumed, because its data has changed: it had {count}"
            " drawings of {classes} classes, and now {title} has {new_count} of {new_classes},"
            " or others. Begin a new run.",
            run=run.name,
            count=known.count,
            classes=len(known.classes),
            title=known.title,
            new_count=mark.count,
            new_classes=len(mark.classes),
        )
