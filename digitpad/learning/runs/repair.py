"""A new list of runs in the place of a damaged one, from what lies in the runs' folders."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.learning.config import TrainingConfig
from digitpad.learning.runs.run import Run
from digitpad.learning.runs.schema import insert_run
from digitpad.recognition.model_info import read_model_info
from digitpad.storage.problems import os_errors

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from digitpad.recognition.model_info import ModelInfo
    from digitpad.storage.database import Database

DESCRIPTION = "run.json"
MODEL = "model.safetensors"
_LOCK_SECONDS = 10.0


def repair(folder: Path, database: Database) -> DigitpadError | None:
    """Put a damaged list aside and begin a new one with the runs whose folders tell of them.

    Args:
        folder: with a folder for each run.
        database: in the folder.

    Returns:
        What was done, for the user; None where another process was quicker.

    Raises:
        DigitpadError: the list cannot be put aside, or a new one not be written.
    """
    from filelock import FileLock, Timeout

    with os_errors(
        "The list of runs in {folder} is damaged and cannot be repaired: {reason}. Check the disk"
        " and the folder's permissions.",
        folder=folder,
    ):
        try:
            with FileLock(folder / "repair.lock", timeout=_LOCK_SECONDS, thread_local=False):
                if not database.is_damaged():
                    return None
                aside = database.put_aside()
                found = sorted(_found(folder), key=lambda run: run.created)
                database.write(lambda connection: _insert(connection, found))
        except Timeout:
            raise DigitpadError(
                "The list of runs in {folder} is damaged, and another program is repairing it: try"
                " again.",
                folder=folder,
            ) from None
    done = DigitpadError(
        "The list of runs was damaged: the file is kept as {aside}, and a new one holds the runs"
        " that were found again, without their curves: {count}.",
        aside=aside,
        count=len(found),
    )
    logging.getLogger(__name__).warning("%s", done)
    return done


def _found(folder: Path) -> list[Run]:
    found = []
    for place in folder.iterdir():
        model = None
        with suppress(DigitpadError):
            model = read_model_info(place / MODEL)
        with suppress(DigitpadError):
            run = _described(place, model)
            # A folder that somebody has copied tells of another run than its own.
            if run is not None and run.id == place.name:
                found.append(run)
    return found


def _described(place: Path, model: ModelInfo | None) -> Run | None:
    run = None
    with suppress(OSError, ValueError, DigitpadError):
        run = Run.from_description((place / DESCRIPTION).read_text(encoding="utf-8"))
    if model is None:
        return run
    if run is None:
        # The model alone tells enough.
        changed = datetime.fromtimestamp((place / MODEL).stat().st_mtime, UTC)
        config = TrainingConfig.from_json(str(model.origin.get("config", "")))
        run = Run(place.name, model.name, changed, "completed", config)
    return replace(run, status="completed", best_accuracy=_accuracy(model))


def _insert(connection: sqlite3.Connection, found: list[Run]) -> None:
    for run in found:
        # A name may be there twice where somebody was quicker.
        if not insert_run(connection, run):
            insert_run(connection, replace(run, name=f"{run.name} ({run.id})"))


def _accuracy(model: ModelInfo) -> float | None:
    """Mean accuracy over the model's validation datasets; None where it has none."""
    with suppress(KeyError, TypeError, AttributeError, ZeroDivisionError):
        shares = [float(metrics["accuracy"]) for metrics in model.metrics["validation"].values()]
        return sum(shares) / len(shares)
    return None
