"""Loads datasets to be looked at, in the background of the window."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.services.job_thread import JobThread

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from numpy.typing import NDArray

    from digitpad.data.choice import DataChoice
    from digitpad.data.dataset import Dataset
    from digitpad.errors import DigitpadError
    from digitpad.learning.configuration.config import Augmentation

_MOST = 5000
"""Largest number of glyphs that are shown of a dataset."""

_COPIES = 8
"""Number of changed versions of each glyph in the preview of augmentation."""


class DataService(QObject):
    """Owns the thread on which datasets are loaded to be looked at.

    Args:
        data_dir: the folder of the datasets.

    Signals:
        loading: the progress, a `Loading`.
        loaded: a `Dataset` of some of the samples, the number of samples of each class in the whole
            dataset, and sentences about it, each a `DigitpadError`.
        failed: a sentence that says why it could not be loaded.
        cancelled: loading was cancelled.
    """

    loading = Signal(object)
    loaded = Signal(object, object, object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._data_dir = data_dir
        self._sample: tuple[Dataset, tuple[int, ...], tuple[DigitpadError, ...]] | None = None
        self._thread = JobThread("data", parent=self)
        self._thread.produced.connect(self._on_produced)
        self._thread.ended.connect(self._on_ended)

    @property
    def is_busy(self) -> bool:
        """Whether a dataset is being loaded."""
        return self._thread.is_busy

    def show(self, choice: DataChoice, seed: int) -> None:
        """Load a dataset, unless another one is being loaded."""
        if not self._thread.is_busy:
            self._sample = None
            self._thread.start(lambda: _load(choice, self._data_dir, seed))

    @Slot()
    def cancel(self) -> None:
        """Stop loading. What was downloaded is kept for the next time."""
        self._thread.cancel()

    def shutdown(self) -> None:
        """Stop loading, and wait until the thread has ended."""
        self._thread.shutdown()

    def augmented(self, glyphs: NDArray[np.uint8], settings: Augmentation) -> NDArray[np.uint8]:
        """Versions of glyphs after augmentation.

        Args:
            glyphs: uint8 (k, 28, 28).
            settings: of the augmentation.

        Returns:
            uint8 (k, 8, 28, 28). The same glyphs and settings give the same versions.
        """
        import torch

        from digitpad.learning.augmentation.augment import augment

        levels = torch.from_numpy(np.repeat(glyphs, _COPIES, axis=0)).unsqueeze(1)
        changed = augment(levels, settings, torch.Generator().manual_seed(0))
        pixels: NDArray[np.uint8] = changed.float().round_().to(torch.uint8).numpy()
        return pixels.reshape(len(glyphs), _COPIES, *glyphs.shape[1:])

    @Slot(object)
    def _on_produced(self, item: object) -> None:
        if isinstance(item, tuple):
            self._sample = item
        else:
            self.loading.emit(item)

    @Slot(str)
    def _on_ended(self, problem: str) -> None:
        if problem:
            self.failed.emit(problem)
        elif self._sample is not None:
            self.loaded.emit(*self._sample)
        else:
            self.cancelled.emit()


def _load(choice: DataChoice, data_dir: Path, seed: int) -> Generator[object]:
    """Runs on the other thread; gives `Loading` events, and at last what `loaded` emits."""
    from digitpad.data.loading import Loaded, load_data

    with contextlib.closing(load_data(choice, data_dir, seed)) as events:
        for event in events:
            if isinstance(event, Loaded):
                dataset = event.dataset
                yield dataset.sample(_MOST, seed), dataset.counts(), event.notices
            else:
                yield event
