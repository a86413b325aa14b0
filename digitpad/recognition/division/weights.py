"""Weights of the features of a part, as `training/numbers` has fitted them."""

from __future__ import annotations

import numpy as np

# bias; strokes, apart, strip, cuts, wide, inside, small, touching, flat; confidence, margins
SYMBOL = np.array(
    [-1.0, 0.5, -3.0, -3.0, -1.0, -1.5, -3.0, -1.0, 0.0, -1.0, 0.5, 1.0, 1.0, 0.0, 0.0]
)
"""Of a part that is a class of the model."""

OTHER = np.array(
    [-4.0, 1.0, -1.0, -1.0, -1.5, 0.0, -1.0, -1.0, -0.5, 0.0, 0.0, -1.0, -1.0, 0.0, 0.0]
)
"""Of a part that is none."""
