"""A drawing as it was drawn."""

import numpy as np
from fakes import SEVEN

from digitpad.app.samples.strokes import Playback
from digitpad.ink.drawing import Drawing


def length(drawing):
    return sum(
        float(np.hypot(*np.diff(stroke.points, axis=0).T).sum()) for stroke in drawing.strokes
    )


def test_strokes_grow_one_after_another_at_an_even_speed():
    playback = Playback(SEVEN)
    parts = [playback.at(share) for share in np.linspace(0, 1, 21)]
    lengths = [length(part) for part in parts]
    assert lengths == sorted(lengths)
    assert [len(part.strokes) for part in (parts[0], parts[10], parts[-1])] == [1, 1, 2]
    # Between two strokes the pen is lifted.
    steps = np.diff(lengths)
    assert steps.max() < 1.3 * length(SEVEN) / 20
    assert parts[-1] is SEVEN


def test_pressure_and_width_are_those_of_the_stroke():
    (begun,) = Playback(SEVEN).at(0.3).strokes
    assert begun.width == SEVEN.strokes[0].width
    assert np.array_equal(begun.points[0], SEVEN.strokes[0].points[0])


def test_a_dot_can_be_played():
    dot = Drawing.of([[(5, 5)]])
    playback = Playback(dot)
    assert playback.duration_ms > 0
    assert playback.at(0.5) == dot
    assert playback.at(1.0) is dot
