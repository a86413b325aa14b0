"""A bug in a command: what is left of it in the log."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from digitpad.diagnostics import reports

if TYPE_CHECKING:
    from pathlib import Path


def log_bug(error: BaseException, log_path: Path) -> str:
    """Add a report to the log.

    Args:
        error: what nobody caught.
        log_path: its folder is made where it is missing.

    Returns:
        The sentence to show.
    """
    what = f"An error in Digitpad ended the command ({reports.name_of(error)})"
    account = reports.account_of(error, threading.current_thread().name)
    try:
        reports.add_to_log(log_path, reports.complete(account))
    except OSError as reason:
        return f"{what}; no report could be written to {log_path}: {reason.strerror or reason}."
    return f"{what}; please send in the report at the end of {log_path}."
