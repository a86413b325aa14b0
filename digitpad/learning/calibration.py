"""A model's calibration, fitted on validation data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from digitpad.recognition.model_info import Calibration
from digitpad.recognition.prediction import best_two

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

_LARGEST_LOGARITHM = math.log(20)
"""Temperatures are between 1 / 20 and 20."""

REFUSE = 0.005
"""Share of the validation drawings that a threshold rejects, unless another is asked for."""


def fit_calibration(kinds: Sequence[tuple[Tensor, Tensor]], refuse: float = REFUSE) -> Calibration:
    """Temperature and threshold from the logits of validation data.

    The temperature minimises the negative log-likelihood (Guo and others 2017, arXiv 1706.04599).
    The threshold, of what the two best classes have together, rejects a given share of one kind,
    and no more of any other: whoever is rejected more often would not care that others are
    rejected less.

    Args:
        kinds: logits (n, classes) and labels (n,) of each kind of data, n at least 1; kinds count
            alike, however many drawings each has.
        refuse: share of the drawings of a kind that the threshold rejects, in [0, 1).
    """
    temperature = _temperature(kinds)
    held = [
        np.sort([best_two(row) for row in functional.softmax(logits / temperature, dim=1).tolist()])
        for logits, _ in kinds
    ]
    threshold = min(part[int(refuse * len(part))] for part in held)
    return Calibration(round(temperature, 4), round(float(threshold), 4))


def _temperature(kinds: Sequence[tuple[Tensor, Tensor]]) -> float:
    # In double precision: near the minimum the loss changes by less than single resolves.
    doubles = [(logits.double(), labels) for logits, labels in kinds]
    position = torch.zeros((), dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [position], max_iter=100, tolerance_grad=1e-9, line_search_fn="strong_wolfe"
    )

    def temperature() -> Tensor:
        # Bounded: without a single mistake in the data the best temperature would be 0.
        return (_LARGEST_LOGARITHM * position.tanh()).exp()

    def loss() -> Tensor:
        optimizer.zero_grad()
        mean = torch.stack(
            [functional.cross_entropy(logits / temperature(), labels) for logits, labels in doubles]
        ).mean()
        mean.backward()  # type: ignore[no-untyped-call]
        return mean

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return temperature().item()
