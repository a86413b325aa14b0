"""Trains the network that rates candidates: `python -m training.numbers.fit --data DIR MODEL`.

The probability of the right divisions among all is made as large as possible (a conditional random
field; Lafferty, McCallum and Pereira 2001), on numbers composed of the digits of the writers for
training, on MNIST's training digits in rows, on single digits, and on what is no digit. Right is
every division of which each part has nearly all ink of a digit, and is read as this digit, as in
graph transformer networks (LeCun, Bottou, Bengio and Haffner 1998): where two digits are parted
does not matter. How a part is read is up to the model and the network together, as it is in the
program.

At first the network learns digits alone, from all candidates that are one beside other ink, in
clusters that can be divided rightly. Views are warped, as other hands might have written them, for
77 hands are few. A network without either read nearly twice as many cut digits wrongly.

It takes about three hours and a half on one core, two thirds of it for the examples.

The weights that are shipped were trained by this loop on these sources, which counted otherwise at
first, with more cycles of the learning rate: the digits had one of 2000 batches that were not
warped, and one of 1500 that were. Of lattices, with the first two sources of photos alone, there
were 3000 batches, then 700 that were not warped, at a third of the rate, and 1900 that were warped
by two fifths as much, at six tenths of it, in which photos counted three times. From a mean of the
weights after these three, 1, 1 and 3 parts (Wortsman and others 2022, arXiv 2203.05482, model
soups), 3300 batches with all photos went on, warped by seven tenths as much, at seven tenths of the
rate. What is shipped is the mean of the weights before and after these, 1 to 1.
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import torch
from safetensors.torch import save
from torch import nn
from torch.nn import functional

from digitpad.data.dataset import DIGITS
from digitpad.errors import DigitpadError
from digitpad.ink.division.views import COLUMNS, LAYERS, ROWS
from digitpad.recognition.division.best import FEATURES
from digitpad.recognition.division.rating import (
    RatingNet,
    levels_of,
    path_of_weights,
    read_by_both,
)
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from digitpad.storage.atomic import write_atomically
from training.numbers.examples import Source
from training.numbers.lattices import UNKNOWN, lattices_of
from training.numbers.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from digitpad.recognition.division.rating import Rated
    from training.numbers.lattices import Lattice

    Floats = NDArray[np.float64]

T = TypeVar("T")
Classes = TypeVar("Classes", "NDArray[Any]", "Tensor")

SOURCES = (
    Source("close photos", 7021, 700),
    Source("close photos", 7022, 700),
    Source("close photos", 7023, 800, weight=2),
    Source("close photos", 7024, 800, weight=2),
    Source("close photos", 7031, 700, weight=2),
    Source("close photos", 7032, 700, weight=2),
    *(
        Source("close photos", seed, 280, weight=2)
        for seed in (*range(7100, 7104), *range(7200, 7204))
    ),
    Source("close scans", 7011, 1250),
    Source("close scans", 7012, 1250),
    Source("joined", 8011, 1250, weight=2),
    Source("joined", 8012, 1250, weight=2),
    Source("close", 8001, 2500),
    Source("close", 8002, 2500),
    Source("close rows", 7001, 1500),
    Source("close rows", 7005, 1500),
    Source("numbers", 8031, 2000),
    Source("begun", 8051, 2000),
    Source("singles", 0, 12_000),
    Source("around", 8021, 3000),
    Source("strange", 8041, 5300),
    Source("alone", 7003, 1000),
    Source("rows", 7002, 600, weight=2),
    Source("around", 8022, 2500),
)
"""What is learned from: more digits that touch and are joined than people write, for these are what
is hard. There are many photos because a network that had learned from 1400 was no better on others
of the same hands than on those of hands it did not know: photos were missing, not hands."""

_STEPS = 3000

_BATCH = 48
"""Lattices in a batch."""

_DIGIT_STEPS, _DIGITS = 3500, 256
"""Batches of digits that are learned from before, and digits in one."""

_WARP = (0.08, 0.06, 0.15, 0.05, 0.03, 0.03)
"""Standard deviations of what is changed about a view: the logarithms of its width and height, its
slant, its turn, and its place as shares of half its columns and rows."""

_BENDS, _BENT = (4, 6), 0.035
"""Rows and columns of points that are moved besides, and by how much, likewise."""

_TOLD = 100
"""Steps after which the mean loss is told."""

_RATE, _DECAY = 2e-3, 0.03
"""The highest learning rate of one cycle, and the decay of matrices of weights."""

_CLASSES_COUNT = 0.7
"""Weight of the losses for classes: of all candidates, and of digits among each other."""

_LONGEST = 2.0
"""Norm of the gradient, at most."""


class Slopes(NamedTuple):
    """Gradients of the sum of losses.

    Attributes:
        parts: float64 (candidates, 3), with respect to what candidates add as each of PARTS.
        read: float64 (candidates,), with respect to the logarithm of how probable it is that each
            is read as what it is.
    """

    parts: Floats
    read: Floats


def loss_of(lattices: Sequence[Lattice], rated: Floats, read: Floats) -> tuple[Floats, Slopes]:
    """Negative log-likelihoods of the right divisions and texts together, and their gradients.

    Args:
        lattices: with right divisions.
        rated: float64 (candidates of all, 3), what the candidates add as each of PARTS.
        read: float64 (candidates of all,), the logarithm of how probable each is read as what it
            is; 0 for what is not known or no digit.

    Returns:
        float64 (lattices,), and the gradients.
    """
    paths = Paths(lattices)
    is_right = np.concatenate([one.right for one in lattices])
    is_possible = np.zeros_like(is_right)
    for one, place in zip(lattices, paths.places, strict=True):
        is_possible[place.start : place.start + one.parts, :2] = True
        is_possible[place.start + one.parts : place.stop, 2] = True
    of_right = rated.copy()
    of_right[:, 0] += read
    losses, slopes = np.zeros(len(lattices)), []
    for each, allowed, sign in ((rated, is_possible, 1.0), (of_right, is_right, -1.0)):
        some = np.where(allowed, each, -np.inf)
        worth = np.logaddexp.reduce(some, axis=1)
        totals, expected = paths.expected(worth)
        within = np.exp(some - np.where(np.isneginf(worth), 0.0, worth)[:, None])
        slopes.append(sign * within * expected[:, None])
        losses += sign * totals
    return losses, Slopes(slopes[0] + slopes[1], slopes[1][:, 0])


def fit(
    lattices: Sequence[Lattice],
    steps: int = _STEPS,
    digit_steps: int = _DIGIT_STEPS,
    seed: int = 0,
) -> RatingNet:
    """A network that makes the right divisions and texts of lattices as probable as it can.

    Args:
        lattices: those without a right division are passed over.
        steps: batches of lattices that are learned from.
        digit_steps: batches of digits that are learned from before.
        seed: of the first weights, the order and the warps.
    """
    possible = [one for one in lattices if one.is_possible]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    learned = RatingNet(len(FEATURES))
    _learn(learned, _step_of_digits, _batches(_digits_of(possible), _DIGITS, random), digit_steps)
    _learn(learned, _step, _batches(possible, _BATCH, random), steps)
    learned.eval()
    return learned


def _learn(
    learned: RatingNet,
    step: Callable[[RatingNet, list[T]], float],
    batches: Iterator[list[T]],
    steps: int,
) -> None:
    """One cycle of the learning rate; a step makes gradients for a batch and tells its loss."""
    groups = [
        {"params": [one for one in learned.parameters() if one.ndim > 1], "weight_decay": _DECAY},
        {"params": [one for one in learned.parameters() if one.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, _RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATE, total_steps=steps + 1, pct_start=0.15
    )
    learned.train()
    total = 0.0
    for number, batch in enumerate(islice(batches, steps), 1):
        optimizer.zero_grad()
        total += step(learned, batch)
        nn.utils.clip_grad_norm_(learned.parameters(), _LONGEST)
        optimizer.step()
        schedule.step()
        if not number % _TOLD:
            print(f"step {number} of {steps}: {total / _TOLD:.4f}", flush=True)
            total = 0.0


def _batches(items: Sequence[T], size: int, random: np.random.Generator) -> Iterator[list[T]]:
    """Batches of some things without end, each at most once before any comes again."""
    waiting: list[int] = []
    while items:
        if len(waiting) < min(size, len(items)):
            waiting = random.permutation(len(items)).tolist()
        yield [items[i] for i in waiting[:size]]
        del waiting[:size]


def _digits_of(lattices: Sequence[Lattice]) -> list[tuple[Lattice, int]]:
    """Candidates that are digits beside other ink: their lattices, and their numbers there."""
    return [
        (one, number)
        for one in lattices
        for number in np.flatnonzero(
            (one.trust[:, 1] > 0.0) & _is_digit(one.classes[: one.parts])
        ).tolist()
    ]


def _is_digit(classes: Classes) -> Classes:
    """Which candidates are digits, by their classes (see `Lattice`): bool, of the same kind."""
    return (classes >= 0) & (classes < len(DIGITS))


def _step_of_digits(learned: RatingNet, batch: Sequence[tuple[Lattice, int]]) -> float:
    """Gradients for some digits; their mean loss."""
    views = levels_of(np.stack([one.views[number] for one, number in batch]))
    true = torch.from_numpy(np.array([one.classes[number] for one, number in batch]))
    found = learned.digits(learned.look(warped(views, [1] * len(views))))
    loss = functional.cross_entropy(found[:, : len(DIGITS)], true)
    torch.autograd.backward(loss)
    return loss.item()


def warped(views: Tensor, counts: Sequence[int]) -> Tensor:
    """Views as other hands might have written them: leaning, narrower, turned, bent a little.

    Args:
        views: float32 (n, LAYERS, ROWS, COLUMNS).
        counts: how many of them, one group after the other, are changed alike.
    """
    groups = len(counts)
    wide, high, leaning, turned, right, down = (
        torch.randn(groups) * deviation for deviation in _WARP
    )
    affine = torch.zeros(groups, 2, 3)
    affine[:, 0, 0], affine[:, 1, 1] = wide.exp(), high.exp()
    # What is one in both directions is half of the columns, and half of the rows.
    affine[:, 0, 1] = (leaning - turned) * ROWS / COLUMNS
    affine[:, 1, 0] = turned * COLUMNS / ROWS
    affine[:, 0, 2], affine[:, 1, 2] = right, down
    grid = functional.affine_grid(affine, [groups, LAYERS, ROWS, COLUMNS], align_corners=False)
    bent = torch.randn(groups, 2, *_BENDS) * _BENT
    bent = functional.interpolate(bent, (ROWS, COLUMNS), mode="bilinear", align_corners=True)
    of_groups = (grid + bent.permute(0, 2, 3, 1)).repeat_interleave(torch.tensor(counts), 0)
    return functional.grid_sample(views, of_groups, align_corners=False).contiguous(
        memory_format=torch.channels_last
    )


def _step(learned: RatingNet, batch: Sequence[Lattice]) -> float:
    """Gradients for some lattices; their mean loss."""
    views = levels_of(np.concatenate([one.views for one in batch]))
    looks = learned.look(warped(views, [len(one.views) for one in batch]))
    features = torch.from_numpy(np.concatenate([one.features for one in batch])).float()
    rated = learned.rate(looks, features)
    true = torch.from_numpy(np.concatenate([one.classes for one in batch]))
    # Of all candidates few are digits.
    is_digit = _is_digit(true)
    read = _read(batch, rated, true, is_digit)
    losses, slopes = loss_of(
        batch, rated.parts.detach().double().numpy(), read.detach().double().numpy()
    )
    told = functional.cross_entropy(rated.digits, true, ignore_index=UNKNOWN)
    if is_digit.any():
        told = told + functional.cross_entropy(
            rated.digits[is_digit, : len(DIGITS)], true[is_digit]
        )
    # Has the same gradient as the loss of the divisions.
    each, of_read = (torch.from_numpy(slope / len(batch)).float() for slope in slopes)
    loss = (rated.parts * each).sum() + (read * of_read).sum() + _CLASSES_COUNT * told
    torch.autograd.backward(loss)
    return float(losses.mean())


def _read(batch: Sequence[Lattice], rated: Rated[Tensor], true: Tensor, is_digit: Tensor) -> Tensor:
    """Logarithms of how probable candidates are read as what they are, (candidates,).

    By the model and the network together; 0 for what is no digit.
    """
    own = torch.zeros(len(true), len(DIGITS))
    trust = torch.zeros(len(true), 2)
    at = 0
    for one in batch:
        own[at : at + one.parts] = torch.from_numpy(one.told)
        trust[at : at + one.parts] = torch.from_numpy(one.trust)
        at += len(one.features)
    both = read_by_both(own, rated.digits, trust)
    chosen = both.gather(1, true.clamp(0, len(DIGITS) - 1)[:, None]).squeeze(1)
    return torch.where(is_digit, chosen, torch.zeros(()))


def main(arguments: list[str] | None = None) -> int:
    """Train the network and write it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.numbers.fit", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the examples, for a quick try; 1"
    )
    parser.add_argument("--steps", type=int, default=_STEPS, help=f"{_STEPS}")
    parser.add_argument("--digit-steps", type=int, default=_DIGIT_STEPS, help=f"{_DIGIT_STEPS}")
    parser.add_argument(
        "--into", type=Path, default=path_of_weights(), help="the file that is written"
    )
    parser.add_argument("model", type=Path, metavar="MODEL", help="predicts the candidates")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        recognizer = Recognizer(load_model(chosen.model))
        lattices: list[Lattice] = []
        for source in SOURCES:
            mine = list(lattices_of(source.examples(chosen.data, chosen.share), recognizer))
            missing = sum(not one.is_possible for one in mine)
            print(f"{source.kind}: {len(mine)} with a choice, {missing} without a right one")
            lattices += mine * source.weight
        network = fit(lattices, chosen.steps, chosen.digit_steps)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    write_atomically(chosen.into, save(weights))
    return 0


if __name__ == "__main__":
    sys.exit(main())
