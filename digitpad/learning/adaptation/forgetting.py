"""Deletes all that the user has taught. Without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.learning.adaptation.symbol_sets import DRAWINGS_SUFFIX, SymbolSets
from digitpad.recognition.model_info import SUFFIX
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore
    from digitpad.samples.store import SampleStore


def forget_everything(
    samples: SampleStore, models: ModelStore | None, runs: RunStore, adapted_dir: Path
) -> int:
    """Delete all samples and sets of symbols for good, and what was made of them.

    That is the copies in trainings that are not under way, the adapted models, and the models of
    the sets. Models that were trained stay.

    Args:
        samples: the store, which is emptied last: what fails before can be asked for again.
        models: the store with the models of the sets; None leaves them.
        runs: the store with the copies.
        adapted_dir: where adapted models are, and drawings that networks were trained on.

    Returns:
        The number of samples.

    Raises:
        DigitpadError: something cannot be deleted.
    """
    runs.forget_samples()
    with os_errors(
        "The adapted models in {folder} could not be deleted: {reason}. Check the folder's"
        " permissions.",
        folder=adapted_dir,
    ):
        for path in (*adapted_dir.glob(f"*{SUFFIX}"), *adapted_dir.glob(f"*{DRAWINGS_SUFFIX}")):
            path.unlink(missing_ok=True)
    if models is None:
        return samples.delete_everything()
    return SymbolSets(samples, models).delete_everything()
