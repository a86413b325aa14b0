import pytest

from digitpad.recognition.uncertainty import wilson_interval


@pytest.mark.parametrize(
    ("correct", "count", "expected"),
    [
        # Wilson's interval as R's prop.test(correct=FALSE) gives it.
        (12, 12, (0.7575, 1.0)),
        (0, 12, (0.0, 0.2425)),
        (9, 12, (0.4677, 0.9111)),
        (1978, 2000, (0.9834, 0.9927)),
        (0, 0, (0.0, 1.0)),
    ],
)
def test_the_interval(correct, count, expected):
    assert wilson_interval(correct, count) == pytest.approx(expected, abs=1e-4)


def test_more_drawings_say_more():
    widths = [high - low for low, high in (wilson_interval(n, n) for n in (1, 10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)
