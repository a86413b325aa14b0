"""Notices about damage that a store has found and repaired, until somebody shows them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError, joined

if TYPE_CHECKING:
    from collections.abc import Iterable


class Notices:
    """Sentences for the user; each goes to the log at once.

    Args:
        logger: name of the logger.
    """

    def __init__(self, logger: str) -> None:
        self._logger = logging.getLogger(logger)
        self._kept: list[DigitpadError] = []
        self._noted: set[str] = set()

    def take(self) -> DigitpadError | None:
        """All that was noted since the last call, as one; None if there was nothing."""
        notices, self._kept = self._kept, []
        return joined(*notices) if notices else None

    def note(self, notice: DigitpadError, about: Iterable[str] = ()) -> None:
        """Keep a notice for `take`.

        Args:
            notice: a sentence for the user.
            about: names of what it is about. Nothing is kept if there were notices about all of
                them before.
        """
        about = set(about)
        if about and about <= self._noted:
            return
        self._noted |= about
        self._logger.warning("%s", notice)
        self._kept.append(notice)
