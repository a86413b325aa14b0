"""Which data a model was trained on. Without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.learning.configuration.config import TrainingConfig

if TYPE_CHECKING:
    from digitpad.data.choice import DataChoice
    from digitpad.recognition.model_info import ModelInfo


def data_of(info: ModelInfo) -> DataChoice | None:
    """The data that a model was trained on; None if it is not known, or on another computer."""
    try:
        config = TrainingConfig.from_json(str(info.origin.get("config", "")))
    except DigitpadError:
        return None
    # The file of a model may come from a stranger.
    return None if config.network_places() else config.data
