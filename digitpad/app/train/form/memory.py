"""What the form showed last, for each kind of data by itself."""

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
    """Keeps configurations in the user's settings; what makes no sense there is as if not there.

    Of a preset its name is kept, so that a better one reaches everybody who never changed it.

    Args:
        settings: the user's.
        presets: by name.
    """

    def __init__(self, settings: SettingsStore, presets: Mapping[str, Preset]) -> None:
        self._settings, self._presets = settings, presets

    @property
    def last(self) -> TrainingConfig | None:
        """What was shown last; None where that is not known."""
        kind = self._kept.get(_KIND)
        return self.of(kind) if isinstance(kind, str) else None

    def of(self, kind: str) -> TrainingConfig | None:
        """What was last shown for a kind of data; None where that is not known."""
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
        """Keep what is shown: a configuration, and the name of the preset that it is, or ""."""
        if config.data is None:
            return
        kept = {_PRESET: preset, _CONFIG: json.loads(config.to_json())}
        own = {_KIND: config.data.kind, config.data.kind: kept}
        self._settings.change(training={**self._kept, **own})

    @property
    def _kept(self) -> Mapping[str, Any]:
        return self._settings.settings.training
