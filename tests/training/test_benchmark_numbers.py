import numpy as np

from training.benchmark import PARTS
from training.benchmarks.numbers import COLUMNS, LINES, measure_without_window, pages


def test_whole_numbers_are_a_part_of_the_benchmark():
    assert "numbers" in PARTS


def test_pages_hold_digits_apart_from_each_other():
    (digits,) = pages(None, 1)
    assert len(digits) == COLUMNS * LINES
    boxes = np.array(
        [
            (points.min(axis=0), points.max(axis=0))
            for points in (np.concatenate([s.points for s in one.strokes]) for one in digits)
        ]
    )
    assert boxes.min() >= 0
    assert boxes.max() <= 1000
    for line in boxes.reshape(LINES, COLUMNS, 2, 2):
        assert (line[1:, 0, 0] > line[:-1, 1, 0]).all()


def test_times_and_forward_passes_are_found():
    (digits,) = pages(None, 1)
    figures = measure_without_window([digits[:5]])
    assert figures["forward passes for a stroke (largest)"] >= 1
    assert figures["end of a stroke, 5 on the pad / one digit"] > 0
    assert figures["page of 30 digits at once / one digit"] > 0
