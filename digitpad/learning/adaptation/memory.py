"""What lessons change: a kernel machine that is fitted beside a network.

The network's logits are the prior mean of a Gaussian process for each class, whose kernel fades
with the distance of descriptions, so that a lesson changes the answer for what looks like it
(Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, chapters 2 and 3). What is
found is the most probable function, given the lessons and given that the training data must be
answered as before: at their exemplars the Kullback-Leibler divergence from the answers of the
network is held small (Li and Hoiem 2016, learning without forgetting, arXiv 1606.09282). Lessons
that may be slips have a kernel of their own, which fades much sooner.
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
        close: how many of them, the last ones, are felt close by only.
    """

    places: Tensor
    logits: Tensor
    wanted: Tensor
    weights: Tensor
    is_own: Tensor
    close: int = 0

    def nearness(self, places: Tensor) -> Tensor:
        """How near descriptions (m, d) are to each of the points, (m, n)."""
        return nearness(places, self.places, self.close)

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
    kernel = felt = lessons.nearness(lessons.places)
    size, wide = len(kernel), len(kernel) - lessons.close
    if lessons.close:
        # The function is the sum of a wide one and a close one, each with a norm of its own.
        kernel = torch.zeros_like(felt)
        kernel[:wide, :wide], kernel[wide:, wide:] = felt[:wide, :wide], felt[wide:, wide:]
    root = torch.linalg.cholesky(kernel + _JITTER * torch.eye(size, dtype=kernel.dtype))
    near = lessons.nearness(kept.places)
    # What is far from all lessons stays without being asked.
    is_felt = near.amax(dim=1) > _FELT
    beside = torch.linalg.solve_triangular(root, near[is_felt].T, upper=False).T
    own = torch.linalg.solve_triangular(root, felt.T, upper=False).T if lessons.close else root
    given = torch.cat((own, beside))
    logits = torch.cat((lessons.logits, kept.logits[is_felt]))
    wanted = torch.cat((lessons.wanted, kept.wanted[is_felt]))
    weights = torch.cat((lessons.weights, kept.weights[is_felt]))[:, None]
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
