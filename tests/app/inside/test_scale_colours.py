"""Colours of values that no network should have."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPalette

from digitpad.app.inside.scale import colours


def test_values_that_overflow_have_the_strongest_colours(qapp) -> None:
    palette = QPalette()
    values = np.array([np.inf, 2e38, -2e38, np.nan], np.float32)
    expected = colours(np.array([1.0, 1.0, -1.0, 0.0]), 1.0, palette)
    assert np.array_equal(colours(values, 1.0, palette), expected)
