"""Publishes the model of a run, so that the pad can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.recognition.model_store import is_model_name
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.learning.runs.run import Run
    from digitpad.learning.runs.store import RunStore
    from digitpad.recognition.model_store import ModelStore

_MAX_CHARACTERS, _MAX_BYTES = 80, 200


def publish_model(run: Run, runs: RunStore, models: ModelStore) -> str:
    """Copy a run's model into the store of models, unless it is there.

    Args:
        run: a run that has a model.
        runs: the store of the run.
        models: the store of models.

    Returns:
        The model's name: that of the run, with a number if another model has it.

    Raises:
        DigitpadError: the run's model is missing or damaged, or the copy cannot be written.
    """
    source = runs.model_path(run.id)
    # Characters that are not allowed in file names of some system are replaced.
    stem = "".join(c if is_model_name(f"a{c}a") else "-" for c in run.name)
    # File systems limit names by bytes. There must be room for a number.
    stem = stem.encode()[:_MAX_BYTES].decode(errors="ignore").strip(". ")[:_MAX_CHARACTERS]
    if not is_model_name(stem) or models.ships(stem.casefold()):
        stem = f"Run {stem}".strip()
    kept = {model.name: model.path for model in models.list() if not model.is_bundled}
    folded = {name.casefold() for name in kept}
    name, number = stem, 1
    while name.casefold() in folded:
        if name in kept and _content(kept[name]) == _content(source):
            return name
        number += 1
        name = f"{stem} ({number})"
    return models.import_file(source, name).name


def _content(path: Path) -> bytes:
    with os_errors("{filename} cannot be read: {reason}.", filename=path):
        return path.read_bytes()
