"""What speaks for a class: against the network itself, for every kind of it."""

from __future__ import annotations

import copy
import functools

import numpy as np
import pytest
import torch
from handwriting import digit, moved
from hypothesis import given, settings
from hypothesis import strategies as st
from inside_kit import MODELS, every_model, glyph_of_chance

from digitpad.ink.drawing import Drawing, Stroke
from digitpad.ink.glyph import preprocess_points, preprocess_strokes
from digitpad.recognition.inside.attribution import (
    LEAST_TOLERANCE,
    METHODS,
    TOLERANCE,
    WINDOW,
    attribution,
    log_odds,
    predict,
)
from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.left_out import without_each_stroke
from digitpad.recognition.inside.smallest_change import MOST_ERASED, Change, search_change
from digitpad.recognition.model_file import load_model
from digitpad.recognition.model_store import bundled_model_path


@pytest.fixture(scope="module")
def insides() -> dict[str, Inside]:
    return {name: Inside(model) for name, model in every_model().items()}


@pytest.fixture(scope="module")
def bundled() -> Inside:
    return Inside(load_model(bundled_model_path()))


def _drawing(name: str) -> Drawing:
    return Drawing.of(moved(digit(name), -180, -300, 6))


@pytest.mark.parametrize("name", MODELS)
def test_log_odds_are_those_of_the_calibrated_probability(name, insides) -> None:
    glyphs = np.stack([glyph_of_chance(seed) for seed in range(3)])
    inside = insides[name]
    probabilities = inside.probabilities(glyphs)
    for number in (0, 7):
        found = log_odds(inside, glyphs, number)
        wanted = probabilities[:, number] / (1 - probabilities[:, number])
        np.testing.assert_allclose(np.exp(found), wanted, rtol=1e-4)
    told = predict(inside, glyphs)
    np.testing.assert_allclose([one.probabilities for one in told], probabilities, rtol=1e-4)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("method", METHODS)
def test_every_pixel_has_a_value_and_those_without_ink_have_none(name, method, insides) -> None:
    glyph = glyph_of_chance(1)
    found = attribution(insides[name], glyph, 3, method)
    assert found.values.shape == (28, 28)
    assert found.values.dtype == np.float64
    assert np.isfinite(found.values).all()
    assert found.values.any()
    assert not found.values[glyph == 0].any()
    assert found.log_odds == pytest.approx(log_odds(insides[name], glyph[None], 3)[0])


@pytest.mark.parametrize("method", METHODS)
def test_a_glyph_without_ink_has_no_values(method, bundled) -> None:
    found = attribution(bundled, np.zeros((28, 28), np.uint8), 3, method)
    assert not found.values.any()
    assert found.log_odds == found.log_odds_of_none


@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 1000), number=st.integers(0, 9))
def test_integrated_gradients_add_up_to_the_difference(name, insides, seed, number) -> None:
    found = attribution(insides[name], glyph_of_chance(seed), number, "integrated")
    wanted = found.log_odds - found.log_odds_of_none
    allowed = max(TOLERANCE * abs(wanted), LEAST_TOLERANCE)
    assert abs(found.values.sum() - wanted) <= allowed


@pytest.mark.parametrize("digit_name", ["0", "3", "4", "8"])
def test_integrated_gradients_of_the_bundled_model_add_up(digit_name, bundled) -> None:
    glyph = preprocess_strokes(_drawing(digit_name)).glyph
    (told,) = predict(bundled, glyph[None])
    for number in (told.best, (told.best + 1) % 10):
        found = attribution(bundled, glyph, number, "integrated")
        wanted = found.log_odds - found.log_odds_of_none
        assert abs(found.values.sum() - wanted) <= max(TOLERANCE * abs(wanted), LEAST_TOLERANCE)


