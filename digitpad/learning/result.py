"""From a trained network to a model: validated, calibrated, and with its story."""

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
"""Temperatures are between 1 / 20 and 20."""

REJECTED_SHARE = 0.005
"""Share of the validation drawings that a threshold rejects, unless another is asked for."""

_LEAST_TO_CALIBRATE = 200
"""The threshold rejects one drawing of 200, and cannot be found from fewer."""

_MOST_REJECTED = 0.02
"""Largest share of the drawings of a kind that is given up to reject what is no class."""

_WORTH = 10
"""To reject a drawing of a class is as bad as to accept so many of no class."""


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

    Args:
        name: what the model is called in lists.
        network: trained; on the CPU, in evaluation mode.
        config: that it was trained with.
        data: that it was trained on; each of its validation splits is validated, and they count
            alike in the calibration. Where they have too few drawings, the temperature stays 1.
            Its drawings of no class help to find the threshold; without them too few drawings of
            the classes give none.
        origin: where it comes from; the date, the configuration, its seed and the versions of the
            programs are added.
        normalisation: of its input; MNIST's by default.
        rejected_share: share of the drawings of a validation split that the threshold rejects at
            most, in [0, 1), where there are no drawings of no class.
    """
    levels = normalisation or Normalisation()
    logits = {
        # Nothing that is made in inference mode can be calibrated.
        kind: logits_of(network, part.tensors()[0], levels).clone()
        for kind, part in data.validation.items()
        if len(part)
    }
    labels = {kind: data.validation[kind].tensors()[1] for kind in logits}
    scores = {kind: metrics_of(logits[kind], labels[kind]) for kind in logits}
    metrics: dict[str, Any] = {
        "validation": {kind: asdict(score) for kind, score in scores.items()}
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
    return Model(info, network)


def save_checked(model: Model, path: Path) -> Model:
    """Write a model file, and read it again as the pad will.

    Returns:
        What was read.

    Raises:
        DigitpadError: it cannot be written, a weight is not finite, or the file does not give what
            was written; a file that does not is removed.
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
    """Temperature and threshold from the logits of validation data.

    The temperature minimises the negative log-likelihood (Guo and others 2017, arXiv 1706.04599).
    The threshold, of what the two best classes have together, rejects a given share of one kind,
    and no more of any other: whoever is rejected more often would not care that others are
    rejected less.

    Args:
        kinds: logits (n, classes) and labels (n,) of each kind of data, n at least 1; kinds count
            alike, however many drawings each has.
        rejected_share: share of the drawings of a kind that the threshold rejects, in [0, 1).
    """
    temperature = _temperature(kinds)
    held = [_held(logits, temperature) for logits, _ in kinds]
    threshold = min(part[int(rejected_share * len(part))] for part in held)
    return Calibration(round(temperature, 4), round(float(threshold), 4))


def _known(kinds: Sequence[tuple[Tensor, Tensor]]) -> list[tuple[Tensor, Tensor]]:
    """Kinds of data without their outliers; those that have nothing else are left out."""
    known = [(logits[labels != OUTLIER], labels[labels != OUTLIER]) for logits, labels in kinds]
    return [pair for pair in known if len(pair[1])]


def _calibration(kinds: Sequence[tuple[Tensor, Tensor]], rejected_share: float) -> Calibration:
    if sum(len(labels) for _, labels in kinds) < _LEAST_TO_CALIBRATE:
        return Calibration()
    return fit_calibration(kinds, rejected_share)


def _calibration_beside(kinds: Sequence[tuple[Tensor, Tensor]], no_class: Tensor) -> Calibration:
    """As `fit_calibration`, with a threshold that is found on drawings of no class, too.

    It is the one for which rejected drawings of the classes (of the kind that is rejected most)
    and accepted ones of no class together are least bad.

    Args:
        kinds: as `fit_calibration` takes them, maybe none and maybe with few drawings.
        no_class: logits (n, classes) of drawings of no class, n at least 1.
    """
    enough = sum(len(labels) for _, labels in kinds) >= _LEAST_TO_CALIBRATE
    temperature = _temperature(kinds) if enough else 1.0
    held = [_held(logits, temperature) for logits, _ in kinds]
    others = _held(no_class, temperature)
    # A threshold lies at a drawing, of a class or of none; what is at it is not rejected.
    places = np.unique(np.concatenate((*held, others)))
    rejected = np.zeros(len(places))
    for part in held:
        rejected = np.maximum(rejected, np.searchsorted(part, places) / len(part))
    accepted = 1.0 - np.searchsorted(others, places) / len(others)
    badness = _WORTH * rejected + accepted
    badness[rejected > _MOST_REJECTED] = np.inf
    threshold = places[int(badness.argmin())]
    # Rounded down, so that the drawing at the threshold stays accepted.
    return Calibration(round(temperature, 4), math.floor(float(threshold) * 1e4) / 1e4)


def _held(logits: Tensor, temperature: float) -> NDArray[np.float64]:
    """What the two best classes of each drawing have together, rising."""
    rows = functional.softmax(logits / temperature, dim=1).tolist()
    return np.sort(np.array([best_two(row) for row in rows], dtype=np.float64))


def _rejected(held: NDArray[np.float64], calibration: Calibration) -> float:
    """Share of the drawings that a threshold rejects."""
    return float(np.searchsorted(held, calibration.reject_below)) / len(held)


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
