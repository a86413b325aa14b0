"""How far a share that was found on some samples may be from that of all, and from what was said.

Without torch and numpy, so that the command line starts at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959964
"""Standard deviations on each side that hold 95 % of a normal distribution."""

CALIBRATION_BINS = 15
"""Number of bins of the expected calibration error, of equal width as in Guo and others 2017
(arXiv 1706.04599)."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Samples of about the same confidence.

    Attributes:
        count: number of samples.
        confidence: their mean confidence; 0 without any.
        accuracy: their accuracy; 0 without any.
    """

    count: int
    confidence: float
    accuracy: float


def wilson_interval(correct: int, count: int) -> tuple[float, float]:
    """The interval in which a share of all samples lies, with 95 % confidence.

    This is Wilson's score interval (Wilson 1927). Unlike the mean plus and minus its deviation it
    stays within [0, 1], and it does not claim certainty if all of a few samples were correct.

    Args:
        correct: number of correct samples, from 0 to `count`.
        count: number of samples, at least 0; 0 gives [0, 1].
    """
    if not count:
        return 0.0, 1.0
    share, spread = correct / count, _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return (
        0.0 if correct == 0 else max(middle - half, 0.0),
        1.0 if correct == count else min(middle + half, 1.0),
    )


class Reliability:
    """Collects by confidence how often what was read is right."""

    def __init__(self) -> None:
        # Count, sum of confidences, and how many were right, in each bin.
        self._sums = [[0.0, 0.0, 0.0] for _ in range(CALIBRATION_BINS)]

    def add(self, confidence: float, *, is_right: bool) -> None:
        """Add what was read with this confidence."""
        # Bins are open below and closed above, so that a confidence of 1 is in the last.
        place = min(max(math.ceil(confidence * CALIBRATION_BINS) - 1, 0), CALIBRATION_BINS - 1)
        sums = self._sums[place]
        sums[0] += 1
        sums[1] += confidence
        sums[2] += is_right

    def error(self) -> float | None:
        """Expected calibration error in [0, 1]."""
        apart = sum(abs(right - confidence) for _, confidence, right in self._sums)
        return share_of(apart, sum(count for count, _, _ in self._sums))

    def bins(self) -> tuple[Bin, ...]:
        """Accuracy by confidence, with CALIBRATION_BINS bins."""
        return tuple(
            Bin(int(count), share_of(total, count) or 0.0, share_of(right, count) or 0.0)
            for count, total, right in self._sums
        )


def share_of(part: float, whole: float) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None
