"""Two programs for comparison: a public one-epoch recipe, and the tutorial's own loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from digitpad.recognition.networks import build_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

_BATCH = 256
MEAN, STD = 0.1307, 0.3081


def public_recipe(glyphs: Tensor, labels: Tensor, seed: int) -> tuple[nn.Module, float]:
    """Train the public recipe for one epoch: a small network, Adam with one cycle, no augmentation.

    Data in memory and channels last, as fast as its settings allow.

    Args:
        glyphs: uint8 (n, 28, 28).
        labels: int64 (n,).
        seed: of weights and order.

    Returns:
        The network in evaluation mode, and the seconds from its first step to its last.
    """
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Conv2d(1, 24, 5),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Conv2d(24, 32, 3),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * 5 * 5, 256),
        nn.ReLU(),
        nn.Linear(256, 10),
    ).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2, betas=(0.7, 0.9), fused=True)
    steps = -(-len(labels) // _BATCH)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=1e-2, total_steps=steps, cycle_momentum=False
    )
    began = time.perf_counter()
    for index in torch.split(torch.randperm(len(labels)), _BATCH):
        levels = glyphs[index].unsqueeze(1).float().div_(255).sub_(MEAN).div_(STD)
        loss = functional.cross_entropy(
            network(levels.contiguous(memory_format=torch.channels_last)), labels[index]
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        cycle.step()
    seconds = time.perf_counter() - began
    return network.eval(), seconds


def tutorial_program(batches: Iterable[tuple[Tensor, Tensor]], warm_up: int, steps: int) -> float:
    """The tutorial's training loop over a DataLoader: its ConvNet, SGD with momentum.

    Args:
        batches: inputs (n, 1, 28, 28) and labels (n,), made by transforms while they are asked for.
        warm_up: steps before the clock starts.
        steps: how many to take after them.

    Returns:
        Glyphs a second.
    """
    torch.manual_seed(0)
    network = build_network("tutorial-convnet", 10, {"dropout": 0.5}).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    count = 0
    began = 0.0
    for step, (inputs, targets) in enumerate(batches):
        optimizer.zero_grad()
        loss = criterion(network(inputs), targets)
        loss.backward()
        optimizer.step()
        loss.item()
        if step >= warm_up:
            count += len(targets)
        if step == warm_up - 1:
            began = time.perf_counter()
        if step == warm_up + steps - 1:
            break
    return count / (time.perf_counter() - began)
