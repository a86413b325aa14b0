"""How far a share that was found on some drawings may be from that of all. Free of torch."""

from __future__ import annotations

import math

_Z = 1.959964
"""Standard deviations on each side that hold 95 % of a normal distribution."""


def wilson_interval(correct: int, count: int) -> tuple[float, float]:
    """Where a share of all drawings lies, with 95 % confidence, after some of them.

    Wilson's score interval (Wilson 1927): unlike the mean plus and minus its deviation it stays in
    [0, 1], and does not claim certainty where all of a few drawings were correct.

    Args:
        correct: how many of them were, from 0 to the count.
        count: how many there were, at least 0; of none nothing is known.
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
