"""Makes a model of a trained network: validated, calibrated, and described."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

import digitpad
from digitpad.data.dataset import OUTLIER
from digitpad.errors import DigitpadError
from digitpad.learning.adaptation.statistics import training_statistics
from digitpad.learning.validation import logits_of, metrics_of
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import NO_CLASS, Calibration, ModelInfo, Normalisation
from digitpad.recognition.prediction import best_two

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor, nn

    from digitpad.data.dataset import TrainingData
    from digitpad.learning.configuration.config import TrainingConfig

_LARGEST_LOGARITHM = math.log(20)
"""Logarithm of the largest temperature; the smallest is its inverse."""

REJECTED_SHARE = 0.005
"""Share of the validation samples that the threshold rejects by default."""

_LEAST_TO_CALIBRATE = 200
"""Least number of validation samples for a calibration: the threshold rejects one of 200."""

_MOST_REJECTED = 0.02
"""Largest share of the samples of a dataset that may be rejected to reject drawings of no class."""

_WORTH = 10
"""Rejecting a sample of a class is as bad as accepting so many drawings of no class."""


def make_model(
    name: str,
    network: nn.Module,
    config: TrainingConfig,
    data: TrainingData,
    origin: Mapping[str, Any],
    normalisation: Normalisation | None = None,
    rejected_share: float = REJECTED_SHARE,
) -> Model:
    """Validate and calibrate a network on its validation data, and describe it.

    With too few validation samples the temperature is 1, and without drawings of no class there is
    then no threshold, either.

    Args:
        name: name of the model for people.
        network: a trained network, on the CPU, in evaluation mode.
        config: the configuration of its training.
        data: the data of its training. Its validation datasets count alike in the calibration. Its
            drawings of no class help to find the threshold.
        origin: where the model comes from. The date, the configuration, its seed, and the versions
            of Digitpad and torch are added.
        normalisation: of the input; None for MNIST's.
        rejected_share: largest share of a validation dataset that the threshold rejects, in [0, 1);
            only used without drawings of no class.
    """
    levels = normalisation or Normalisation()
    logits = {
        # A copy, because calibration needs gradients, and inference tensors have none.
        kind: logits_of(network, part.tensors()[0], levels).clone()
        for kind, part in data.validation.items()
        if len(part)
    }
    labels = {kind: data.validation[kind].tensors()[1] for kind in logits}
    validation = {kind: metrics_of(logits[kind], labels[kind]) for kind in logits}
    metrics: dict[str, Any] = {
        "validation": {kind: asdict(found) for kind, found in validation.items()}
    }
    known = _known([(logits[kind], labels[kind]) for kind in logits])
    if data.no_class is None or not len(data.no_class):
        calibration = _calibration(known, rejected_share)
    else:
        no_class = logits_of(network, data.no_class.tensors()[0], levels).clone()
        calibration = _calibration_beside(known, no_class)
        metrics[NO_CLASS] = {
            "count": len(no_class),
            "accepted": 1.0 - _rejected(_held(no_class, calibration.temperature), calibration),
        }
    info = ModelInfo(
        name=name,
        architecture=config.architecture,
        options=dict(config.options),
        classes=data.classes,
        normalisation=levels,
        calibration=calibration,
        metrics=metrics,
        origin={
            **origin,
            "date": datetime.now(UTC).date().isoformat(),
            "seed": config.seed,
            "digitpad": digitpad.__version__,
            "torch": torch.__version__.partition("+")[0],
            "threads": torch.get_num_threads(),
            "config": config.to_json(),
        },
    )
    return Model(info, network, training_statistics(network, levels, data))


def save_checked(model: Model, path: Path) -> Model:
    """Write a model file, read it again, and compare.

    Returns:
        The model as it was read.

    Raises:
        DigitpadError: it cannot be written, a weight is not finite, or the file is not what was
            written; such a file is removed.
    """
    save_model(model, path)
    try:
        loaded = load_model(path)
        written, read = model.network.state_dict(), loaded.network.state_dict()
        if loaded.info.to_json() != model.info.to_json() or not all(
            torch.equal(written[key], read[key]) for key in written
        ):
            raise DigitpadError(
                "{path} does not contain what was written to it: check the disk.", path=path
            )
    except DigitpadError:
        path.unlink(missing_ok=True)
        raise
    return loaded


def fit_calibration(
    kinds: Sequence[tuple[Tensor, Tensor]], rejected_share: float = REJECTED_SHARE
) -> Calibration:
    """Find temperature and threshold from the logits of validation data.

    The temperature minimises the negative log-likelihood (Guo and others 2017, arXiv 1706.04599).
    The threshold is compared with the probability of the two best classes together. It rejects the
    given share of one kind of data, and no more of any other.

    Args:
        kinds: logits (n, classes) and labels (n,) of each kind of data, n at least 1. Kinds count
            alike, whatever their sizes.
        rejected_share: largest share of a kind that the threshold rejects, in [0, 1).
    """
    temperature = _temperature(kinds)
    threshold = fit_threshold([logits for logits, _ in kinds], temperature, rejected_share)
    return Calibration(round(temperature, 4), threshold)


def fit_threshold(kinds: Sequence[Tensor], temperature: float, rejected_share: float) -> float:
    """The threshold that rejects a given share of one kind of data, and no more of any other.

    Args:
        kinds: logits (n, classes) of each kind of data, n at least 1.
        temperature: divides the logits.
        rejected_share: largest share of a kind that the threshold rejects, in [0, 1).
    """
    held = [_held(logits, temperature) for logits in kinds]
    return round(float(min(part[int(rejected_share * len(part))] for part in held)), 4)


def _known(kinds: Sequence[tuple[Tensor, Tensor]]) -> list[tuple[Tensor, Tensor]]:
    """The kinds of data without their outliers; kinds of outliers alone are left out."""
    known = [(logits[labels != OUTLIER], labels[labels != OUTLIER]) for logits, labels in kinds]
    return [pair for pair in known if len(pair[1])]


def _calibration(kinds: Sequence[tuple[Tensor, Tensor]], rejected_share: float) -> Calibration:
    if sum(len(labels) for _, labels in kinds) < _LEAST_TO_CALIBRATE:
        return Calibration()
    return fit_calibration(kinds, rejected_share)


def _calibration_beside(kinds: Sequence[tuple[Tensor, Tensor]], no_class: Tensor) -> Calibration:
    """As `fit_calibration`, but drawings of no class help to find the threshold.

    The threshold is the best compromise between rejected samples of the classes, of the kind that
    is rejected most, and accepted drawings of no class.

    Args:
        kinds: as in `fit_calibration`; maybe none, and maybe with few samples.
        no_class: logits (n, classes) of drawings of no class, n at least 1.
    """
    enough = sum(len(labels) for _, labels in kinds) >= _LEAST_TO_CALIBRATE
    temperature = _temperature(kinds) if enough else 1.0
    held = [_held(logits, temperature) for logits, _ in kinds]
    others = _held(no_class, temperature)
    # Only values of samples and drawings can be thresholds. A value at the threshold is accepted.
    places = np.unique(np.concatenate((*held, others)))
    rejected = np.zeros(len(places))
    for part in held:
        rejected = np.maximum(rejected, np.searchsorted(part, places) / len(part))
    accepted = 1.0 - np.searchsorted(others, places) / len(others)
    badness = _WORTH * rejected + accepted
    badness[rejected > _MOST_REJECTED] = np.inf
    threshold = places[int(badness.argmin())]
    # Rounded down, so that the value at the threshold stays accepted.
    return Calibration(round(temperature, 4), math.floor(float(threshold) * 1e4) / 1e4)


def _held(logits: Tensor, temperature: float) -> NDArray[np.float64]:
    """The probability of the two best classes together, for each row of logits, ascending."""
    rows = functional.softmax(logits / temperature, dim=1).tolist()
    return np.sort(np.array([best_two(row) for row in rows], dtype=np.float64))


def _rejected(held: NDArray[np.float64], calibration: Calibration) -> float:
    """Share of these values that the threshold rejects."""
    return float(np.searchsorted(held, calibration.reject_below)) / len(held)


def _temperature(kinds: Sequence[tuple[Tensor, Tensor]]) -> float:
    # In double precision: near the minimum the loss changes too little for single precision.
    doubles = [(logits.double(), labels) for logits, labels in kinds]
    position = torch.zeros((), dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [position], max_iter=100, tolerance_grad=1e-9, line_search_fn="strong_wolfe"
    )

    def temperature() -> Tensor:
        # Bounded, because without any mistake in the data the best temperature would be 0.
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
