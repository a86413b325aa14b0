"""A bug in a command: what is left of it in the log."""

from __future__ import annotations

import platform
import traceback
from typing import TYPE_CHECKING

import digitpad

if TYPE_CHECKING:
    from pathlib import Path

_LOG_LIMIT_BYTES = 1_000_000
"""A log that has grown larger is begun again."""


def log_bug(error: BaseException, log_path: Path) -> str:
    """Add a report to the log.

    Args:
        error: what nobody caught.
        log_path: its folder is made where it is missing.

    Returns:
        The sentence to show.
    """
    report = (
        f"Digitpad {digitpad.__version__}, Python {platform.python_version()},"
        f" {platform.platform()}\n\n{''.join(traceback.format_exception(error))}\n"
    )
    what = f"An error in Digitpad ended the command ({type(error).__name__}: {error})"
    try:
        log_path.parent.mkdir(parents=True, exist_ok=True)
        full = log_path.exists() and log_path.stat().st_size > _LOG_LIMIT_BYTES
        with log_path.open(
            "w" if full else "a", encoding="utf-8", errors="backslashreplace"
        ) as log:
            log.write(report)
    except OSError as reason:
        return f"{what}; no report could be written to {log_path}: {reason.strerror or reason}."
    return f"{what}; please send in the report at the end of {log_path}."
