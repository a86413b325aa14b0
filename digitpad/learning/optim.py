"""The parts of a training step: first weights, loss, schedule, optimizer, EMA of the weights."""

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

    from digitpad.learning.configuration.config import TrainingConfig

_WARM_UP = 9
"""At first the EMA forgets faster: after s steps it covers about the last s / 9."""


def loss_of(logits: Tensor, target: Tensor, config: TrainingConfig) -> Tensor:
    """Mean cross-entropy with label smoothing, in nats, with a term for outliers.

    The loss of an outlier is the cross-entropy between the uniform distribution and the network's.
    It is smallest, log(classes), if the network prefers no class. Both terms are divided by the
    size of the batch, so that a batch without outliers has the usual loss.

    Args:
        logits: (n, classes).
        target: int64 (n,), indices of classes, or OUTLIER.
        config: gives label smoothing and the weight of outliers.
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
    """The mean loss of the glyphs that are no outliers, of which there must be one."""
    return functional.cross_entropy(
        logits, target, ignore_index=OUTLIER, label_smoothing=config.label_smoothing
    ).item()


def schedule(config: TrainingConfig, progress: float) -> tuple[float, float]:
    """Learning rate and momentum at a point of the training.

    Args:
        config: has the schedule.
        progress: share of the steps that are done, in [0, 1).
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
        # The small number prevents rounding to the epoch before.
        falls = int((epochs + 1e-9) / config.step_epochs)
        return peak * config.step_factor**falls, config.momentum
    rise = 0.2
    if progress < rise:
        share = progress / rise
        height = 0.04 + 0.96 * share
    else:
        share = 1 - (progress - rise) / (1 - rise)
        height = share
    # Momentum falls as the rate rises, by at most a tenth (Smith and Topin 2018).
    return peak * height, config.momentum - 0.1 * config.momentum * share


def initialise(network: nn.Module, kind: str) -> None:
    """Draw new weights for convolutions and fully connected layers; biases start at 0.

    Args:
        network: changed in place.
        kind: "xavier" (Glorot and Bengio 2010, uniform), "he" (He and others 2015, normal, fan in,
            for ReLU), or "default", which keeps PyTorch's own.
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
    """Make the optimizer of a network. A fused step needs one pass over the weights.

    Args:
        network: on its device. Weight decay applies neither to biases nor to normalisations.
            Muon turns all weights but the last ones, those of the classifier.
        config: has the optimizer and its settings.
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
    """Tensors with the shapes and dtypes of an optimizer's state after its first step, by name.

    A name is the number of a parameter, a dot, and a part of its state, as in "0.exp_avg".
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
    """The state of an optimizer, by the names of `states_after_a_step`."""
    return {
        f"{index}.{key}": value
        for index, state in optimizer.state_dict()["state"].items()
        for key, value in state.items()
        if value is not None
    }


def restore_states(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Give an optimizer a state, by the names of `states_after_a_step`."""
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, _, key = name.partition(".")
        states.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})
    for parameter, state in optimizer.state.items():
        for key, value in state.items():
            if value.shape == parameter.shape:
                # Fused steps need a parameter and its state in the same memory layout.
                state[key] = torch.empty_like(parameter).copy_(value)


class AveragedWeights:
    """The EMA of the weights and of the statistics of normalisations.

    The mean of the last steps is nearer to the middle of a valley of the loss than each of them
    (Polyak and Juditsky 1992; Izmailov and others 2018, arXiv 1803.05407). So its network is good
    even while the learning rate is large.

    Args:
        network: the network that is trained. The EMA begins as a copy of it.
        steps: about how many steps the EMA covers, at least 1.

    Attributes:
        network: a network with the EMA as its weights.
    """

    def __init__(self, network: nn.Module, steps: int) -> None:
        self.network = copy.deepcopy(network).requires_grad_(requires_grad=False)
        self._steps = steps
        # Steps and loading change these tensors in place. Looking them up each time would take
        # longer than the update itself.
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
        """Update the EMA with the weights after a step.

        Args:
            step: number of updates before.
        """
        keep = min(1 - 1 / self._steps, step / (step + _WARM_UP))
        with torch.no_grad():
            # The public functions would need a call for each weight.
            torch._foreach_lerp_(self._own, self._other, 1 - keep)
            if self._own_counts:
                torch._foreach_copy_(self._own_counts, self._other_counts)
