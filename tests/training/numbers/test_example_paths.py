"""The sums over all divisions of lattices, and the network that is trained with them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from digitpad.data.dataset import DIGITS
from digitpad.ink.division.views import COLUMNS, LAYERS, ROWS
from digitpad.recognition.division.best import FEATURES
from digitpad.recognition.division.rating import NOT_WHOLE, PARTS, levels_of
from training.numbers.fit import fit, loss_of, warped
from training.numbers.lattices import UNKNOWN, Edge, Lattice
from training.numbers.paths import Paths


def lattice(random: np.random.Generator, right: list[tuple[int, int]]) -> Lattice:
    """Two pieces: each alone, both together, the second one as a ligature.

    Args:
        random: features come from it.
        right: candidates of right divisions, and what they are.
    """
    table = np.zeros((4, len(PARTS)), bool)
    for candidate, kind in right:
        table[candidate, kind] = True
    edges = (Edge(0, 0, 1), Edge(0, 2, 2), Edge(1, 1, 2), Edge(1, 3, 2))
    features = random.normal(size=(4, len(FEATURES)))
    views = random.integers(0, 256, (4, LAYERS, ROWS, COLUMNS), np.uint8)
    classes = np.array([0, 1, NOT_WHOLE, UNKNOWN])
    told = np.full((3, len(DIGITS)), np.log(1 / len(DIGITS)), np.float32)
    trust = np.array([(0.5, 1.0), (0.5, 1.0), (1.0, 0.0)], np.float32)
    return Lattice(features, views, 3, edges, 3, table, classes, told, trust, bool(right), "number")


@pytest.fixture
def lattices():
    random = np.random.default_rng(0)
    return [
        lattice(random, [(2, 0)]),
        lattice(random, [(0, 0), (1, 1)]),
        lattice(random, [(0, 0), (3, 2), (2, 0)]),
        lattice(random, []),
    ]


def test_totals_are_the_sums_over_all_ways(lattices):
    worth = np.random.default_rng(1).normal(size=16)
    totals, expected = Paths(lattices).expected(worth)
    for i, total in enumerate(totals.tolist()):
        a, b, both, ligature = worth[4 * i : 4 * i + 4]
        ways = np.exp([both, a + b, a + ligature])
        assert np.isclose(total, np.log(ways.sum()))
        shares = ways / ways.sum()
        wanted = [shares[1] + shares[2], shares[1], shares[0], shares[2]]
        assert np.allclose(expected[4 * i : 4 * i + 4], wanted)


def test_the_loss_counts_all_right_divisions_together(lattices):
    (loss,), _ = loss_of(lattices[2:3], np.zeros((4, len(PARTS))), np.zeros(4))
    # A symbol or something else in each part, or a ligature: 2 + 4 + 2 ways, and two are right.
    assert np.isclose(loss, np.log(8 / 2))


def test_a_division_that_is_hardly_read_right_is_hardly_right(lattices):
    read = np.log([0.5, 0.25, 1.0, 1.0])
    (loss,), _ = loss_of(lattices[2:3], np.zeros((4, len(PARTS))), read)
    # The first symbol before a ligature, which is read right in half of all cases, or both as one.
    assert np.isclose(loss, np.log(8 / 1.5))
    # What is no symbol is not read.
    (loss,), _ = loss_of(lattices[1:2], np.zeros((4, len(PARTS))), read)
    assert np.isclose(loss, np.log(8 / 0.5))


@pytest.mark.parametrize("which", [0, 1])
def test_the_gradients_are_those_of_the_loss(lattices, which):
    possible = lattices[:3]
    random = np.random.default_rng(2)
    given = [random.normal(size=(12, len(PARTS))), -random.exponential(size=12)]
    gradient = loss_of(possible, *given)[1][which]
    for place in np.ndindex(gradient.shape):
        losses = []
        for step in (1e-5, -1e-5):
            moved = [one.copy() for one in given]
            moved[which][place] += step
            losses.append(loss_of(possible, *moved)[0].sum())
        assert np.isclose((losses[0] - losses[1]) / 2e-5, gradient[place], atol=1e-7)


def test_a_network_learns_which_divisions_are_right(lattices):
    def loss(steps: int) -> float:
        network = fit(lattices, steps, 1)
        features = np.concatenate([one.features for one in lattices[:2]])
        views = np.concatenate([one.views for one in lattices[:2]])
        with torch.inference_mode():
            looks = network.look(levels_of(views))
            rated = network.rate(looks, torch.from_numpy(features).float())
        return float(loss_of(lattices[:2], rated.parts.double().numpy(), np.zeros(8))[0].mean())

    assert loss(80) < 0.5 * loss(1)


@pytest.mark.parametrize("steps", [(80, 1), (1, 80)])
def test_a_network_learns_to_read_what_the_model_cannot_tell(lattices, steps):
    # The model says the same of all; each symbol of the second one looks otherwise.
    network = fit(lattices[1:2], *steps)
    with torch.inference_mode():
        looks = network.look(levels_of(lattices[1].views))
        features = torch.from_numpy(lattices[1].features).float()
        told = network.rate(looks, features).digits[:2]
    assert told.argmax(1).tolist() == [0, 1]


def test_views_of_a_drawing_are_warped_alike():
    torch.manual_seed(0)
    view = torch.zeros(1, LAYERS, ROWS, COLUMNS)
    view[:, 0, 4:28, 23:25] = 1.0
    first, second, third = warped(view.repeat(3, 1, 1, 1), [2, 1])
    assert torch.equal(first, second)
    assert not torch.allclose(first, third, atol=0.1)
    for one in (first, third):
        # It is still a bar near the middle, and nothing of it is in the other layer.
        rows, columns = torch.nonzero(one[0] > 0.5).T
        assert 18 <= rows.max() - rows.min() <= 31
        assert 12 <= columns.min() <= columns.max() <= 36
        assert not one[1].any()
