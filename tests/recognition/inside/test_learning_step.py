"""The loss of one glyph, its gradients against small differences, and steps there and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from inside_kit import MODELS, every_model, glyph_of_chance

from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.learning_step import LearningSandbox


@pytest.fixture(scope="module")
def insides() -> dict[str, Inside]:
    return {name: Inside(model) for name, model in every_model().items()}


@pytest.mark.parametrize("name", MODELS)
def test_the_loss_is_minus_the_logarithm_of_the_probability(name, insides) -> None:
    inside, glyph = insides[name], glyph_of_chance(1)
    state = LearningSandbox(inside, glyph, 3).reach(())
    logits = inside.exact(glyph)[next(iter(reversed(inside.network.named_layers())))]
    np.testing.assert_allclose(state.logits, logits, rtol=0, atol=1e-9)
    shares = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(state.probabilities, shares, rtol=1e-12)
    assert state.loss == pytest.approx(-math.log(shares[3]), abs=1e-12)
    assert state.losses == (state.loss,)
    assert state.is_finite


@pytest.mark.parametrize("name", MODELS)
def test_gradients_are_those_of_small_differences(name, insides) -> None:
    inside, glyph = insides[name], glyph_of_chance(2)
    state = LearningSandbox(inside, glyph, 7).reach(())
    random = np.random.default_rng(0)
    for layer, gradient in state.gradients.items():
        assert gradient.shape == state.weights[layer].shape
        place = np.unravel_index(
            int(np.abs(gradient).argmax()) if gradient.any() else 0, gradient.shape
        )
        for where in (place, tuple(random.integers(0, size) for size in gradient.shape)):
            losses = []
            for change in (1e-6, -1e-6):
                other = LearningSandbox(inside, glyph, 7)
                with torch.no_grad():
                    other._layers[layer].weight[tuple(where)] += change
                    other._kept[()] = other._copied()
                losses.append(other.reach(()).loss)
            slope = (losses[0] - losses[1]) / 2e-6
            assert gradient[where] == pytest.approx(slope, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_small_steps_make_the_loss_smaller_and_back_is_exact(name, insides) -> None:
    inside, glyph = insides[name], glyph_of_chance(3)
    sandbox = LearningSandbox(inside, glyph, 5)
    first = sandbox.reach(())
    after = sandbox.reach((1e-4,) * 3)
    assert list(after.losses) == sorted(after.losses, reverse=True)
    assert after.losses[0] == first.loss > after.loss
    assert after.probabilities[5] > first.probabilities[5]
    np.testing.assert_array_equal(after.first, first.probabilities)
    back = sandbox.reach(())
    np.testing.assert_array_equal(back.logits, first.logits)
    for layer, weights in first.weights.items():
        np.testing.assert_array_equal(back.weights[layer], weights)
        np.testing.assert_array_equal(back.gradients[layer], first.gradients[layer])


def test_steps_that_are_kept_no_more_are_computed_again(insides, monkeypatch) -> None:
    monkeypatch.setattr("digitpad.recognition.inside.learning_step._KEPT_BYTES", 1)
    sandbox = LearningSandbox(insides["quicknet"], glyph_of_chance(4), 0)
    rates = (1e-3, 2e-3, 1e-3, 5e-4)
    states = [sandbox.reach(rates[:n]) for n in range(5)]
    assert len(sandbox._kept) == 2
    for n in (3, 1, 4, 0, 2):
        again = sandbox.reach(rates[:n])
        np.testing.assert_array_equal(again.logits, states[n].logits)
        assert again.losses == states[n].losses


def test_a_step_that_is_much_too_large_is_told(insides) -> None:
    sandbox = LearningSandbox(insides["tutorial-convnet"], glyph_of_chance(5), 1)
    with np.errstate(all="ignore"):
        state = sandbox.reach((1e200, 1e200))
    assert not state.is_finite
    assert sandbox.reach(()).is_finite


def test_no_model_is_changed(insides) -> None:
    network = insides["padnet"].network
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    LearningSandbox(insides["padnet"], glyph_of_chance(6), 2).reach((0.1, 0.1))
    assert all(torch.equal(before[name], now) for name, now in network.state_dict().items())
    assert not any(one.requires_grad for one in network.parameters())
