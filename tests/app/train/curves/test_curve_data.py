import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitpad.app.train.curves.data import CurveData, Series, band, extremes, means
from digitpad.app.train.curves.scale import (
    Range,
    epochs_shown,
    log_range,
    log_ticks,
    noisy_range,
    round_up,
    share_range,
    tick_text,
    ticks,
    whole_range,
)
from digitpad.learning.events import BatchDone, EpochDone, Validated

NAN = float("nan")


def batch(step: int, loss: float = 0.5, accuracy: float = 0.9, rate: float = 1e-3) -> BatchDone:
    metrics = {"loss": loss, "accuracy": accuracy, "learning_rate": rate}
    return BatchDone(step, 1 + step // 100, metrics, 64, 0.01)


def validated(step: int, loss: float, accuracy: float) -> Validated:
    return Validated(step, 1, {"loss": loss, "accuracy": accuracy})


def epoch(step: int, number: int, accuracy: float, is_best: bool = True) -> EpochDone:
    return EpochDone(step, number, {}, {"loss": 0.3, "accuracy": accuracy}, 9.0, is_best)


def loss_range(data: CurveData) -> Range:
    return noisy_range(data.training["loss"], data.validation["loss"])


def log_loss_range(data: CurveData) -> Range:
    return log_range(data.training["loss"], data.validation["loss"])


def accuracy_range(data: CurveData) -> Range:
    return share_range(data.training["accuracy"], data.validation["accuracy"])


def rate_range(data: CurveData) -> Range:
    return whole_range(data.training["learning_rate"], Series())


def smoothed_one_by_one(values: np.ndarray, weight: float) -> np.ndarray:
    average, found = 0.0, []
    for count, value in enumerate(values, 1):
        average = weight * average + (1 - weight) * value
        found.append(average / (1 - weight**count))
    return np.array(found)


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("sizes", [(1,), (5000,), (1, 1, 300, 7, 128, 129, 3000)])
def test_smoothing_piece_by_piece_is_smoothing_step_by_step(weight, sizes):
    values = np.random.default_rng(3).exponential(size=sum(sizes))
    series = Series(weight)
    done = 0
    for size in sizes:
        series.extend(range(done + 1, done + size + 1), values[done : done + size])
        done += size
        assert len(series.smoothed) == done
    np.testing.assert_allclose(series.smoothed, smoothed_one_by_one(values, weight), rtol=1e-12)


def test_another_weight_smooths_all_points_anew():
    values = np.random.default_rng(4).normal(size=700)
    series = Series(0.5)
    series.extend(range(700), values)
    before = series.smoothed.copy()
    series.weight = 0.95
    np.testing.assert_allclose(series.smoothed, smoothed_one_by_one(values, 0.95), rtol=1e-12)
    series.weight = 0.5
    np.testing.assert_allclose(series.smoothed, before)


def test_smoothing_a_constant_leaves_it_alone_from_the_first_point():
    series = Series(0.99)
    series.extend(range(1, 1001), [0.25] * 1000)
    np.testing.assert_allclose(series.smoothed, 0.25, rtol=1e-12)


def test_smoothing_goes_on_after_points_are_forgotten():
    values = np.random.default_rng(5).normal(size=300)
    series = Series(0.8)
    series.extend(range(1, 301), values)
    assert len(series.smoothed) == 300
    series.truncate(100)
    series.extend(range(101, 201), values[200:])
    expected = smoothed_one_by_one(np.concatenate([values[:100], values[200:]]), 0.8)
    np.testing.assert_allclose(series.smoothed, expected, rtol=1e-12)


def test_no_values_have_no_averages():
    assert Series(0.9).smoothed.shape == (0,)


def test_a_series_grows_and_leaves_out_what_is_no_number():
    series = Series()
    for start in range(0, 5000, 500):
        series.extend(range(start, start + 500), [NAN if i % 5 == 0 else i for i in range(500)])
    series.extend([5000, 5001], [float("inf"), 1.0])
    assert len(series) == 4001
    assert np.isfinite(series.values).all()
    assert (np.diff(series.steps) > 0).all()
    assert series.steps[-1] == 5001


@pytest.mark.parametrize(
    ("step", "index"), [(-5, 0), (10, 0), (14, 0), (15, 0), (16, 1), (31, 2), (99, 2)]
)
def test_the_nearest_point(step, index):
    series = Series()
    assert series.nearest(step) is None
    series.extend([10, 20, 30], [1.0, 2.0, 3.0])
    assert series.nearest(step) == index


def test_a_rough_curve_keeps_its_peaks_in_few_points():
    steps = np.arange(1, 50_001)
    values = np.random.default_rng(0).normal(size=50_000)
    values[[1234, 44_444]] = 40, -40
    found, thinned = extremes(steps, values, 0, 60_000, 500)
    assert len(found) <= 2 * 500 + 8
    assert (np.diff(found) > 0).all()
    assert found[-1] == 50_000
    assert thinned.max() == 40
    assert thinned.min() == -40
    assert (values[found - 1] == thinned).all()


def test_a_part_of_a_curve_reaches_beyond_both_edges():
    steps = np.arange(1, 50_001)
    values = np.sin(steps / 100)
    for low, high in ((1000, 1100), (20_000, 40_000)):
        for thin in (extremes, means):
            found, _ = thin(steps, values, low, high, 300)
            assert found[0] <= low
            assert found[-1] >= high
            assert len(found) <= 608


def test_what_is_drawn_holds_still_while_points_are_added():
    steps = np.arange(1, 30_001)
    values = np.random.default_rng(1).normal(size=30_000)
    before, _ = extremes(steps[:29_000], values[:29_000], 0, 60_000, 400)
    after, _ = extremes(steps, values, 0, 60_000, 400)
    settled = 28_900
    assert before[before < settled].tolist() == after[after < settled].tolist()


def test_a_smooth_curve_keeps_its_middle_and_its_end():
    steps = np.arange(1, 10_001)
    values = np.where(steps % 2 == 0, 1.0, 3.0)
    found, averages = means(steps, values, 0, 20_000, 100)
    assert len(found) <= 101
    np.testing.assert_allclose(averages[:-1], 2.0)
    assert (found[-1], averages[-1]) == (10_000, 1.0)


@given(count=st.integers(0, 700), columns=st.integers(1, 40), low=st.integers(-9, 900))
def test_thinned_points_are_few_and_ascend(count, columns, low):
    steps = np.arange(1, count + 1)
    values = np.cos(steps)
    for thin in (extremes, means):
        found, thinned = thin(steps, values, low, low + 300, columns)
        assert len(found) == len(thinned) <= 2 * columns + 8
        assert (np.diff(found) >= 0).all()


def test_events_become_curves():
    data = CurveData(0.9)
    data.add([batch(1, 2.3, 0.1), batch(2, NAN, 0.2), batch(3, 1.9, 0.3), validated(3, 1.5, 0.5)])
    data.add([batch(4), validated(4, NAN, NAN), epoch(4, 1, 0.7)])
    data.add([batch(5), epoch(5, 2, 0.6, is_best=False)])
    assert data.training["loss"].steps.tolist() == [1, 3, 4, 5]
    assert data.training["accuracy"].values.tolist() == [0.1, 0.2, 0.3, 0.9, 0.9]
    assert data.validation["accuracy"].steps.tolist() == [3, 4, 5]
    assert data.validation["accuracy"].values.tolist() == [0.5, 0.7, 0.6]
    assert data.best is not None
    assert data.best.epoch == 1
    assert data.last_step == 5


def test_an_epochs_metrics_stand_in_for_those_of_a_part_at_the_same_step():
    data = CurveData()
    data.add([validated(3, 1.0, 0.5), validated(4, 1.0, 0.6)])
    data.add([epoch(4, 1, 0.9)])
    assert data.validation["accuracy"].values.tolist() == [0.5, 0.9]


def test_values_are_of_the_nearest_batch_and_the_nearest_validation():
    data = CurveData(0.5)
    assert data.values_at(3) is None
    data.add([batch(step, loss=step, rate=step / 100) for step in range(1, 11)])
    assert data.values_at(3).validation_step is None
    data.add([validated(4, NAN, 0.5), validated(8, 0.25, 0.75)])
    values = data.values_at(6.9)
    assert (values.step, values.batch["loss"], values.batch["learning_rate"]) == (7, 7.0, 0.07)
    assert values.smoothed["loss"] == pytest.approx(data.training["loss"].smoothed[6])
    assert values.validation_step == 8
    known = {name: value for name, value in values.validation.items() if value is not None}
    assert known == {"loss": 0.25, "accuracy": 0.75}
    assert values.validation["learning_rate"] is None
    # Its loss was no number, and is not borrowed from another validation.
    assert data.values_at(4).validation["loss"] is None
    assert data.values_at(4).validation["accuracy"] == 0.5


def test_a_batch_without_a_number_is_read_as_none():
    data = CurveData()
    data.add([batch(1), batch(2, loss=NAN), batch(3)])
    assert data.values_at(2).batch["loss"] is None
    assert data.values_at(2).batch["accuracy"] == 0.9


@pytest.mark.parametrize(
    ("progress", "epochs", "high"),
    [(0, 3, 3), (0, 10, 10), (0, 50, 6.25), (5.5, 50, 6.25), (5.7, 50, 12.5), (49, 50, 50)],
)
def test_a_long_training_is_shown_in_growing_parts(progress, epochs, high):
    assert epochs_shown(progress, epochs) == Range(0, high)


def training_of(count: int) -> CurveData:
    data = CurveData(0.9)
    steps = np.arange(1, count + 1)
    losses = 2.3 * np.exp(-steps / 60) + 0.05
    data.add(
        [
            batch(int(s), float(loss), float(1 - loss / 3))
            for s, loss in zip(steps, losses, strict=True)
        ]
    )
    return data


def test_ranges_hold_the_curves_and_not_their_outliers():
    for data in (CurveData(), training_of(3), training_of(1000)):
        for shown in (
            loss_range(data),
            accuracy_range(data),
            rate_range(data),
            log_loss_range(data),
        ):
            assert shown.low < shown.high
            assert np.isfinite(shown).all()
    assert accuracy_range(training_of(20)).low == 0
    late = training_of(1000)
    assert 0.3 < loss_range(late).high <= 2.0
    assert accuracy_range(late).low == 95
    assert accuracy_range(late).high > 100
    shown = log_loss_range(late)
    assert shown.low < np.log10(0.05)
    assert shown.high > np.log10(2.3)


def test_a_loss_of_zero_has_a_place_on_a_logarithmic_axis():
    data = CurveData()
    data.add([batch(step, loss=0.0) for step in range(1, 100)])
    assert np.isfinite(log_loss_range(data)).all()
    assert loss_range(data).low < loss_range(data).high


def test_validation_that_runs_away_does_not_flatten_all_else():
    data = training_of(500)
    data.add([validated(500, 1e6, 0.1)])
    assert loss_range(data).high <= 10


@given(st.floats(1e-8, 1e6), st.floats(1e-6, 1e6), st.integers(1, 12))
def test_ticks_are_few_even_and_within(low, span, most):
    step, found = ticks(low, low + span, most)
    assert len(found) <= most + 1
    # A share of their distance, and as much as floating-point numbers of this size are apart.
    slack = 1e-6 * step + 4 * np.spacing(low + span)
    assert all(low - slack <= value <= low + span + slack for value in found)
    assert round(step / 10.0 ** np.floor(np.log10(step) + 1e-9), 6) in {1.0, 2.0, 5.0}


@given(st.floats(-9, 3), st.floats(0.6, 12), st.integers(2, 12))
def test_logarithmic_ticks_are_few_and_within(low, span, most):
    found = log_ticks(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - 1e-9 <= value <= low + span + 1e-9 for value in found)


def test_logarithmic_ticks_are_powers_of_ten_with_what_fits_between():
    assert log_ticks(-2, 0, 3) == [-2, -1, 0]
    assert len(log_ticks(-2, 0, 7)) == 7
    near = [10**value for value in log_ticks(np.log10(0.1), np.log10(0.2), 6)]
    np.testing.assert_allclose(np.diff(near), 0.02)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(0.5, 0.5, "0.5"), (1, 0.5, "1.0"), (95, 5, "95"), (0, 0.002, "0"), (0.002, 0.001, "0.002"),
     (2e-6, 1e-6, "2e-6"), (1.5e-5, 5e-6, "1.5e-5"), (99.95, 0.05, "99.95")],
)  # fmt: skip
def test_ticks_have_the_decimals_that_they_need(value, step, text):
    assert tick_text(value, step) == text


@pytest.mark.parametrize(("value", "rounded"), [(0.9, 1.0), (1.2, 1.5), (2.31, 2.5), (0.061, 0.08)])
def test_rounding_up(value, rounded):
    assert round_up(value) == pytest.approx(rounded)


def test_many_rough_points_are_a_band_about_most_of_them():
    steps = np.arange(1, 4001)
    values = np.sin(steps / 500) + np.random.default_rng(0).normal(0, 0.1, len(steps))
    values[::40] = 9.0
    places, lower, upper = band(steps, values, 0, 4000, 100)
    assert 50 <= len(places) <= 101
    middle = np.interp(places, steps, np.sin(steps / 500))
    assert (lower < middle).all()
    assert (middle < upper).all()
    assert (upper < 2).all(), "single batches far out do not widen it"
    assert places[-1] == 4000


def test_few_rough_points_are_no_band():
    steps = np.arange(1, 401)
    assert len(band(steps, np.ones(400), 0, 400, 100)[0]) == 0
    assert len(band(steps[:0], np.ones(0), 0, 400, 100)[0]) == 0
