"""Trainings that have gone astray: what tells, and what to say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from digitpad.errors import DigitpadError
from digitpad.learning.validation import logits_of

if TYPE_CHECKING:
    from torch import nn

    from digitpad.data.dataset import Dataset
    from digitpad.learning.config import TrainingConfig
    from digitpad.recognition.model_info import Normalisation

_EXPLODED = 1000.0
"""Times the loss of a guess, from which on no training has come back."""

_ASTRAY = 1.5
"""Times the loss of a guess, and that of the first step, over a whole epoch."""

_SAME = 1e-4
"""Largest spread of outputs that are the same, relative to the outputs."""

_ASKED = 100
"""Drawings that a network is asked about to see whether it says the same of all."""

_LOWER = 10


def chance_loss(config: TrainingConfig, classes: int) -> float:
    """At least the training loss of a network that guesses, in nats."""
    # Outliers weigh more than drawings of a class, and there may be nothing else in a batch.
    return math.log(classes) * max(1.0, config.outlier_weight)


def exploded(loss: float, first: float, config: TrainingConfig, classes: int) -> bool:
    """Whether the loss of a step is no number, or so large that training will not recover.

    Args:
        loss: of the step.
        first: of the training's first step.
        config: of the training.
        classes: number of them.
    """
    return not loss <= _EXPLODED * max(first, chance_loss(config, classes))


def astray(
    training: float, validation: float, first: float, config: TrainingConfig, classes: int
) -> bool:
    """Whether a whole epoch was worse than guessing, in training and in validation.

    Args:
        training: mean loss of the epoch's steps.
        validation: loss after the epoch; NaN where nothing was validated.
        first: loss of the training's first step.
        config: of the training.
        classes: number of them.
    """
    limit = _ASTRAY * max(first, chance_loss(config, classes))
    return training > limit and not validation <= limit


def says_the_same(network: nn.Module, data: Dataset, normalisation: Normalisation) -> bool:
    """Whether a network gives the same outputs for different drawings: it learns no more."""
    glyphs = data.take(slice(_ASKED)).tensors()[0]
    if len(glyphs) < 2 or bool((glyphs == glyphs[0]).all()):
        return False
    logits = logits_of(network, glyphs, normalisation)
    spread = (logits.amax(dim=0) - logits.amin(dim=0)).max()
    return bool(spread <= _SAME * (1.0 + logits.abs().max()))


def no_number(config: TrainingConfig, epoch: int) -> DigitpadError:
    """What to say where the loss is none."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the loss is no longer a number. The learning rate of"
        " {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        **_rates(config),
    )


def too_large(config: TrainingConfig, epoch: int, loss: float, classes: int) -> DigitpadError:
    """What to say where the loss has grown beyond all measure."""
    return DigitpadError(
        "Training stopped in epoch {epoch}: the loss has grown to {loss:.3g}, and a guess has"
        " {chance:.3g}. The learning rate of {rate} is too high, as a rule: try {lower}.",
        epoch=epoch,
        loss=loss,
        chance=math.log(classes),
        **_rates(config),
    )


def same_answer(config: TrainingConfig, epoch: int) -> DigitpadError:
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
