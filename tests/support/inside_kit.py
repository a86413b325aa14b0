"""Models of every kind, of networks of chance, to look inside."""

from __future__ import annotations

import numpy as np
import torch
from sample_kit import sample
from teaching_kit import untaught

from digitpad.data.dataset import DIGITS
from digitpad.learning.adaptation.teacher import Teacher
from digitpad.recognition.ensemble import make_ensemble
from digitpad.recognition.model_file import Model
from digitpad.recognition.model_info import Calibration, ModelInfo
from digitpad.recognition.networks import ARCHITECTURES, build_network

_OPTIONS = {"quicknet with a border": ("quicknet", {"border": 2})}

MODELS = (*ARCHITECTURES, *_OPTIONS, "ensemble", "taught")
"""The names of all kinds."""


def model_of_chance(name: str, seed: int = 0) -> Model:
    """A network of chance whose normalisations have learned something."""
    architecture, options = _OPTIONS.get(name, (name, {}))
    torch.manual_seed(seed)
    network = build_network(architecture, 10, options).train()
    with torch.no_grad():
        network(torch.randn(8, 1, 28, 28))
    network.eval().requires_grad_(requires_grad=False)
    info = ModelInfo(name, architecture, DIGITS, options, calibration=Calibration(1.7, 0.0))
    return Model(info, network)


def every_model() -> dict[str, Model]:
    """A model of each kind, by the names of MODELS."""
    found = {name: model_of_chance(name) for name in (*ARCHITECTURES, *_OPTIONS)}
    members = [model_of_chance("padnet", seed) for seed in range(2)]
    found["ensemble"] = make_ensemble(members, "Two")
    found["taught"] = Teacher(untaught()).teach([sample("7")])
    return found


def glyph_of_chance(seed: int) -> np.ndarray:
    """Noise where digits have their ink, uint8 (28, 28)."""
    random = np.random.default_rng(seed)
    glyph = np.zeros((28, 28), np.uint8)
    glyph[5:24, 6:22] = random.integers(0, 256, (19, 16))
    glyph[random.random((28, 28)) < 0.5] = 0
    return glyph
