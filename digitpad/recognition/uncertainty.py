"""How far a share that was found on some samples may be from that of all. Without torch."""

from __future__ import annotations

import math

_Z = 1.959964
"""Standard deviations on each side that hold 95 % of a normal distribution."""


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
