"""The log in the profile: what went wrong or was cut short. While nothing was, there is no file.

Every module writes through ``logging.getLogger(__name__)``, from INFO upwards; never what was
drawn. What libraries log goes where it always went.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Self

from digitpad.diagnostics import reports
from digitpad.storage.folders import make_private
from digitpad.text import Sentence

if TYPE_CHECKING:
    from pathlib import Path

LOG_LIMIT = 512_000
"""A log that would become larger than this, in bytes, is set aside as ``digitpad.log.1``."""

_SET_ASIDE = 2

_ROOT = logging.getLogger("digitpad")


class LogFile(RotatingFileHandler):
    """Adds what this program logs to a file, while the context lasts.

    The file is open only while something is written, since other processes write to it and set it
    aside, too. Where no log can be written, nothing else fails.

    Args:
        path: its folder is made when it is first needed.

    Attributes:
        failure: why the last line could not be written, else None.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=LOG_LIMIT,
            backupCount=_SET_ASIDE,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        form = "%(asctime)s [%(process)d] %(levelname)s %(name)s: %(message)s"
        self.setFormatter(logging.Formatter(form, reports.TIME))
        self._path = path
        self._level_before = logging.NOTSET
        self.failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._level_before = _ROOT.level
        _ROOT.setLevel(logging.INFO)
        _ROOT.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        _ROOT.removeHandler(self)
        _ROOT.setLevel(self._level_before)
        self.close()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self.failure = None
        try:
            make_private(self._path.parent)
        except OSError:
            self.handleError(record)
            return
        super().emit(record)
        stream, self.stream = self.stream, None
        if stream is not None:
            # A full disk has said so above.
            with contextlib.suppress(OSError):
                stream.close()

    def handleError(self, _: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """There is no better place to say so."""
        self.failure = sys.exception()


def log_report(report: str) -> BaseException | None:
    """Log a bug; why it could not be written, else None."""
    _ROOT.error("%s", report)
    return next((file.failure for file in _ROOT.handlers if isinstance(file, LogFile)), None)


def log_bug(error: BaseException, log_path: Path) -> Sentence:
    """Log what nobody caught and what ends a command; the sentence to show, with the log's path."""
    account = reports.account_of(error, threading.current_thread().name)
    failure = log_report(reports.complete(account))
    bug = reports.name_of(error)
    if failure is None:
        return Sentence(
            "An error in Digitpad ended the command ({bug}). Please send the report at the end of"
            " {path} to the authors.",
            bug=bug,
            path=log_path,
        )
    return Sentence(
        "An error in Digitpad ended the command ({bug}). No report could be written to {path}:"
        " {reason}.",
        bug=bug,
        path=log_path,
        reason=getattr(failure, "strerror", None) or failure,
    )
