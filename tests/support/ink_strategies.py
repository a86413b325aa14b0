"""What hypothesis draws for the tests of the ink."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from digitpad.ink.drawing import Drawing, Stroke

# A whole-number grid: the same drawing can then be moved and scaled without the points of two
# strokes coming to lie on each other.
_point = st.tuples(st.integers(0, 1000), st.integers(0, 1000))
stroke_points = st.lists(_point, min_size=1, max_size=25)
stroke_lists = st.lists(stroke_points, min_size=1, max_size=4)


@st.composite
def drawings(draw: st.DrawFn, limit: float = 1e6) -> Drawing:
    """Strokes with any finite points, pressures and widths."""
    value = st.floats(-limit, limit)
    strokes = []
    for _ in range(draw(st.integers(1, 4))):
        points = draw(st.lists(st.tuples(value, value), min_size=1, max_size=12))
        pressures = draw(
            st.one_of(
                st.just([1.0] * len(points)),
                st.lists(st.floats(0, 1), min_size=len(points), max_size=len(points)),
            )
        )
        width = draw(st.floats(1e-3, limit))
        strokes.append(Stroke(np.array(points), np.array(pressures), width))
    return Drawing(tuple(strokes))
