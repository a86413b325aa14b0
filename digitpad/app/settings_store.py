"""The user's settings while the program runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from digitpad.app.i18n import translated
from digitpad.app.widgets.layout import pause_timer
from digitpad.errors import DigitpadError
from digitpad.settings import load_settings, save_settings

if TYPE_CHECKING:
    from pathlib import Path

    from digitpad.settings import Settings

_DELAY_MS = 400


class SettingsStore(QObject):
    """Holds the settings, and writes them soon after they change and at the end.

    Only what was changed here is written over what the file has by then: the command line may have
    chosen a model meanwhile.

    Args:
        settings: as they were read.
        path: of their file.

    Attributes:
        settings: as they are now; to be changed by `change` only.

    Signals:
        noticed: a sentence for the user: they could not be written.
    """

    noticed = Signal(str)

    def __init__(self, settings: Settings, path: Path) -> None:
        super().__init__()
        self.settings = settings
        self._path = path
        self._changes: dict[str, Any] = {}
        self._timer = pause_timer(self, _DELAY_MS, self.save)

    def change(self, **values: Any) -> None:
        """Set fields of `Settings`; the file follows."""
        changed = replace(self.settings, **values)
        if changed != self.settings:
            self.settings = changed
            self._changes |= values
            self._timer.start()

    @Slot()
    def save(self) -> None:
        """Write what has changed since the last time."""
        self._timer.stop()
        found = load_settings(self._path)
        # Where the file is no use any more, what was read from it once is.
        base = found.settings if found.notice is None else self.settings
        try:
            save_settings(replace(base, **self._changes), self._path)
        except DigitpadError as error:
            self.noticed.emit(translated(error))
        else:
            self._changes.clear()

    def save_waiting(self) -> None:
        """Write at once what would be written soon."""
        if self._timer.isActive():
            self.save()
