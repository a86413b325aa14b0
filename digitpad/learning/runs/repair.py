"""A new list of runs in the place of a damaged one, from what lies in the runs' folders."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from digitpad.errors import DigitpadError
from digitpad.learning.config import TrainingConfig
from digitpad.learning.runs.run import Description
from digitpad.recognition.model_info import read_model_info

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from digitpad.learning.runs.database import RunDatabase
    from digitpad.recognition.model_info import ModelInfo

DESCRIPTION = "run.json"
MODEL = "model.safetensors"
_LOCK_SECONDS = 10.0


class _Found(NamedTuple):
    description: Description
    model: ModelInfo | None


def mend(folder: Path, database: RunDatabase) -> str | None:
    """Put a damaged list aside and begin a new one with the runs whose folders tell of them.

    Args:
        folder: with a folder for each run.
        database: in the folder.

    Returns:
        A sentence for the user; None where another process was quicker.

    Raises:
        DigitpadError: the list cannot be put aside, or a new one not be written.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "mending.lock", timeout=_LOCK_SECONDS, thread_local=False):
            if not database.is_damaged():
                return None
            aside = database.put_aside()
            found = sorted(_found(folder), key=lambda entry: entry.description.created)
            database.write(lambda connection: _insert(connection, found))
    except Timeout:
        raise DigitpadError(
            "The list of runs in {folder} is damaged, and another program is mending it: try"
            " again.",
            folder=folder,
        ) from None
    except OSError as error:
        raise DigitpadError(
            "The list of runs in {folder} is damaged and cannot be mended:"
            " {reason}. Check the disk and the folder's permissions.",
            folder=folder,
            reason=error.strerror or error,
        ) from error
    return (
        f"The list of runs was damaged: the file is kept as {aside}, and a new one holds the"
        f" {len(found)} runs that were found again, without their curves."
    )


def _found(folder: Path) -> list[_Found]:
    found = []
    for place in folder.iterdir():
        model = None
        with suppress(DigitpadError):
            model = read_model_info(place / MODEL)
        with suppress(DigitpadError):
            description = _description(place, model)
            # A folder that somebody has copied tells of another run than its own.
            if description is not None and description.id == place.name:
                found.append(_Found(description, model))
    return found


def _description(place: Path, model: ModelInfo | None) -> Description | None:
    try:
        return Description.from_json((place / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError, DigitpadError):
        if model is None:
            return None
    # The model alone tells enough.
    changed = datetime.fromtimestamp((place / MODEL).stat().st_mtime, UTC)
    config = TrainingConfig.from_json(str(model.origin.get("config", "")))
    return Description(place.name, model.name, changed, 0, None, config)


def _insert(connection: sqlite3.Connection, found: list[_Found]) -> None:
    for description, model in found:
        data = description.data
        accuracy = None if model is None else _accuracy(model)
        # A name may be there twice where somebody was quicker.
        for name in (description.name, f"{description.name} ({description.id})"):
            inserted = connection.execute(
                "INSERT OR IGNORE INTO runs (id, name, created, status, config, data, steps,"
                " accuracy) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    description.id,
                    name,
                    description.created.isoformat(),
                    "suspended" if model is None else "completed",
                    description.config.to_json(),
                    None if data is None else json.dumps(asdict(data)),
                    description.steps,
                    accuracy,
                ),
            )
            if inserted.rowcount:
                break


def _accuracy(model: ModelInfo) -> float | None:
    """Mean accuracy over the model's validation sets; None where it has none."""
    with suppress(KeyError, TypeError, AttributeError, ZeroDivisionError):
        scores = [float(score["accuracy"]) for score in model.metrics["validation"].values()]
        return sum(scores) / len(scores)
    return None
