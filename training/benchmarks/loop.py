"""The training loop beside the tutorial's program, its own arithmetic, and the machine's."""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from digitpad.data.dataset import DIGITS, Dataset, Source, TrainingData
from digitpad.data.synthetic.digits import synthetic_dataset
from digitpad.learning.augmentation.augment import Pool
from digitpad.learning.configuration.config import Augmentation
from digitpad.learning.configuration.presets import PRESETS
from digitpad.learning.devices import freed_memory_kept
from digitpad.learning.events import BatchDone
from digitpad.learning.loop import Training
from digitpad.learning.optim import AveragedWeights, loss_of, make_optimizer
from digitpad.recognition.layers import normalise
from digitpad.recognition.model_info import Normalisation
from digitpad.recognition.networks import build_network, multiply_adds
from training.benchmarks.process import run_part
from training.benchmarks.public_recipe import MEAN, STD, tutorial_program
from training.recipe.data import mnist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digitpad.learning.configuration.config import TrainingConfig

PROGRAMS = tuple(
    f"{who}, {kind}"
    for kind in ("without augmentation", "with augmentation")
    for who in ("the loop", "the tutorial's program")
)
PRESET_NAMES = ("tutorial", "quick")
ROUNDS = 5
STEPS = 100
_TURN = 10
_WARM_UP = 5
_BATCH = 64
_MADE_UP = 10_000
_SIDE = 1024


def measure(data: Path | None) -> dict[str, Any]:
    """Rates in glyphs a second, medians over interleaved rounds, and what a step is made of.

    Each program runs in a process of its own, since the loop changes how memory is handed out.
    """
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for program in PROGRAMS:
            rates.setdefault(program, []).append(_run(program, data)["rate"])
    medians = {program: statistics.median(values) for program, values in rates.items()}
    figures: dict[str, Any] = {
        f"{program} (glyphs/s, median of {ROUNDS})": rate for program, rate in medians.items()
    }
    for kind in ("without augmentation", "with augmentation"):
        ratio = medians[f"the loop, {kind}"] / medians[f"the tutorial's program, {kind}"]
        figures[f"the loop / the tutorial's program, {kind}"] = ratio
    for name in PRESET_NAMES:
        figures |= {f"preset {name}: {key}": value for key, value in _run(name, data).items()}
    figures |= _run("matrix product", data)
    return figures


def _run(program: str, data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = run_part("training.benchmarks.loop", program, data)
    return figures


def _main(program: str, data: Path | None) -> None:
    if program == "matrix product":
        print(json.dumps({"the machine's matrix product (GFLOP/s)": _matrix_product()}))
        return
    glyphs = _glyphs(data)
    if program in PRESET_NAMES:
        print(json.dumps(_parts(replace(PRESETS[program].config, epochs=100), glyphs)))
        return
    who, _, kind = program.partition(", ")
    augmented = kind == "with augmentation"
    if who == "the loop":
        config = replace(PRESETS["tutorial"].config, batch_size=_BATCH, epochs=100)
        if not augmented:
            config = replace(config, augmentation=Augmentation())
        rate = _rate(_events(config, glyphs))
    else:
        rate = tutorial_program(_loader(glyphs, augmented=augmented), _WARM_UP, STEPS)
    print(json.dumps({"rate": rate}))


def _loader(glyphs: Dataset, *, augmented: bool) -> Any:
    """Pictures and their transforms, one by one, as the tutorial has them."""
    # The module that makes torchvision importable beside this torch comes first.
    import digitpad.data.public.torchvision_import  # noqa: F401

    # isort: split
    from torchvision import transforms

    steps = [transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))]
    if augmented:
        steps = [
            transforms.RandomRotation(10),
            transforms.RandomAffine(0, translate=(0.07, 0.07), scale=(0.9, 1.1)),
            *steps,
        ]
    pictures = _Pictures(glyphs, transforms.Compose(steps))
    return torch.utils.data.DataLoader(pictures, batch_size=_BATCH, shuffle=True)


class _Pictures(torch.utils.data.Dataset[tuple[Any, int]]):
    """Pictures and labels one by one, as torchvision's MNIST gives them."""

    def __init__(self, data: Dataset, transform: Any) -> None:
        self._data = data
        self._transform = transform

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        from PIL import Image

        picture = Image.fromarray(self._data.glyphs[index], mode=None)
        return self._transform(picture), int(self._data.labels[index])


