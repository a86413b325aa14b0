"""Hands to compose numbers of, from digits that the program draws itself: no data is needed."""

from __future__ import annotations

import numpy as np

from digitpad.data.synthetic.digits import synthetic_drawing
from training.numbers.hands import Hand


def drawn_hands(count: int = 3, each: int = 4) -> list[Hand]:
    """So many hands with as many drawings of each digit."""
    random = np.random.default_rng(5)
    return [
        Hand(
            f"drawn{number}",
            {
                str(label): [synthetic_drawing(label, random) for _ in range(each)]
                for label in range(10)
            },
        )
        for number in range(count)
    ]
