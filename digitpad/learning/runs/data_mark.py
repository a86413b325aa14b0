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
    from digitpad.data.dataset import Dataset


def mark_of(dataset: Dataset) -> DataMark:
    """Make the mark of a dataset.

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
    title = writable(dataset.title)
    return DataMark(title, dataset.classes, len(dataset), digest.hexdigest())
