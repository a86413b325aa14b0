"""All divisions of many drawings at once: the sums over them, and their gradients."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from training.numbers.lattices import Lattice

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


class _Level(NamedTuple):
    """The edges to, or from, all states that are so many edges from the first.

    Attributes:
        edges: their numbers, sorted by state.
        states: the states, each once.
        starts: where the edges of each of these begin.
    """

    edges: Whole
    states: Whole
    starts: Whole


class Paths:
    """The ways through lattices, with the states and the candidates of all in one row each.

    A sum over all divisions takes a step of numpy for each level of all lattices together, where
    plain loops over their edges would take minutes for a fit.

    Args:
        lattices: at least one.

    Attributes:
        lattices: these.
        places: where the candidates of each are.
    """

    def __init__(self, lattices: Sequence[Lattice]) -> None:
        self.lattices = lattices
        states = np.cumsum([0, *(one.states for one in lattices)])
        edges = np.cumsum([0, *(len(one.features) for one in lattices)])
        self.places = [slice(start, end) for start, end in pairwise(edges.tolist())]
        self._first, self._last, self._count = states[:-1], states[1:] - 1, int(states[-1])
        every = np.concatenate(
            [
                np.array(one.edges) + np.array([state, candidate, state])
                for one, state, candidate in zip(lattices, states, edges, strict=False)
            ]
        )
        self._from, self._candidate, self._to = every.T
        self._lattice = np.searchsorted(states, self._from, side="right") - 1
        depth = np.zeros(self._count, np.int64)
        while True:
            deeper = depth.copy()
            np.maximum.at(deeper, self._to, depth[self._from] + 1)
            if (deeper == depth).all():
                break
            depth = deeper
        self._forward = list(_levels(self._to, depth))
        self._backward = list(_levels(self._from, depth))[::-1]

    def totals(self, worth: Floats) -> Floats:
        """Logarithms of the sums over all divisions of each lattice, float64 (lattices,).

        Args:
            worth: float64 (candidates,), what each adds; minus infinity for what is not taken.
        """
        totals: Floats = self._summed(self._forward, self._first, self._from, worth)[self._last]
        return totals

    def expected(self, worth: Floats) -> tuple[Floats, Floats]:
        """See `totals`, and how probable each candidate is to be in a division."""
        behind = self._summed(self._forward, self._first, self._from, worth)
        ahead = self._summed(self._backward, self._last, self._to, worth)
        totals = behind[self._last]
        through = behind[self._from] + worth[self._candidate] + ahead[self._to]
        shares = np.exp(through - totals[self._lattice])
        sums: Floats = np.bincount(self._candidate, shares, minlength=len(worth)).astype(np.float64)
        return totals, sums

    def _summed(
        self, levels: Sequence[_Level], begin: Whole, before: Whole, worth: Floats
    ) -> Floats:
        """For each state the logarithm of the sum over the ways to it, from one of its ends."""
        found = np.full(self._count, -np.inf)
        found[begin] = 0.0
        for edges, states, starts in levels:
            values = found[before[edges]] + worth[self._candidate[edges]]
            highest = np.maximum.reduceat(values, starts)
            highest[np.isneginf(highest)] = 0.0
            each = np.repeat(highest, np.diff([*starts.tolist(), len(edges)]))
            with np.errstate(divide="ignore"):
                sums = np.log(np.add.reduceat(np.exp(values - each), starts))
            found[states] = highest + sums
        return found


def _levels(state: Whole, depth: Whole) -> Iterator[_Level]:
    """The edges by the depth of their state, from the least."""
    order = np.lexsort((state, depth[state]))
    of = depth[state][order]
    for level in np.unique(of).tolist():
        edges = order[of == level]
        states, starts = np.unique(state[edges], return_index=True)
        yield _Level(edges, states, starts)
