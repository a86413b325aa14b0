"""The names of the networks, for lists and forms. Free of torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ARCHITECTURE_TITLES: Mapping[str, str] = {
    "quicknet": "Small and fast",
    "padnet": "The bundled model's",
    "tutorial-convnet": "The tutorial's ConvNet",
    "mlp": "Multilayer perceptron",
}
"""Every network that `digitpad.recognition.networks` builds, by name, simplest use first."""
