"""The parts of one training step: first weights, loss, schedule, optimizer, average of weights."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from digitpad.data.dataset import OUTLIER
from digitpad.learning.muon import Muon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from digitpad.learning.config import TrainingConfig

# The average forgets the first weights sooner: after s steps it goes back over about s / 9.
_WARM_UP = 9


def loss_of(logits: Tensor, target: Tensor, config: TrainingConfig) -> Tensor:
    """Cross-entropy with label smoothing, and the outlier term.

    An outlier's loss is the cross-entropy between the uniform distribution and the network's: it is
    least, log(classes), where the network prefers no class. Both terms share the batch's size, so
    that a batch without outliers has the plain loss.
    """
    outlier = target == OUTLIER
    if not outlier.any():
        return functional.cross_entropy(logits, target, label_smoothing=config.label_smoothing)
    known = functional.cross_entropy(
        logits,
        target,
        ignore_index=OUTLIER,
        label_smoothing=config.label_smoothing,
        reduction="sum",
    )
    unsure = -functional.log_softmax(logits[outlier], dim=1).mean(dim=1).sum()
    return (known + config.outlier_weight * unsure) / len(target)


def known_loss(logits: Tensor, target: Tensor, config: TrainingConfig) -> float:
    """The mean loss of those that are no outliers, at least one."""
    return functional.cross_entropy(
        logits, target, ignore_index=OUTLIER, label_smoothing=config.label_smoothing
    ).item()


def schedule(config: TrainingConfig, progress: float) -> tuple[float, float]:
    """Learning rate and momentum at a point of the training.

    Args:
        config: names the schedule.
        progress: share of the training that is done, in [0, 1).
    """
    epochs = progress * config.epochs
    peak = config.learning_rate
    if config.schedule != "one-cycle" and epochs < config.warm_up:
        peak *= epochs / config.warm_up
    if config.schedule == "constant":
        return peak, config.momentum
    if config.schedule == "cosine":
        return peak * 0.5 * (1 + math.cos(math.pi * progress)), config.momentum
    if config.schedule == "step":
        # The small number keeps the first step of an epoch out of the epoch before it.
        falls = int((epochs + 1e-9) / config.step_epochs)
        return peak * config.step_factor**falls, config.momentum
    rise = 0.2
    if progress < rise:
        share = progress / rise
        height = 0.04 + 0.96 * share
    else:
        share = 1 - (progress - rise) / (1 - rise)
        height = share
    # Momentum moves against the rate, by at most a tenth (Smith and Topin 2018).
    return peak * height, config.momentum - 0.1 * config.momentum * share


def initialise(network: nn.Module, kind: str) -> None:
    """Draw new weights for convolutions and fully connected layers; biases start at 0.

    Args:
        network: changed in place.
        kind: "xavier" (Glorot and Bengio 2010, uniform), "he" (He and others 2015, normal, fan
            in, for ReLU), or "default", which leaves PyTorch's own.
    """
    if kind == "default":
        return
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            if kind == "xavier":
                nn.init.xavier_uniform_(module.weight)
            else:
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def make_optimizer(network: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    """The optimizer of a network, its steps fused into one pass over the weights.

    Args:
        network: on the device where it is trained; only its weights are decayed, neither biases
            nor normalisations. Muon turns all weights but the last ones, those of the classifier.
        config: names the optimizer.
    """
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    rate, momentum = config.learning_rate, config.momentum
    if config.optimizer == "muon":
        groups[0]["params"] = decayed[-1:]
        return Muon(decayed[:-1], groups, rate, momentum)
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            groups, lr=rate, momentum=momentum, nesterov=momentum > 0, fused=True
        )
    kind = torch.optim.Adam if config.optimizer == "adam" else torch.optim.AdamW
    return kind(groups, lr=rate, betas=(momentum, 0.99), fused=True)


def states_after_a_step(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Tensors of the shapes and types that an optimizer keeps, under the names of its state.

    A name is the number of a parameter, a dot, and what is kept of it: "0.exp_avg".
    """
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    states: dict[str, Tensor] = {}
    for index, parameter in enumerate(parameters):
        if isinstance(optimizer, torch.optim.Adam):
            states[f"{index}.step"] = torch.zeros(())
            states[f"{index}.exp_avg"] = states[f"{index}.exp_avg_sq"] = parameter
        elif optimizer.defaults["momentum"]:
            states[f"{index}.momentum_buffer"] = parameter
    return states


def states_of(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What an optimizer keeps, by the names of `states_after_a_step`."""
    return {
        f"{index}.{key}": value
        for index, state in optimizer.state_dict()["state"].items()
        for key, value in state.items()
        if value is not None
    }


def restore_states(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Let an optimizer continue from its states, by the names of `states_after_a_step`."""
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, _, key = name.partition(".")
        states.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})
    for parameter, state in optimizer.state.items():
        for key, value in state.items():
            if value.shape == parameter.shape:
                # Fused steps want a weight and its averages laid out alike in memory.
                state[key] = torch.empty_like(parameter).copy_(value)


class AveragedWeights:
    """An exponential moving average of weights and of normalisations' statistics.

    The average of the last steps lies nearer to the middle of a valley than any of them (Polyak
    and Juditsky 1992; Izmailov and others 2018, arXiv 1803.05407), so that a network is good long
    before its learning rate is small.

    Args:
        network: whose weights are averaged; the average begins as a copy of it.
        steps: over about how many, at least 1.

    Attributes:
        network: with the average as its weights.
    """

    def __init__(self, network: nn.Module, steps: int) -> None:
        self.network = copy.deepcopy(network).requires_grad_(requires_grad=False)
        self._steps = steps
        # Steps and loading change these tensors in place; looking them up takes longer than a step
        # of the average.
        pairs = list(
            zip(self.network.state_dict().values(), network.state_dict().values(), strict=True)
        )
        averaged = [pair for pair in pairs if pair[0].is_floating_point()]
        self._own, self._other = [own for own, _ in averaged], [other for _, other in averaged]
        counts = [pair for pair in pairs if not pair[0].is_floating_point()]
        self._own_counts, self._other_counts = (
            [own for own, _ in counts],
            [other for _, other in counts],
        )

    def update(self, step: int) -> None:
        """Take in the weights after a step.

        Args:
            step: how many were taken in before.
        """
        keep = min(1 - 1 / self._steps, step / (step + _WARM_UP))
        with torch.no_grad():
            # The public ways are a call for each weight.
            torch._foreach_lerp_(self._own, self._other, 1 - keep)
            if self._own_counts:
                torch._foreach_copy_(self._own_counts, self._other_counts)
