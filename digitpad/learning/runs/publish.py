"""From a finished training to a model that the pad may read with."""

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
    """Copy a run's network into the store of models, once.

    Args:
        run: a run that has a model.
        runs: where it lies.
        models: where it is kept.

    Returns:
        The model's name: the run's, or the next one like it where that is another model's.

    Raises:
        DigitpadError: the run's model is missing or damaged, or it cannot be written.
    """
    source = runs.model_path(run.id)
    # Names that no file may have on some system become ones that any may.
    stem = "".join(c if is_model_name(f"a{c}a") else "-" for c in run.name)
    # Cut by bytes, since file systems count them, with room for a number.
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
