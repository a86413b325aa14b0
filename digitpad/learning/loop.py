"""The training loop: a generator of events.

Whoever iterates drives it: not asking for the next event pauses a training, closing the generator
ends it. Everything runs in the calling thread, with that thread's torch thread count.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from digitpad.errors import DigitpadError
from digitpad.learning.augment import augment
from digitpad.learning.data import OUTLIER, GlyphSet, TrainingData
from digitpad.learning.events import BatchDone, EpochDone, Event, Finished, Score, Started
from digitpad.recognition.modelinfo import Normalisation
from digitpad.recognition.networks import build_network, parameter_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from digitpad.learning.config import TrainingConfig

_EVALUATION_BATCH = 500


def train(
    config: TrainingConfig,
    data: TrainingData,
    normalisation: Normalisation | None = None,
) -> Iterator[Event]:
    """Train a new network.

    Args:
        config: what to do.
        data: what to learn from.
        normalisation: of the levels; MNIST's by default.

    Yields:
        Started, then BatchDone for each step and EpochDone after each epoch, then Finished.

    Raises:
        DigitpadError: the data has no glyphs, the network or one of its options is unknown, or
            the loss is no longer a number.
    """
    if data.epoch_size == 0:
        raise DigitpadError("There is nothing to train on: the data has no glyphs.")
    generator = torch.Generator().manual_seed(config.seed)
    # Weights and dropout draw from torch's global state; the caller's is put back at the end.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = build_network(config.architecture, len(data.classes), config.options)
        initialise(network, config.initialisation)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        dropout_state = torch.get_rng_state()
    normalisation = normalisation or Normalisation()
    optimizer = _optimizer(network, config)
    reduced = config.precision == "bfloat16"  # autocast's own choice on a CPU
    batches = math.ceil(data.epoch_size / config.batch_size)
    total = batches * config.epochs
    # The whole pool in one tensor: an epoch is then an order of indices.
    glyphs = torch.cat([source.data.glyphs for source in data.sources]).unsqueeze(1)
    labels = torch.cat([source.data.labels for source in data.sources])
    yield Started(config.epochs, batches, parameter_count(network))

    step = 0
    for epoch in range(1, config.epochs + 1):
        network.train()
        order = _epoch_order(data, generator)
        loss_sum = 0.0
        right = counted = 0
        for batch, start in enumerate(range(0, len(order), config.batch_size), start=1):
            rate, momentum = schedule(config, step / total)
            for group in optimizer.param_groups:
                group["lr"] = rate
                if "betas" in group:
                    group["betas"] = (momentum, group["betas"][1])
                else:
                    group["momentum"] = momentum
            index = order[start : start + config.batch_size]
            levels = augment(glyphs[index].float().div_(255), config.augmentation, generator)
            target = labels[index]
            inputs = levels.sub_(normalisation.mean).div_(normalisation.std)
            with torch.random.fork_rng(devices=[]), torch.autocast("cpu", enabled=reduced):
                torch.set_rng_state(dropout_state)
                logits = network(inputs.contiguous(memory_format=torch.channels_last)).float()
                dropout_state = torch.get_rng_state()
            loss = loss_of(logits, target, config)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step += 1
            value = loss.item()
            if not math.isfinite(value):
                raise DigitpadError(
                    f"Training stopped in epoch {epoch}: the loss is no longer a number. A lower"
                    " learning rate usually helps."
                )
            known = target != OUTLIER
            right += int(((logits.detach().argmax(dim=1) == target) & known).sum())
            counted += int(known.sum())
            loss_sum += value * len(index)
            yield BatchDone(epoch, batch, value, rate)
        yield EpochDone(
            epoch,
            loss_sum / len(order),
            right / counted if counted else 0.0,
            {
                name: measure(network, validation, normalisation)
                for name, validation in data.validation.items()
            },
            network,
        )
    network.eval()
    yield Finished(network)


def measure(network: nn.Module, data: GlyphSet, normalisation: Normalisation) -> Score:
    """Accuracy and cross-entropy of a network on a labelled set, outliers left out.

    The network is left in the mode in which it came. An empty set scores 0 and 0.
    """
    logits = logits_of(network, data.glyphs, normalisation)
    known = data.labels != OUTLIER
    if not known.any():
        return Score(0.0, 0.0)
    logits, labels = logits[known], data.labels[known]
    accuracy = (logits.argmax(dim=1) == labels).double().mean()
    return Score(float(accuracy), float(functional.cross_entropy(logits, labels)))


def logits_of(network: nn.Module, glyphs: Tensor, normalisation: Normalisation) -> Tensor:
    """Logits float32 (n, classes) of uint8 glyphs (n, 28, 28), in evaluation mode.

    They are inference tensors: clone them for anything that autograd takes part in. The network
    is left in the mode in which it came.
    """
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        logits = [
            network(
                part.unsqueeze(1)
                .float()
                .div_(255)
                .sub_(normalisation.mean)
                .div_(normalisation.std)
                .contiguous(memory_format=torch.channels_last)
            )
            for part in torch.split(glyphs, _EVALUATION_BATCH)
        ]
    network.train(was_training)
    return torch.cat(logits)


def loss_of(logits: Tensor, target: Tensor, config: TrainingConfig) -> Tensor:
    """Cross-entropy with label smoothing, and the outlier term.

    An outlier's loss is the cross-entropy between the uniform answer and the network's: least,
    log(classes), where the network prefers no class. Both terms share the batch's size, so that
    a batch without outliers has the plain loss.
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


def schedule(config: TrainingConfig, progress: float) -> tuple[float, float]:
    """Learning rate and momentum at a point of the training.

    Args:
        config: names the schedule.
        progress: share of the training that is done, in [0, 1).
    """
    peak = config.learning_rate
    if config.schedule == "constant":
        return peak, config.momentum
    if config.schedule == "cosine":
        return peak * 0.5 * (1 + math.cos(math.pi * progress)), config.momentum
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


def _epoch_order(data: TrainingData, generator: torch.Generator) -> Tensor:
    """Indices into the pool for one epoch, shuffled."""
    parts = []
    first = 0
    for source in data.sources:
        count = len(source.data)
        parts.append(first + torch.randperm(count, generator=generator)[: source.size])
        first += count
    pool = torch.cat(parts)
    return pool[torch.randperm(len(pool), generator=generator)]


def _optimizer(network: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    rate, momentum = config.learning_rate, config.momentum
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            groups, lr=rate, momentum=momentum, nesterov=momentum > 0, fused=True
        )
    kind = torch.optim.Adam if config.optimizer == "adam" else torch.optim.AdamW
    return kind(groups, lr=rate, betas=(momentum, 0.99), fused=True)
