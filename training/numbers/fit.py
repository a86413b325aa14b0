"""Trains the network that rates candidates: `python -m training.numbers.fit --data DIR MODEL`.

The probability of the right divisions among all is made as large as possible (a conditional random
field; Lafferty, McCallum and Pereira 2001), on numbers composed of the digits of the writers for
training, on MNIST's training digits in rows, on single digits, and on what is no digit. Right is
every division that reads right, as in graph transformer networks (LeCun, Bottou, Bengio and Haffner
1998): where two digits are parted does not matter. Beside that the network learns to tell what
class a candidate is of, or that it is no whole symbol; what it needs for this alone is not kept.

It takes two hours on one core, most of it for the examples.

The weights that are shipped were trained by this loop in three cycles, while examples were added.
The first one was ended after a third of eight epochs. The second one, four and a half epochs, added
the begun numbers, the single digits and the last scans; the third one, two epochs at half the rate,
the second lots of strange drawings and of what is around numbers, and took rows and plain numbers
twice. What is shipped is the mean of the weights that these two ended with (Wortsman and others
2022, arXiv 2203.05482, model soups). One cycle of everything, as this module trains, has not been
measured.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save
from torch import nn
from torch.nn import functional

from digitpad.errors import DigitpadError
from digitpad.recognition.division.best import FEATURES
from digitpad.recognition.division.rating import SEEN, RatingNet, levels_of, path_of_weights
from digitpad.recognition.model_file import load_model
from digitpad.recognition.recognizer import Recognizer
from digitpad.storage.atomic import write_atomically
from training.numbers.examples import Source
from training.numbers.lattices import CLASSES, UNKNOWN, lattices_of
from training.numbers.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from training.numbers.lattices import Lattice

    Floats = NDArray[np.float64]

SOURCES = (
    Source("close rows", 7001, 3000),
    Source("close scans", 7011, 1250),
    Source("close scans", 7012, 1250),
    Source("close scans", 7013, 1500),
    Source("close photos", 7021, 800, weight=2),
    Source("rows", 7002, 600),
    Source("alone", 7003, 1000),
    Source("close", 8001, 2500),
    Source("close", 8002, 2500),
    Source("joined", 8011, 1250, weight=2),
    Source("joined", 8012, 1250, weight=2),
    Source("numbers", 8031, 2000),
    Source("begun", 8051, 2000),
    Source("singles", 0, 12_000),
    Source("around", 8021, 3000),
    Source("around", 8022, 2500),
    Source("strange", 8041, 800),
    Source("strange", 8042, 4500),
)
"""What is learned from: more digits that touch and are joined than people write, for these are what
is hard."""

_EPOCHS = 6

_BATCH = 48
"""Lattices in a batch."""

_RATE, _DECAY = 2e-3, 0.03
"""The highest learning rate of one cycle, and the decay of matrices of weights."""

_CLASSES_COUNT = 0.3
"""Weight of the loss for classes."""

_LONGEST = 2.0
"""Norm of the gradient, at most."""


def loss_of(lattices: Sequence[Lattice], rated: Floats) -> tuple[Floats, Floats]:
    """Negative log-likelihoods of the right divisions together, and the gradient of their sum.

    Args:
        lattices: with right divisions.
        rated: float64 (candidates of all, 3), what the candidates add as each of PARTS.

    Returns:
        float64 (lattices,), and float64 like `rated`.
    """
    paths = Paths(lattices)
    is_right = np.concatenate([one.right for one in lattices])
    is_possible = np.zeros_like(is_right)
    for one, place in zip(lattices, paths.places, strict=True):
        is_possible[place.start : place.start + one.parts, :2] = True
        is_possible[place.start + one.parts : place.stop, 2] = True
    slopes, losses = np.zeros_like(rated), np.zeros(len(lattices))
    for allowed, sign in ((is_possible, 1.0), (is_right, -1.0)):
        some = np.where(allowed, rated, -np.inf)
        worth = np.logaddexp.reduce(some, axis=1)
        totals, expected = paths.expected(worth)
        within = np.exp(some - np.where(np.isneginf(worth), 0.0, worth)[:, None])
        slopes += sign * within * expected[:, None]
        losses += sign * totals
    return losses, slopes


class _Learned(nn.Module):
    """What is trained: the network that rates, and a layer that tells classes."""

    def __init__(self) -> None:
        super().__init__()
        self.net = RatingNet(len(FEATURES))
        self.classes = nn.Linear(SEEN, CLASSES)

    def forward(self, views: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Ratings (n, 3) and logits of classes (n, CLASSES)."""
        looks = self.net.look(views)
        return self.net.rate(looks, features), self.classes(looks)


def fit(lattices: Sequence[Lattice], epochs: int = _EPOCHS, seed: int = 0) -> RatingNet:
    """A network that makes the right divisions of lattices as probable as it can.

    Args:
        lattices: those without a right division are passed over.
        epochs: how often each is learned from.
        seed: of the first weights and the order.
    """
    possible = [one for one in lattices if one.is_possible]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    learned = _Learned()
    groups = [
        {"params": [one for one in learned.parameters() if one.ndim > 1], "weight_decay": _DECAY},
        {"params": [one for one in learned.parameters() if one.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, _RATE)
    per_epoch = max(len(possible) // _BATCH, 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _RATE, total_steps=epochs * per_epoch + 1, pct_start=0.15
    )
    learned.train()
    for epoch in range(epochs):
        total = 0.0
        for some in np.array_split(random.permutation(len(possible)), per_epoch):
            batch = [possible[i] for i in some.tolist()]
            # By a pixel at most, so that no pixel is learned by heart.
            shift = random.integers(-1, 2, 2).tolist()
            optimizer.zero_grad()
            total += _step(learned, batch, shift)
            nn.utils.clip_grad_norm_(learned.parameters(), _LONGEST)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: {total / per_epoch:.4f}", flush=True)
    learned.eval()
    return learned.net


def _step(learned: _Learned, batch: Sequence[Lattice], shift: list[int]) -> float:
    """Gradients for some lattices; their mean loss."""
    views = levels_of(np.concatenate([one.views for one in batch])).roll(shift, (2, 3))
    features = torch.from_numpy(np.concatenate([one.features for one in batch])).float()
    rated, classes = learned(views, features)
    losses, slopes = loss_of(batch, rated.detach().double().numpy())
    true = torch.from_numpy(np.concatenate([one.classes for one in batch]))
    told = functional.cross_entropy(classes, true, ignore_index=UNKNOWN)
    # Has the same gradient as the loss of the divisions.
    same = (rated * torch.from_numpy(slopes / len(batch)).float()).sum()
    (same + _CLASSES_COUNT * told).backward()
    return float(losses.mean())


def main(arguments: list[str] | None = None) -> int:
    """Train the network and write it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.numbers.fit", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/ and pen/")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the examples, for a quick try; 1"
    )
    parser.add_argument("--epochs", type=int, default=_EPOCHS, help=f"{_EPOCHS}")
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
        network = fit(lattices, chosen.epochs)
    except DigitpadError as error:
        print(error, file=sys.stderr)
        return 2
    weights = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    write_atomically(chosen.into, save(weights))
    return 0


if __name__ == "__main__":
    sys.exit(main())
