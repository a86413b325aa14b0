"""The plane of the features: what it shows, that it is the same each time, and that it turns."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from inside_kit import every_model, glyph_of_chance

from digitpad.recognition.inside.inside import Inside
from digitpad.recognition.inside.plane import balanced, classes_plane, features_of, spread_plane
from digitpad.recognition.layers import normalise


def cloud(seed, count=60, size=12):
    random = np.random.default_rng(seed)
    return random.normal(size=(count, size)) * np.linspace(3, 0.2, size) + 5


@given(st.integers(0, 10_000))
def test_it_shows_the_two_directions_of_most_variance(seed):
    features = cloud(seed)
    plane = spread_plane(features)
    assert plane.points.dtype == np.float64
    lengths = np.linalg.norm(plane.axes, axis=0)
    assert plane.axes.T @ plane.axes == pytest.approx(np.eye(2) * lengths**2, abs=1e-9)
    assert plane.points.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert (plane.points**2).sum(axis=1).mean() == pytest.approx(1)
    assert plane.place(features) == pytest.approx(plane.points, abs=1e-12)
    values = np.linalg.eigvalsh(np.cov(features.T))[::-1]
    assert plane.share == pytest.approx(values[:2].sum() / values.sum())
    # The largest part of each direction is positive.
    assert (plane.axes[np.abs(plane.axes).argmax(axis=0), (0, 1)] > 0).all()


@given(st.integers(0, 10_000), st.floats(-3, 3), st.booleans())
def test_a_plane_is_turned_and_mirrored_as_the_one_before(seed, angle, mirrored):
    plane = spread_plane(cloud(seed))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if mirrored:
        turn[:, 0] *= -1
    before = plane.points @ turn
    turned = spread_plane(cloud(seed), before)
    assert turned.points == pytest.approx(before, abs=1e-9)
    assert turned.place(cloud(seed)) == pytest.approx(before, abs=1e-9)
    assert turned.share == plane.share


@given(st.integers(0, 10_000), st.integers(2, 12))
def test_classes_stand_in_a_circle(seed, count):
    random = np.random.default_rng(seed)
    weights = random.normal(size=(count, 16))
    features = cloud(seed, size=16)
    plane = classes_plane(features, weights)
    assert plane.points.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert (plane.points**2).sum(axis=1).mean() == pytest.approx(1)
    assert plane.place(features) == pytest.approx(plane.points, abs=1e-12)
    best = spread_plane(features)
    assert 0 < plane.share <= best.share + 1e-9
    # What only one class pulls at lies where this class stands.
    for number in range(count):
        others = np.delete(weights, number, axis=0)
        alone = np.linalg.pinv(weights)[:, number]
        assert others @ alone == pytest.approx(np.zeros(count - 1), abs=1e-9)
        pulled = plane.place(plane.centre + alone[None])[0]
        angle = 2 * np.pi * number / count
        place = np.array([np.sin(angle), np.cos(angle)])
        if count > 2:
            pulled = pulled / np.linalg.norm(pulled)
            assert pulled == pytest.approx(place, abs=1e-6)
        else:
            assert np.sign(pulled[1]) == np.sign(place[1])


def test_features_without_any_difference_have_a_plane():
    plane = spread_plane(np.full((5, 7), 3.0))
    assert plane.share == 0
    assert not plane.points.any()
    line = spread_plane(np.outer(np.arange(5.0), np.ones(7)), plane.points)
    assert line.share == pytest.approx(1)
    assert np.isfinite(line.points).all()
    one = spread_plane(np.ones((1, 3)))
    assert one.points.shape == (1, 2)
    assert classes_plane(np.full((5, 7), 3.0), np.eye(7)[:4]).share == 0
    assert classes_plane(np.full((5, 7), 3.0), np.zeros((4, 7))).points.shape == (5, 2)
    narrow = spread_plane(np.arange(4.0)[:, None])
    assert narrow.points.shape == (4, 2)


def test_features_are_what_goes_into_the_classifier_of_every_network():
    glyphs = np.stack([glyph_of_chance(seed) for seed in range(130)])
    for model in every_model().values():
        inside = Inside(model)
        features = features_of(inside, glyphs)
        assert features.shape == (130, inside.network.classifier.in_features)
        with torch.inference_mode():
            levels = torch.from_numpy(glyphs[-3:]).unsqueeze(1)
            logits = inside.network(normalise(levels, inside.info.normalisation))
            found = inside.network.classifier(torch.from_numpy(features[-3:]).float())
        assert found.numpy() == pytest.approx(logits.numpy(), rel=1e-4, abs=1e-4)
        assert np.isfinite(spread_plane(features).points).all()


def test_a_choice_has_as_many_of_each_class():
    labels = np.array([2, 0, 0, -1, 2, 0, 2, 1], np.int64)
    assert balanced(labels, 6).tolist() == [0, 1, 2, 4, 7]
    assert balanced(labels, 3).tolist() == [0, 1, 7]
    assert balanced(labels, 0).tolist() == [0, 1, 7]
    assert balanced(np.array([-1]), 6).tolist() == []
