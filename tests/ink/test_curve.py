from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitpad.ink.curve import bezier_segments, distinct, sample_curve, sample_curves

if TYPE_CHECKING:
    from numpy.typing import NDArray

any_points = st.integers(1, 12).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.floats(allow_nan=False, allow_infinity=False))
)
plain_points = st.lists(
    st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=1, max_size=20
).map(lambda points: np.array(points, dtype=np.float64))


def at(segments: NDArray[np.float64], t: float) -> NDArray[np.float64]:
    s = 1 - t
    weights = np.array([s**3, 3 * s**2 * t, 3 * s * t**2, t**3])
    return np.einsum("k,nkd->nd", weights, segments)


def barry_and_goldman(p: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """A point of the centripetal Catmull-Rom curve between p[1] and p[2], by its definition."""
    knots = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1) ** 0.5)))
    t = knots[1] + share * (knots[2] - knots[1])

    def mix(i: int, j: int, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        return ((knots[j] - t) * a + (t - knots[i]) * b) / (knots[j] - knots[i])

    a1, a2, a3 = mix(0, 1, p[0], p[1]), mix(1, 2, p[1], p[2]), mix(2, 3, p[2], p[3])
    return mix(1, 2, mix(0, 2, a1, a2), mix(1, 3, a2, a3))


@given(
    st.lists(
        st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=4, max_size=8, unique=True
    ),
    st.floats(0, 1),
)
def test_segments_are_the_centripetal_catmull_rom_curve(
    points: list[tuple[int, int]], share: float
) -> None:
    p = np.array(points, dtype=np.float64)
    inner = bezier_segments(p)[1:-1]
    expected = [barry_and_goldman(p[i : i + 4], share) for i in range(len(p) - 3)]
    np.testing.assert_allclose(at(inner, share), expected, atol=1e-7)


@given(plain_points)
def test_the_curve_goes_through_the_points_without_gap_or_kink(points: NDArray[np.float64]) -> None:
    segments = bezier_segments(points)
    kept = distinct(points)
    assert segments.shape == (len(kept) - 1, 4, 2)
    np.testing.assert_array_equal(segments[:, 0], kept[:-1])
    np.testing.assert_array_equal(segments[:, 3], kept[1:])
    # The same direction on both sides of a point.
    arrive = segments[:-1, 3] - segments[:-1, 2]
    leave = segments[1:, 1] - segments[1:, 0]
    cross = arrive[:, 0] * leave[:, 1] - arrive[:, 1] * leave[:, 0]
    np.testing.assert_allclose(cross, 0, atol=1e-6)
    assert ((arrive * leave).sum(axis=1) >= -1e-9).all()


@given(plain_points, st.floats(0.5, 50))
def test_samples_lie_no_further_apart_than_asked(
    points: NDArray[np.float64], spacing: float
) -> None:
    samples = sample_curve(points, spacing)
    np.testing.assert_array_equal(samples[0], points[0])
    np.testing.assert_array_equal(samples[-1], points[-1])
    # Equal steps of the parameter are not equal steps along the curve, but nearly.
    steps = np.linalg.norm(np.diff(samples, axis=0), axis=1)
    assert (steps <= 3 * spacing).all()


@given(st.lists(st.tuples(plain_points, st.floats(0.5, 50)), min_size=1, max_size=6))
def test_curves_together_are_what_each_is_alone(
    curves: list[tuple[NDArray[np.float64], float]],
) -> None:
    lengths = np.array([len(points) for points, _ in curves])
    sampled, starts = sample_curves(
        np.concatenate([points for points, _ in curves]),
        np.cumsum(lengths) - lengths,
        np.array([spacing for _, spacing in curves]),
    )
    each = np.split(sampled, starts[1:])
    for one, (points, spacing) in zip(each, curves, strict=True):
        np.testing.assert_array_equal(one, sample_curve(points, spacing))


@given(any_points)
def test_any_finite_points_give_a_finite_curve(points: NDArray[np.float64]) -> None:
    assert np.isfinite(bezier_segments(points)).all()


@pytest.mark.parametrize("points", [[(3, 4)], [(3, 4), (3, 4), (3, 4)]])
def test_a_dot_has_no_segments(points: list[tuple[float, float]]) -> None:
    array = np.array(points, dtype=np.float64)
    assert len(bezier_segments(array)) == 0
    np.testing.assert_array_equal(sample_curve(array, 1.0), [(3, 4)])


def test_two_points_give_a_straight_line() -> None:
    segments = bezier_segments(np.array([(0.0, 0.0), (9.0, 3.0)]))
    np.testing.assert_allclose(segments[0], [(0, 0), (3, 1), (6, 2), (9, 3)], atol=1e-12)
