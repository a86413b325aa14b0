"""The training loop beside the tutorial's program, its own arithmetic, and the machine's."""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from digitpad.learning.config import Augmentation
from digitpad.learning.data import GlyphSet, Source, TrainingData
from digitpad.learning.events import BatchDone
from digitpad.learning.loop import Training
from digitpad.learning.presets import PRESETS
from digitpad.learning.steps import initialise, loss_of, make_optimizer
from digitpad.learning.synthetic import synthetic_digits
from digitpad.recognition.networks import build_network, multiply_adds
from training.benchmarks.public_recipe import MEAN, STD, tutorial_program
from training.data import DIGITS, mnist

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from torch import Tensor

    from digitpad.learning.config import TrainingConfig

ROUNDS = 5
STEPS = 60
_WARM_UP = 5
_BATCH = 64
_MADE_UP = 10_000
_SIDE = 1024


def measure(data: Path | None) -> dict[str, Any]:
    """Rates in glyphs a second, medians over interleaved rounds, and what a step is made of."""
    # The module that makes torchvision importable beside this torch comes first.
    import digitpad.learning.sets.torchvision_import  # noqa: F401

    # isort: split
    from torchvision import transforms

    glyphs = _glyphs(data)
    figures: dict[str, Any] = {"threads": torch.get_num_threads()}
    tutorial = replace(PRESETS["tutorial"].config, batch_size=_BATCH, epochs=100)
    plain = [transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))]
    changes = [
        transforms.RandomRotation(10),
        transforms.RandomAffine(0, translate=(0.07, 0.07), scale=(0.9, 1.1)),
    ]
    for title, steps, augmentation in (
        ("without augmentation", plain, Augmentation()),
        ("with augmentation", [*changes, *plain], tutorial.augmentation),
    ):
        config = replace(tutorial, augmentation=augmentation)
        pictures = _Pictures(glyphs, transforms.Compose(steps))
        ours, theirs = [], []
        for _ in range(ROUNDS):
            loader = torch.utils.data.DataLoader(pictures, batch_size=_BATCH, shuffle=True)
            theirs.append(tutorial_program(loader, STEPS))
            ours.append(_rate(config, glyphs))
        figures[f"the loop, {title} (glyphs/s)"] = statistics.median(ours)
        figures[f"the tutorial's program, {title} (glyphs/s)"] = statistics.median(theirs)
        figures[f"ratio, {title}"] = statistics.median(ours) / statistics.median(theirs)
    for name in ("tutorial", "quick"):
        config = replace(PRESETS[name].config, epochs=100)
        figures |= _parts(name, config, glyphs)
    figures["the machine's matrix product (GFLOP/s)"] = _matrix_product()
    return figures


class _Pictures(torch.utils.data.Dataset[tuple[Any, int]]):
    """Pictures and labels one by one, as torchvision's MNIST gives them."""

    def __init__(self, data: GlyphSet, transform: Any) -> None:
        self._data = data
        self._transform = transform

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        from PIL import Image

        picture = Image.fromarray(self._data.glyphs[index].numpy(), mode=None)
        return self._transform(picture), int(self._data.labels[index])


def _glyphs(data: Path | None) -> GlyphSet:
    if data is not None:
        return mnist(data, "train")
    parts = list(synthetic_digits(_MADE_UP, 0))
    return GlyphSet.of(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def _events(config: TrainingConfig, glyphs: GlyphSet) -> Iterator[BatchDone]:
    training = Training(config, TrainingData(DIGITS, (Source(glyphs),)))
    batches = (event for event in training if isinstance(event, BatchDone))
    yield from itertools.islice(batches, _WARM_UP + STEPS)


def _rate(config: TrainingConfig, glyphs: GlyphSet) -> float:
    """Glyphs a second of the loop, what happens between its events included."""
    events = _events(config, glyphs)
    next(itertools.islice(events, _WARM_UP - 1, None))
    began = time.perf_counter()
    count = sum(event.glyphs for event in events)
    return count / (time.perf_counter() - began)


def _parts(name: str, config: TrainingConfig, glyphs: GlyphSet) -> dict[str, Any]:
    """What the arithmetic alone takes of a step, on batches that are made beforehand."""
    network = build_network(config.architecture, len(DIGITS), config.options)
    flops = 3 * 2 * multiply_adds(network)  # forward, and twice as much backward
    loop, bare = [], []
    for _ in range(ROUNDS):
        loop.append(_rate(config, glyphs))
        bare.append(_bare(config, glyphs))
    rate, alone = statistics.median(loop), statistics.median(bare)
    return {
        f"{name}: the loop (glyphs/s)": rate,
        f"{name}: forward, backward and optimizer alone (glyphs/s)": alone,
        f"{name}: share of a step outside of these": 1 - rate / alone,
        f"{name}: training (GFLOP/s)": flops * rate / 1e9,
    }


def _bare(config: TrainingConfig, glyphs: GlyphSet) -> float:
    network = build_network(config.architecture, len(DIGITS), config.options)
    initialise(network, config.initialisation)
    network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimizer = make_optimizer(network, config)
    size = config.batch_size
    batches: list[tuple[Tensor, Tensor]] = []
    for step in range(_WARM_UP + STEPS):
        part = slice(step * size, (step + 1) * size)
        levels = glyphs.glyphs[part].unsqueeze(1).float().div_(255).sub_(MEAN).div_(STD)
        inputs = levels.contiguous(memory_format=torch.channels_last)
        batches.append((inputs, glyphs.labels[part]))
    count = 0
    began = 0.0
    for step, (inputs, targets) in enumerate(batches):
        if step == _WARM_UP:
            began = time.perf_counter()
        loss = loss_of(network(inputs), targets, config)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        count += len(targets) if step >= _WARM_UP else 0
    return count / (time.perf_counter() - began)


def _matrix_product() -> float:
    one, other = torch.rand(_SIDE, _SIDE), torch.rand(_SIDE, _SIDE)
    seconds = []
    for _ in range(4 * ROUNDS):
        began = time.perf_counter()
        torch.mm(one, other)
        seconds.append(time.perf_counter() - began)
    return 2 * _SIDE**3 / statistics.median(seconds) / 1e9
