"""What lessons change: a kernel machine that is fitted beside a network.

The network's logits are the prior mean of a Gaussian process for each class, whose kernel fades
with the distance of descriptions, so that a lesson changes the answer for what looks like it
(Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, chapters 2 and 3). What is
found is the most probable function, given the lessons and given that the training data must be
answered as before: at their exemplars the Kullback-Leibler divergence from the answers of the
network is held small (Li and Hoiem 2016, learning without forgetting, arXiv 1606.09282).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from digitpad.recognition.adapted.taught import nearness

if TYPE_CHECKING:
    from torch import Tensor

_RIDGE = 0.003
"""Weight of the squared norm of the function: larger means smaller changes."""

KEEPING = 1200.0
"""Weight of all exemplars together, where a lesson has the weight 1."""

_STEPS = 40

_FELT = 1e-3
"""Nearness below which nothing is felt of a lesson."""

_JITTER = 1e-6


class Points(NamedTuple):
    """Glyphs with what is known of them.

    Attributes:
        places: double (n, d), their descriptions.
        logits: double (n, c), of the network, divided by the temperature.
        wanted: double (n, c), probabilities that they ought to have.
        weights: double (n,), of their cross-entropies.
        is_own: bool (n,), whether it is what a person drew, and no copy and no exemplar.
    """

    places: Tensor
    logits: Tensor
    wanted: Tensor
    weights: Tensor
    is_own: Tensor

    def stressed(self, which: Tensor, times: float) -> Points:
        """The same points, of which some, bool (n,), have so many times their weight."""
        return self._replace(weights=torch.where(which, times * self.weights, self.weights))


def fitted_effects(lessons: Points, kept: Points) -> Tensor:
    """The effects (n, c) of the points of lessons on what is near to them.

    The problem is convex. Its Hessian is bounded (Böhning 1992, multinomial logistic regression),
    so that steps by one factorised matrix converge, here with Nesterov's momentum.

    Args:
        lessons: the points.
        kept: what must be answered as before.
    """
    kernel = nearness(lessons.places, lessons.places)
    size = len(kernel)
    root = torch.linalg.cholesky(kernel + _JITTER * torch.eye(size, dtype=kernel.dtype))
    near = nearness(kept.places, lessons.places)
    # What is far from all lessons stays without being asked.
    is_felt = near.amax(dim=1) > _FELT
    kept = Points(*(values[is_felt] for values in kept))
    beside = torch.linalg.solve_triangular(root, near[is_felt].T, upper=False).T
    given = torch.cat((root, beside))
    logits = torch.cat((lessons.logits, kept.logits))
    wanted = torch.cat((lessons.wanted, kept.wanted))
    weights = torch.cat((lessons.weights, kept.weights))[:, None]
    bound = 0.5 * (given.T @ (weights * given)) + _RIDGE * torch.eye(size, dtype=kernel.dtype)
    factor = torch.linalg.cholesky(bound)
    solution = torch.zeros(size, logits.shape[1], dtype=kernel.dtype)
    ahead, momentum = solution, 1.0
    for _ in range(_STEPS):
        errors = torch.softmax(logits + given @ ahead, dim=1) - wanted
        slope = given.T @ (weights * errors) + _RIDGE * ahead
        following = ahead - torch.cholesky_solve(slope, factor)
        next_momentum = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        step = following - solution
        # Momentum that leads uphill is given up (O'Donoghue and Candes 2012, arXiv 1204.3982).
        if float((slope * step).sum()) > 0:
            next_momentum = 1.0
        ahead = following + (momentum - 1) / next_momentum * step
        solution, momentum = following, next_momentum
    effects: Tensor = torch.linalg.solve_triangular(root.T, solution, upper=True)
    return effects