def test_occlusion_is_what_the_class_loses_with_the_window(bundled) -> None:
    glyph = preprocess_strokes(_drawing("3")).glyph
    found = attribution(bundled, glyph, 3, "occlusion")
    rows, columns = np.nonzero(glyph)
    reach = WINDOW // 2
    for place in (0, len(rows) // 2, len(rows) - 1):
        row, column = int(rows[place]), int(columns[place])
        emptied = glyph.copy()
        emptied[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) :][
            :, : column + reach + 1 - max(column - reach, 0)
        ] = 0
        loss = log_odds(bundled, glyph[None], 3) - log_odds(bundled, emptied[None], 3)
        assert found.values[row, column] == pytest.approx(loss[0], abs=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_gradient_times_input_is_the_slope(name, insides) -> None:
    inside, glyph = insides[name], glyph_of_chance(2)
    found = attribution(inside, glyph, 4, "gradient")
    # Along the way from the empty glyph, the log-odds change by the sum of all values.
    network = copy.deepcopy(inside.whole).double()
    levels = torch.from_numpy(glyph.astype(np.float64))[None, None] / 255
    normalisation = inside.info.normalisation
    sums = []
    for share in (1 - 1e-6, 1 + 1e-6):
        with torch.no_grad():
            logits = network((share * levels - normalisation.mean) / normalisation.std)[0]
        logits = logits / inside.temperature
        others = torch.cat((logits[:4], logits[5:]))
        sums.append(float(logits[4] - torch.logsumexp(others, dim=0)))
    assert found.values.sum() == pytest.approx((sums[1] - sums[0]) / 2e-6, rel=1e-2, abs=1e-3)


def test_a_network_stays_as_it_is(insides) -> None:
    inside = insides["surenet"]
    before = {name: tensor.clone() for name, tensor in inside.network.state_dict().items()}
    for method in METHODS:
        attribution(inside, glyph_of_chance(0), 0, method)
    after = inside.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(one.grad is None for one in inside.network.parameters())


def test_without_a_stroke_the_others_are_read_as_the_pad_reads_them(bundled) -> None:
    drawing = _drawing("4")
    found = list(without_each_stroke(bundled, drawing.strokes))
    assert len(found) == 2
    for number, prediction in enumerate(found):
        rest = drawing.strokes[1 - number]
        (wanted,) = predict(bundled, preprocess_strokes(Drawing((rest,))).glyph[None])
        assert prediction is not None
        np.testing.assert_allclose(prediction.probabilities, wanted.probabilities, rtol=1e-4)
    assert found[0] is not None
    assert found[0].text == "1"  # the upright stroke alone


def test_without_its_only_stroke_nothing_is_left(bundled) -> None:
    assert list(without_each_stroke(bundled, _drawing("3").strokes)) == [None]


def _reads(inside: Inside, strokes: tuple[Stroke, ...]) -> str:
    glyph = preprocess_points([stroke.points for stroke in strokes]).glyph
    return predict(inside, glyph[None])[0].text


@pytest.fixture(scope="module")
def searched(bundled):
    """All that a search for the smallest change of a drawing says; made once."""
    return functools.cache(lambda name: list(search_change(bundled, _drawing(name).strokes)))


@pytest.mark.parametrize("name", ["1", "4"])
def test_the_smallest_change_changes_the_answer(name, bundled, searched) -> None:
    drawing = _drawing(name)
    before = _reads(bundled, drawing.strokes)
    last = searched(name)[-1]
    assert last.is_done
    found = [one for one in (last.erased, last.added) if one is not None]
    assert found
    assert last.smallest in found
    for change in found:
        assert change.prediction.text != before
        assert not change.prediction.rejected
        assert _reads(bundled, change.after) == change.prediction.text
        assert last.smallest is not None
        assert last.smallest.length <= change.length
        _check(change, drawing)


def _check(change: Change, drawing: Drawing) -> None:
    if change.kind == "add":
        assert change.source is None
        assert change.after == (*drawing.strokes, change.stroke)
        return
    assert change.source is not None
    assert 0 < change.share <= MOST_ERASED + 1e-9
    kept = [stroke for stroke in drawing.strokes if stroke in change.after]
    assert len(kept) == len(drawing.strokes) - 1
    # What is erased lies on the stroke, and nothing else has gone.
    source = drawing.strokes[change.source]
    every = np.concatenate([change.stroke.points, *(one.points for one in change.after)])
    for point in source.points:
        assert np.hypot(*(every - point).T).min() < 8.0


def test_the_search_says_how_far_it_has_come(searched) -> None:
    tried = [state.tried for state in searched("4")]
    assert tried[0] == 0
    assert tried == sorted(tried)
    assert len(tried) > 5


def test_a_dot_and_a_scribble_are_searched_in_bounded_time(bundled) -> None:
    random = np.random.default_rng(0)
    scribble = Drawing.of([random.uniform(-400, 400, (400, 2))])
    for drawing in (Drawing.of([[(3.0, 4.0)]]), scribble):
        *_, last = search_change(bundled, drawing.strokes)
        assert last.is_done
        assert last.tried <= 5000
