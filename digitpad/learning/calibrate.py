"""Fitting a model's calibration on validation data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from torch.nn import functional

from digitpad.recognition.modelinfo import Calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def fit_calibration(kinds: Sequence[tuple[Tensor, Tensor]], refuse: float = 0.005) -> Calibration:
    """Temperature and threshold from the logits of validation data.

    The temperature minimises the negative log-likelihood (Guo and others 2017, arXiv 1706.04599).
    The threshold refuses a given share of the digits.

    Args:
        kinds: logits (n, classes) and labels (n,) of each kind of data; kinds count alike,
            however many drawings each has. Every set must have at least one drawing.
        refuse: share of validation drawings that the threshold refuses, in [0, 1).
    """

    def loss(log_temperature: float) -> float:
        temperature = math.exp(log_temperature)
        return sum(
            float(functional.cross_entropy(logits / temperature, labels))
            for logits, labels in kinds
        ) / len(kinds)

    found = minimize_scalar(loss, bounds=(math.log(0.05), math.log(20)), method="bounded")
    temperature = math.exp(found.x)
    confidences = [
        functional.softmax(logits / temperature, dim=1).amax(dim=1).double().numpy()
        for logits, _ in kinds
    ]
    weights = np.concatenate([np.full(len(part), 1 / len(part)) for part in confidences])
    every = np.concatenate(confidences)
    order = np.argsort(every)
    share = np.cumsum(weights[order]) / weights.sum()
    threshold = every[order][int(np.searchsorted(share, refuse))]
    return Calibration(round(temperature, 4), round(float(threshold), 4))
