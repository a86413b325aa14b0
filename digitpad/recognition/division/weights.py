"""Weights of the features of a part, as `training/numbers/fit.py` has fitted them."""

from __future__ import annotations

import numpy as np

SYMBOL = np.array(
    [
        -1.071,  # constant
        0.616,  # strokes
        -1.214,  # apart
        -1.061,  # strip
        -1.672,  # cuts
        -3.850,  # wide
        -1.723,  # inside
        -4.409,  # small
        -0.389,  # touching
        -0.024,  # flat
        1.599,  # confidence
        0.465,  # margin
        0.519,  # above 0
        2.814,  # above 2
        0.405,  # above 4
    ]
)
"""Of a part that is a class of the model."""

OTHER = np.array(
    [
        -2.727,  # constant
        0.532,  # strokes
        -0.692,  # apart
        -0.979,  # strip
        -3.627,  # cuts
        -3.161,  # wide
        -1.403,  # inside
        -0.680,  # small
        -2.142,  # touching
        -0.136,  # flat
        0.630,  # confidence
        -1.327,  # margin
        -1.029,  # above 0
        -0.202,  # above 2
        0.120,  # above 4
    ]
)
"""Of a part that is none."""

LIGATURE = np.array(
    [
        -0.383,  # constant
        0.000,  # strokes
        0.000,  # apart
        0.000,  # strip
        -0.766,  # cuts
        0.295,  # wide
        0.892,  # inside
        0.092,  # small
        0.283,  # touching
        -1.111,  # flat
        0.000,  # confidence
        0.000,  # margin
        0.000,  # above 0
        0.000,  # above 2
        0.000,  # above 4
    ]
)
"""Of a stroke from one symbol to the next."""
