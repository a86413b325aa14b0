"""From a trained network to a model: validated, calibrated, and with its story."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import torch

import digitpad
from digitpad.data.dataset import OUTLIER
from digitpad.errors import DigitpadError
from digitpad.learning.calibration import REFUSE, fit_calibration
from digitpad.learning.validation import logits_of, metrics_of
from digitpad.recognition.model_file import Model, load_model, save_model
from digitpad.recognition.model_info import Calibration, ModelInfo, Normalisation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor, nn

    from digitpad.data.dataset import TrainingData
    from digitpad.learning.config import TrainingConfig

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


def _calibration(kinds: Sequence[tuple[Tensor, Tensor]], refuse: float) -> Calibration:
    known = [(logits[labels != OUTLIER], labels[labels != OUTLIER]) for logits, labels in kinds]
    if sum(len(labels) for _, labels in known) < _LEAST_TO_CALIBRATE:
        return Calibration()
    return fit_calibration([pair for pair in known if len(pair[1])], refuse)
