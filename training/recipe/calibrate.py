"""The calibration of the bundled models: a temperature by all data, a threshold by plain digits."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from digitpad.learning.result import fit_calibration, fit_threshold
from digitpad.learning.validation import logits_of, metrics_of
from digitpad.recognition.model_info import Calibration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digitpad.data.dataset import Dataset
    from digitpad.recognition.model_file import Model

_DECIDING = ("mnist", "pen")
"""Kinds of validation data by which the threshold is found. Of UNIPEN's sites for validation a
larger share is misread or hardly legible: a threshold that accepts these would accept more of what
is no digit than of them."""


def calibrated(model: Model, validation: Mapping[str, Dataset], rejected_share: float) -> Model:
    """A model with the calibration and the metrics of the recipe's validation data.

    The temperature is fitted on all kinds of data, which count alike.

    Args:
        model: of a network in evaluation mode.
        validation: kinds of data by their names.
        rejected_share: largest share of MNIST's or the pen writers' digits that is rejected.
    """
    logits = {
        # A copy, because calibration needs gradients, and inference tensors have none.
        name: logits_of(model.network, part.tensors()[0], model.info.normalisation).clone()
        for name, part in validation.items()
    }
    labels = {name: part.tensors()[1] for name, part in validation.items()}
    kinds = [(logits[name], labels[name]) for name in logits]
    temperature = fit_calibration(kinds, rejected_share).temperature
    deciding = [logits[name] for name in _DECIDING if name in logits] or list(logits.values())
    threshold = fit_threshold(deciding, temperature, rejected_share)
    metrics = {name: asdict(metrics_of(logits[name], labels[name])) for name in logits}
    info = replace(
        model.info,
        calibration=Calibration(temperature, threshold),
        metrics=model.info.metrics | {"validation": metrics},
    )
    return replace(model, info=info)
