"""Weights of the features of a part, as `training/numbers/fit.py` has fitted them."""

from __future__ import annotations

import numpy as np

SYMBOL = np.array(
    [
        -1.006,  # constant
        0.456,  # strokes
        -1.053,  # apart
        -0.569,  # strip
        -1.751,  # cuts
        -3.820,  # wide
        -1.756,  # inside
        -2.957,  # small
        -0.267,  # touching
        -0.041,  # flat
        1.592,  # confidence
        0.520,  # margin
        0.320,  # above 0
        2.385,  # above 2
        0.459,  # above 4
    ]
)
"""Of a part that is a class of the model."""

OTHER = np.array(
    [
        -2.643,  # constant
        0.530,  # strokes
        -0.146,  # apart
        -0.639,  # strip
        -3.575,  # cuts
        -3.400,  # wide
        -1.211,  # inside
        -0.588,  # small
        -1.663,  # touching
        -0.133,  # flat
        0.988,  # confidence
        -1.607,  # margin
        -0.978,  # above 0
        -0.548,  # above 2
        -0.140,  # above 4
    ]
)
"""Of a part that is none."""
