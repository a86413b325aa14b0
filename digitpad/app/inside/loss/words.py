"""Numbers and sentences about the loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from digitpad.app.widgets.numbers import localised, three_digits, whole
from digitpad.text import Plural, Sentence

if TYPE_CHECKING:
    from digitpad.recognition.inside.learning_step import LossState


def digits(value: float) -> str:
    """A number with six significant digits, to check a sum by."""
    return localised(f"{value:.6g}")


def share_text(loss: float) -> str:
    """The probability whose logarithm a loss is; as a power where no decimals can show it."""
    share = math.exp(-loss) if math.isfinite(loss) else 0.0
    return digits(share) if share > 0 else f"e^(−{digits(loss)})"


def last_step(state: LossState) -> Sentence:
    """How many steps were taken, and what the last one did to the loss."""
    count, before = len(state.rates), state.losses[-2]
    fields = {
        "count": whole(count),
        "before": three_digits(before),
        "now": three_digits(state.loss),
    }
    if state.loss > before:
        return Sentence(
            Plural(
                "{count} step; it made the loss larger, from {before} to {now}: it was too large,"
                " and went past the valley.",
                "{count} steps; the last one made the loss larger, from {before} to {now}: it was"
                " too large, and went past the valley.",
                count,
            ),
            **fields,
        )
    return Sentence(
        Plural(
            "{count} step; it took the loss from {before} to {now}.",
            "{count} steps; the last one took the loss from {before} to {now}.",
            count,
        ),
        **fields,
    )
