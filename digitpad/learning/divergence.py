"""Finds trainings that have diverged, and explains what to do."""

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
"""A step's loss of so many times that of a guess: no training has recovered from more."""

_ASTRAY = 1.5
"""An epoch's loss of more than this many times that of a guess, and of the first step, is bad."""

_LONG = 200
"""Number of first steps during which the loss may be large."""

_SAME = 1e-4
"""Largest spread of outputs that count as equal, relative to the outputs."""

_ASKED = 100
"""Number of samples whose outputs are compared."""

_LOWER = 10
"""The learning rate that is suggested is lower by this factor."""


def problem_of_step(
    loss: float, config: TrainingConfig, progress: Progress, classes: int
) -> DigitpadError | None:
    """Check the loss of a step, in nats.

    Returns:
        A sentence if it is no finite number or so large that training cannot recover; else None.
    """
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
    """Check a network and its losses at the end of an epoch.

    Args:
        validation: its metrics on each validation dataset.
        network: the network that was validated.
        normalisation: of its input.
        config: of the training.
        data: of the training.
        progress: at the end of the epoch.

    Returns:
        A sentence if a loss is no finite number, if the network gives the same outputs for all
        glyphs, or if the epoch was worse than guessing; else None.
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
    """Whether a network gives the same outputs for different glyphs, so that it cannot learn."""
    glyphs = data.take(slice(_ASKED)).tensors()[0]
    if len(glyphs) < 2 or bool((glyphs == glyphs[0]).all()):
        return False
    logits = logits_of(network, glyphs, normalisation)
    spread = (logits.amax(dim=0) - logits.amin(dim=0)).max()
    return bool(spread <= _SAME * (1.0 + logits.abs().max()))


def _no_number(config: TrainingConfig, epoch: int) -> DigitpadError:
    """The sentence for a loss that is no finite number."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the loss is no longer a number. The learning rate of"
        " {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        **_rates(config),
    )


def _too_large(config: TrainingConfig, epoch: int, loss: float, classes: int) -> DigitpadError:
    """The sentence for a loss that is too large."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the loss has grown to {loss:.3g}, and a guess has"
        " {chance:.3g}. The learning rate of {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        loss=loss,
        chance=math.log(classes),
        **_rates(config),
    )


def _same_answer(config: TrainingConfig, epoch: int) -> DigitpadError:
    """The sentence for a network that gives the same outputs for all glyphs."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the network gives the same answer whatever is drawn,"
        " and learns no more. The learning rate of {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        **_rates(config),
    )


def _rates(config: TrainingConfig) -> dict[str, float]:
    rate = config.learning_rate
    return {"rate": rate, "lower": float(f"{rate / _LOWER:.3g}")}
