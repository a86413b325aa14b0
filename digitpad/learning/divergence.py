"""Trainings that have gone astray: what tells, and what to say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.learning.validation import logits_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

    from digitpad.data.dataset import Dataset, TrainingData
    from digitpad.learning.checkpoint import Progress
    from digitpad.learning.configuration.config import TrainingConfig
    from digitpad.learning.metrics import Metrics
    from digitpad.recognition.model_info import Normalisation

_EXPLODED = 1000.0
"""Times the loss of a guess, from which on no training has come back."""

_ASTRAY = 1.5
"""Times the loss of a guess, and that of the first step, over a whole epoch."""

_LONG = 200
"""Steps, before which a loss may be large: training has its wild moments at the start."""

_SAME = 1e-4
"""Largest spread of outputs that are the same, relative to the outputs."""

_ASKED = 100
"""Drawings that a network is asked about to see whether it says the same of all."""

_LOWER = 10


def problem_of_step(
    loss: float, config: TrainingConfig, progress: Progress, classes: int
) -> DigitpadError | None:
    """What to say where the loss of a step is no number, or beyond all recovery; None else."""
    if not math.isfinite(loss):
        return _no_number(config, progress.epoch)
    if loss > _EXPLODED * max(progress.first_loss, math.log(classes)):
        return _too_large(config, progress.epoch, loss, classes)
    return None


def problem_of_epoch(
    validation: Mapping[str, Metrics],
    network: nn.Module,
    normalisation: Normalisation,
    config: TrainingConfig,
    data: TrainingData,
    progress: Progress,
) -> DigitpadError | None:
    """What to say where a network says the same of everything, or an epoch was worse than guessing.

    Args:
        validation: metrics after the epoch.
        network: that was validated.
        normalisation: of its input.
        config: of the training.
        data: of the training.
        progress: at the end of the epoch.
    """
    classes, losses = len(data.classes), [metrics.loss for metrics in validation.values()]
    if not all(map(math.isfinite, losses)):
        return _no_number(config, progress.epoch)
    asked = [*data.validation.values(), data.sources[0].data][0]
    if says_the_same(network, asked, normalisation):
        return _same_answer(config, progress.epoch)
    loss = progress.loss_sum / max(progress.counted, 1)
    limit = _ASTRAY * max(progress.first_loss, math.log(classes))
    if progress.step >= _LONG and all(one > limit for one in (loss, *losses)):
        return _too_large(config, progress.epoch, loss, classes)
    return None


def says_the_same(network: nn.Module, data: Dataset, normalisation: Normalisation) -> bool:
    """Whether a network gives the same outputs for different drawings: it learns no more."""
    glyphs = data.take(slice(_ASKED)).tensors()[0]
    if len(glyphs) < 2 or bool((glyphs == glyphs[0]).all()):
        return False
    logits = logits_of(network, glyphs, normalisation)
    spread = (logits.amax(dim=0) - logits.amin(dim=0)).max()
    return bool(spread <= _SAME * (1.0 + logits.abs().max()))


def _no_number(config: TrainingConfig, epoch: int) -> DigitpadError:
    """What to say where the loss is none."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the loss is no longer a number. The learning rate of"
        " {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        **_rates(config),
    )


def _too_large(config: TrainingConfig, epoch: int, loss: float, classes: int) -> DigitpadError:
    """What to say where the loss has grown beyond all measure."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the loss has grown to {loss:.3g}, and a guess has"
        " {chance:.3g}. The learning rate of {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        loss=loss,
        chance=math.log(classes),
        **_rates(config),
    )


def _same_answer(config: TrainingConfig, epoch: int) -> DigitpadError:
    """What to say where the network has stopped to look."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the network gives the same answer whatever is drawn,"
        " and learns no more. The learning rate of {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        **_rates(config),
    )


def _rates(config: TrainingConfig) -> dict[str, float]:
    rate = config.learning_rate
    return {"rate": rate, "lower": float(f"{rate / _LOWER:.3g}")}