def _glyphs(data: Path | None) -> Dataset:
    if data is not None:
        return mnist(data, "train")
    return synthetic_dataset(_MADE_UP, 0)


def _training(config: TrainingConfig, glyphs: Dataset) -> Training:
    return Training(config, TrainingData(DIGITS, (Source(glyphs),)))


def _events(config: TrainingConfig, glyphs: Dataset) -> Iterator[BatchDone]:
    return (e for e in _training(config, glyphs) if isinstance(e, BatchDone))


def _rate(events: Iterator[BatchDone]) -> float:
    """Glyphs a second of the loop, what happens between its events included."""
    next(itertools.islice(events, _WARM_UP - 1, None))
    began = time.perf_counter()
    count = sum(event.glyphs for event in itertools.islice(events, STEPS))
    return count / (time.perf_counter() - began)


class _Stopwatch:
    """Adds up the time between calls, by the name of what was done."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, name: str | None = None) -> None:
        """What has passed since the last call counts for this; without a name for nothing."""
        now = time.perf_counter()
        if name is not None:
            self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now


def _parts(config: TrainingConfig, glyphs: Dataset) -> dict[str, float]:
    """What a step is made of, and the arithmetic that it does.

    The parts are timed outside of the loop, one after the other on batches of its size, by turns
    with steps of the loop; their shares are of the time that the loop takes for a step.
    """
    events, watch = _events(config, glyphs), _Stopwatch()
    parts_of_steps = _parts_of_steps(config, glyphs, watch)
    next(itertools.islice(events, _WARM_UP - 1, None))
    next(itertools.islice(parts_of_steps, _WARM_UP - 1, None))
    watch.seconds.clear()
    whole, count = 0.0, 0
    for _ in range(STEPS // _TURN):
        began = time.perf_counter()
        count += sum(event.glyphs for event in itertools.islice(events, _TURN))
        whole += time.perf_counter() - began
        next(itertools.islice(parts_of_steps, _TURN - 1, None))
    parts = {name: seconds / whole for name, seconds in watch.seconds.items()}
    arithmetic = sum(parts[name] for name in ("forward", "backward", "optimizer"))
    # A multiply-add is two operations; backward takes twice as many as forward.
    operations = 3 * 2 * multiply_adds(build_network(config.architecture, 10, config.options))
    return {
        "rate (glyphs/s)": count / whole,
        "training (GFLOP/s)": operations * count / whole / 1e9,
        **{f"share of {name}": share for name, share in parts.items()},
        "share outside of forward, backward and optimizer": 1 - arithmetic,
    }


def _parts_of_steps(config: TrainingConfig, glyphs: Dataset, watch: _Stopwatch) -> Iterator[None]:
    """Steps without end, put together here without the loop; each part is timed."""
    network = build_network(config.architecture, len(DIGITS), config.options)
    network = network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimizer = make_optimizer(network, config)
    average = AveragedWeights(network, config.ema_steps) if config.ema_steps else None
    generator = torch.Generator().manual_seed(0)
    all_glyphs, labels = glyphs.tensors()
    pool = Pool(all_glyphs.unsqueeze(1), config.augmentation)
    with freed_memory_kept():
        for step in itertools.count():
            index = torch.randint(len(labels), (config.batch_size,), generator=generator)
            target = labels[index]
            watch.lap()
            levels = pool.take(index, generator)
            watch.lap("augmentation")
            inputs = normalise(levels, Normalisation())
            inputs = inputs.contiguous(memory_format=torch.channels_last)
            watch.lap()
            loss = loss_of(network(inputs), target, config)
            watch.lap("forward")
            optimizer.zero_grad(set_to_none=True)
            watch.lap("optimizer")
            loss.backward()  # type: ignore[no-untyped-call]
            watch.lap("backward")
            optimizer.step()
            watch.lap("optimizer")
            if average is not None:
                average.update(step)
                watch.lap("averaging")
            yield


def _matrix_product() -> float:
    one, other = torch.rand(_SIDE, _SIDE), torch.rand(_SIDE, _SIDE)
    seconds = []
    for _ in range(4 * ROUNDS):
        began = time.perf_counter()
        torch.mm(one, other)
        seconds.append(time.perf_counter() - began)
    return 2 * _SIDE**3 / statistics.median(seconds) / 1e9


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
