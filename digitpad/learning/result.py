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
from digitpad.recognition.model_info import Calibration, ModelInfo, Normalisation
from digitpad.recognition.prediction import best_two

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor, nn

    from digitpad.data.dataset import TrainingData
    from digitpad.learning.config import TrainingConfig

_LARGEST_LOGARITHM = math.log(20)
"""Temperatures are between 1 / 20 and 20."""

REFUSE = 0.005
"""Share of the validation drawings that a threshold rejects, unless another is asked for."""

_LEAST_TO_CALIBRATE = 200
"""The threshold rejects one drawing of 200, and cannot be found from fewer."""


def make_model(
    name: str,
    network: nn.Module,
    config: TrainingConfig,
    data: TrainingData,
    origin: Mapping[str, Any],
    normalisation: Normalisation | None = None,
    refuse: float = REFUSE,
) -> Model:
    """Validate and calibrate a network on its validation data, and describe it.

    Args:
        name: what the model is called in lists.
        network: trained; on the CPU, in evaluation mode.
        config: that it was trained with.
        data: that it was trained on; each of its validation splits is validated, and they count
            alike in the calibration. Where they have too few drawings, the model is not calibrated
            and rejects none.
        origin: where it comes from; the date, the configuration, its seed and the versions of the
            programs are added.
        normalisation: of its input; MNIST's by default.
        refuse: share of the drawings of a validation split that the threshold rejects at most, in
            [0, 1).
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
    info = ModelInfo(
        name=name,
        architecture=config.architecture,
        options=dict(config.options),
        classes=data.classes,
        normalisation=levels,
        calibration=_calibration([(logits[kind], labels[kind]) for kind in logits], refuse),
        metrics={"validation": {kind: asdict(score) for kind, score in scores.items()}},
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
            raise DigitpadError("{path} does not hold what was written: check the disk.", path=path)
    except DigitpadError:
        path.unlink(missing_ok=True)
        raise
    return loaded


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


def _calibration(kinds: Sequence[tuple[Tensor, Tensor]], refuse: float) -> Calibration:
    known = [(logits[labels != OUTLIER], labels[labels != OUTLIER]) for logits, labels in kinds]
    if sum(len(labels) for _, labels in known) < _LEAST_TO_CALIBRATE:
        return Calibration()
    return fit_calibration([pair for pair in known if len(pair[1])], refuse)


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
