"""The settings that the form showed last, for each kind of data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.app.settings_store import SettingsStore
    from digitpad.learning.configuration.presets import Preset

_KIND = "kind"
_PRESET, _CONFIG = "preset", "config"


class FormMemory:
    """Keeps configurations of trainings in the user's settings. What is invalid there is ignored.

    If a configuration is a preset, the preset's name counts: users who never changed it get an
    improved preset of a later version.

    Args:
        settings: the user's settings.
        presets: by name.
    """

    def __init__(self, settings: SettingsStore, presets: Mapping[str, Preset]) -> None:
        self._settings, self._presets = settings, presets

    @property
    def last(self) -> TrainingConfig | None:
        """The configuration shown last; None if it is not known."""
        kind = self._kept.get(_KIND)
        return self.of(kind) if isinstance(kind, str) else None

    def of(self, kind: str) -> TrainingConfig | None:
        """The configuration last shown for a kind of data; None if it is not known."""
        kept = self._kept.get(kind)
        if not isinstance(kept, dict):
            return None
        try:
            config = TrainingConfig.from_json(json.dumps(kept.get(_CONFIG)))
        except DigitpadError:
            return None
        if config.data is None or config.data.kind != kind:
            return None
        name = kept.get(_PRESET)
        preset = self._presets.get(name) if isinstance(name, str) else None
        if preset is None:
            return config
        return replace(preset.config, data=config.data, device=config.device, seed=config.seed)

    def keep(self, config: TrainingConfig, preset: str) -> None:
        """Keep a configuration, and the name of the preset that it matches or ""."""
        if config.data is None:
            return
        kept = {_PRESET: preset, _CONFIG: json.loads(config.to_json())}
        own = {_KIND: config.data.kind, config.data.kind: kept}
        self._settings.change(training={**self._kept, **own})

    @property
    def _kept(self) -> Mapping[str, Any]:
        return self._settings.settings.training
