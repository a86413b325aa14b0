"""The sums over all divisions of lattices, and the loss that weights are fitted with."""

from __future__ import annotations

import runpy

import numpy as np
import pytest

from digitpad.recognition.division.best import FEATURES
from training.numbers.fit import UNITS, Batch, loss_of, module, weights_of
from training.numbers.lattices import PARTS, Edge, Lattice
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
    return Lattice(features, 3, edges, 3, table, bool(right), "number")


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
    batch = Batch(lattices[2:3])
    size = len(FEATURES) * (UNITS + len(PARTS)) + UNITS * len(PARTS)
    loss, _ = loss_of(np.zeros(size), batch)
    # A symbol or something else in each part, or a ligature: 2 + 4 + 2 ways, and two are right.
    assert np.isclose(loss, np.log(8 / 2))


def test_the_gradient_is_that_of_the_loss(lattices):
    batch = Batch(lattices)
    assert len(batch.shares) == 3
    size = len(FEATURES) * (UNITS + len(PARTS)) + UNITS * len(PARTS)
    values = np.random.default_rng(2).normal(0.0, 0.3, size)
    _, gradient = loss_of(values, batch)
    for i in np.random.default_rng(3).integers(size, size=12).tolist():
        step = np.zeros(size)
        step[i] = 1e-5
        rise = loss_of(values + step, batch)[0] - loss_of(values - step, batch)[0]
        assert np.isclose(rise / 2e-5, gradient[i], atol=1e-7)


def test_the_written_module_holds_the_weights(tmp_path):
    size = len(FEATURES) * (UNITS + len(PARTS)) + UNITS * len(PARTS)
    weights = weights_of(np.random.default_rng(0).normal(size=size))
    written = tmp_path / "fitted.py"
    written.write_text(module(weights, weights), encoding="utf-8")
    names = runpy.run_path(str(written))
    for name in ("STROKES", "PICTURES"):
        for mine, given in zip(names[name], weights, strict=True):
            assert np.allclose(mine, given, atol=0.005)
