"""The names of the networks, for lists and forms. Free of torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitpad.text import Marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.recognition.model_info import ModelInfo

ENSEMBLE = "ensemble"
"""Several networks that answer together. It is put together, not trained, so no form offers it."""

ARCHITECTURE_TITLES: Mapping[str, str] = {
    "quicknet": Marked("Small and fast"),
    "padnet": Marked("Medium, with batch normalisation"),
    "surenet": Marked("Residual, as in the bundled model"),
    "tutorial-convnet": Marked("The tutorial's ConvNet"),
    "mlp": Marked("Multilayer perceptron"),
}
"""Every network that can be trained, by name, simplest use first."""

ABOUT_THE_TIME = (0.8, 1.25)
"""Multiply-adds relative to another model's that make no difference worth words."""


def network_count(info: ModelInfo) -> int:
    """Of how many networks a model consists, by its description.

    Args:
        info: its options are not checked until the model is loaded; odd ones count as one network.
    """
    count = info.options.get("members") if info.architecture == ENSEMBLE else 1
    return count if isinstance(count, int) else 1
