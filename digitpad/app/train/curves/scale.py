"""The range that a plot shows until the user zooms, and the places of its ticks. Without Qt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitpad.app.train.curves.data import Series
    from digitpad.learning.metrics import Metric

SMALLEST_LOSS = 1e-9
"""On a logarithmic axis, smaller losses are drawn here; 0 has no logarithm."""

_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SHARE_FLOORS = (99.0, 98.0, 95.0, 90.0, 80.0, 50.0, 0.0)
_MANY = 50
_SAMPLE = 2000
_HEADROOM = 0.05
_LOWEST_TOP = 1e-3
_WHOLE_EPOCHS = 6.0


class Range(NamedTuple):
    """The range of an axis, in its own units: percent for shares, powers of ten if logarithmic."""

    low: float
    high: float


def epochs_shown(progress: float, epochs: float) -> Range:
    """The epochs to show of a live training.

    A short training is shown whole from its start. Of a long one only a half, a quarter, ... is
    shown until that part is nearly full, so that its first minutes can be seen.

    Args:
        progress: epochs done.
        epochs: epochs of the whole training, above 0.
    """
    shown = epochs
    while shown / 2 >= max(_WHOLE_EPOCHS, progress / 0.9):
        shown /= 2
    return Range(0.0, shown)


def shown_range(
    metric: Metric, training: Series, validation: Series, *, is_logarithmic: bool = False
) -> Range:
    """The range of values to show for the curves of a metric."""
    if metric.form == "percent":
        return share_range(training, validation)
    if is_logarithmic:
        return log_range(training, validation)
    return (noisy_range if metric.is_noisy else whole_range)(training, validation)


def noisy_range(training: Series, validation: Series) -> Range:
    """The range for metrics such as losses: from 0, without the few highest first values."""
    raw = _sample(training.values)
    if not len(raw):
        return Range(0.0, 2.5)
    high = float(np.quantile(raw, 0.96) if len(raw) >= _MANY else raw.max())
    if len(validation):
        # A validation loss that diverges must not flatten the other curves.
        high = max(high, min(float(validation.values.max()), 4 * high))
    high = round_up(max(high, _LOWEST_TOP) * (1 + _HEADROOM))
    return Range(-0.02 * high, high)


def log_range(training: Series, validation: Series) -> Range:
    """The range for losses on a logarithmic axis, in powers of ten."""
    raw = np.maximum(_sample(training.values), SMALLEST_LOSS)
    if not len(raw):
        return Range(-2.0, 0.5)
    low, high = float(np.quantile(raw, 0.02)), float(raw.max())
    validated = np.maximum(validation.values, SMALLEST_LOSS)
    if len(validated):
        low, high = min(low, float(validated.min())), max(high, float(validated.max()))
    # Rounded to tenths of a power of ten, so that not every new minimum moves all curves.
    return Range(
        math.floor(10 * math.log10(low) - 0.5) / 10, math.ceil(10 * math.log10(high) + 0.5) / 10
    )


def share_range(training: Series, validation: Series) -> Range:
    """The range for accuracies, in percent: from a round number below most values to 100."""
    lows = [
        float(np.quantile(_sample(values), 0.2))
        for values in (training.smoothed, validation.values)
        if len(values)
    ]
    low = 100 * min(lows) if len(training) >= _MANY else 0.0
    floor = next(floor for floor in _SHARE_FLOORS if floor <= max(low, 0.0))
    # A little more, so that a line at 100 % is not cut.
    return Range(floor, 100 + 0.03 * (100 - floor))


def whole_range(training: Series, validation: Series) -> Range:
    """The range for metrics without noise, such as learning rates: all values, from 0."""
    highest = max((float(s.values.max()) for s in (training, validation) if len(s)), default=0.0)
    high = round_up(highest * (1 + _HEADROOM)) if highest > 0 else 1.0
    return Range(-0.06 * high, high)


def round_up(value: float) -> float:
    """The smallest round number that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 0.0
    return next((step * power for step in _ROUND if step * power >= value), value)


def ticks(low: float, high: float, most: int) -> tuple[float, list[float]]:
    """Ticks at multiples of 1, 2 or 5 times a power of ten, about `most` of them at most.

    Returns:
        Their distance, and their values.
    """
    wanted = max((high - low) / max(most, 1), 1e-300)
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= wanted * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return step, [index * step for index in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Ticks of a logarithmic axis. They are powers of ten, like the ends of the axis.

    There is one at every power of ten, or at every second, third, ... of them. If there is room,
    there are more, at 3 or at 2 and 5 times each power. An axis of less than half a power of ten
    has the ticks of a linear axis.
    """
    most = max(most, 2)
    if high - low < 0.5:
        _, values = ticks(10.0**low, 10.0**high, most)
        return [math.log10(value) for value in values if value > 0]
    powers = range(math.floor(low), math.ceil(high) + 1)
    for mantissas in ((1, 2, 5), (1, 3), (1,)):
        found = [power + math.log10(size) for power in powers for size in mantissas]
        found = [value for value in found if low <= value <= high]
        if len(found) <= most:
            return found
    apart = -(-len(found) // most)
    return [value for value in found if round(value) % apart == 0]


def tick_text(value: float, step: float) -> str:
    """A tick's number with a decimal point, and the decimals that ticks `step` apart need."""
    if abs(value) < step / 100:
        return "0"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if decimals > 4 or abs(value) >= 1e6:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return f"{value:.{decimals}f}"


def _sample(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every n-th value: a few thousand are enough for a quantile."""
    return values[:: max(1, len(values) // _SAMPLE)]
